using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Reports.Sensitivity;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Documents;

/// <summary>What a report shows of one study.</summary>
internal sealed class StudySection
{
    private readonly ReportModel _model;
    private readonly StudyResults _study;
    private readonly IReadOnlyList<IPublishedResults> _published;
    private readonly List<StudyFigure> _figures;
    private readonly List<Block> _blocks = [];

    private StudySection(
        ReportModel model,
        StudyResults study,
        IReadOnlyList<IPublishedResults> published,
        List<StudyFigure> figures
    ) => (_model, _study, _published, _figures) = (model, study, published, figures);

    /// <summary>How many steps its making takes.</summary>
    public const int Steps = 5;

    /// <summary>Its blocks.</summary>
    /// <param name="model">The report's model.</param>
    /// <param name="study">One of its studies.</param>
    /// <param name="published">Published results that it is set beside.</param>
    /// <param name="figures">Gets the section's figures.</param>
    /// <param name="step">Is called after each of <see cref="Steps"/> steps.</param>
    public static IReadOnlyList<Block> Build(
        ReportModel model,
        StudyResults study,
        IReadOnlyList<IPublishedResults> published,
        List<StudyFigure> figures,
        Action step
    )
    {
        StudySection section = new(model, study, published, figures);
        section._blocks.Add(new Heading(2, $"study-{study.Slug}", $"Study {study.Label}"));
        if (study.Epochs == 0)
            section._blocks.Add(new Paragraph(StudyAnswer.WithoutResult(study)));
        Action[] parts =
        [
            section.AddComparisons,
            section.AddConvergence,
            section.AddLayers,
            section.AddSensitivity,
            section.AddSettings,
        ];
        foreach (Action part in parts)
        {
            // Without a result there is nothing to say but where each trial stands.
            if (study.Epochs > 0 || part == section.AddSettings)
                part();
            step();
        }
        return section._blocks;
    }

    private void AddComparisons()
    {
        IReadOnlyList<ThresholdComparison> comparisons = ThresholdComparison.In(_study);
        if (comparisons.Count > 0)
        {
            _blocks.Add(
                new Paragraph(
                    ThresholdComparisonTable.Summary(_study, comparisons),
                    (Bullets.Anchor("Differences."), "The rule.")
                )
            );
            AddTable(ThresholdComparisonTable.Build(_study, comparisons));
        }
        AddTable(TunedArmsTable.Build(_study, _model.Run));
        AddTable(OptimismTable.Build(_study, _model.Run));
        AddTable(SampleTables.Differences(_model, _study));
        if (SampleTables.McNemarTests(_model, _study) is { } tests)
            _blocks.Add(new TableBlock(tests, Fold: "McNemar’s test, seed by seed"));
    }

    private void AddConvergence()
    {
        AddHeading("convergence", "Convergence");
        AddTable(ConvergenceTable.Accuracy(_study));
        AddTable(SequentialTable.Build(_study, _model));
        ReportTable overSeeds = SeedsTable.Build(_study, _model.Run);
        AddTable(
            SequentialTable.IsOf(_study, _model)
                ? overSeeds with
                {
                    Caption = overSeeds.Caption + SequentialTable.Warning,
                }
                : overSeeds
        );
        AddTable(ConvergenceTable.EpochsToReach(_study, _model.Run));
        AddFigure(StudyFigures.Accuracy(_study, StudyAnswer.Finding(_study, _model)));
        AddFigure(FixedThresholdFigure.Build(_study));
        AddFigure(OperationsFigure.Build(_study));
    }

    private void AddLayers()
    {
        if (_study.Layers == 0)
            return;
        AddHeading("dead-neurons", "Dead and active neurons");
        PublishedShares[] published = [.. _published.SelectMany(p => p.DeadNeurons(_study))];
        AddTable(DeadNeuronTable.Build(_study, DeadDefinition.WholeEpoch, published));
        AddTable(DeadNeuronTable.Build(_study, DeadDefinition.FirstInput, published));
        AddFigure(StudyFigures.Active(_study));
        AddMechanism();
        AddHeading("layers", "Thresholds, spikes and weights");
        AddFigure(ThresholdFigure.Build(_study));
        AddFigure(ThresholdHistogramFigure.Build(_study, _model.Histograms));
        AddFigure(StudyFigures.SpikeRate(_study));
        AddFigure(StudyFigures.DistanceInitial(_study));
        AddFigure(StudyFigures.DistanceFinal(_study));
    }

    private void AddMechanism()
    {
        Figure? gain = GainFigure.Build(_study);
        ReportTable? parts = MechanismTable.Build(_study);
        if (gain is null && parts is null)
            return;
        AddHeading("mechanism", "What learning the threshold does");
        AddTable(parts);
        AddFigure(gain);
    }

    private void AddSensitivity()
    {
        SensitivityFigures sensitivity = SensitivityFigures.Of(_model, _study);
        if (sensitivity.Figures.Count + sensitivity.Remarks.Count == 0)
            return;
        AddHeading("sensitivity", "What the results depend on");
        foreach (string remark in sensitivity.Remarks)
            _blocks.Add(new Paragraph(remark));
        foreach (Figure figure in sensitivity.Figures)
            AddFigure(figure);
    }

    private void AddSettings()
    {
        AddHeading("settings", "Settings and seeds");
        AddTable(ParameterTables.Varied(_model, _study));
        _blocks.AddRange(ConfusionTable.Build(_model, _study).Select(table => new TableBlock(table, Fold: "Confusion matrix")));
        _blocks.Add(new TableBlock(TrialTables.PerSeed(_study, _model.Run.Report.Reach), Fold: "Seed by seed"));
    }

    private void AddHeading(string id, string text) => _blocks.Add(new Heading(3, $"{id}-{_study.Slug}", text));

    private void AddTable(ReportTable? table)
    {
        if (table is not null)
            _blocks.Add(new TableBlock(table));
    }

    private void AddFigure(Figure? figure)
    {
        if (figure is null)
            return;
        StudyFigure shown = new(_study, figure);
        _figures.Add(shown);
        string remarks = string.Concat(_published.Select(p => p.RemarkOn(shown)));
        _blocks.Add(new FigureBlock(figure with { Caption = figure.Caption + remarks }));
    }
}
