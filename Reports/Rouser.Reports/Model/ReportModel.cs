using Rouser.Coordination;
using Rouser.Core;
using Rouser.Data;
using Rouser.Results;
using Rouser.Sweeps;

namespace Rouser.Reports.Model;

/// <summary>
/// What the report says, before it has a form: studies, their rows (arm × setting) and the replicates (seeds) of
/// each. Pure, from the tables alone.
/// </summary>
/// <param name="Run">The run as a whole; of several runs, what they come to together
/// (<see cref="MergedRuns"/>).</param>
/// <param name="Studies">In the sweep's order.</param>
/// <param name="ParameterNames">Every parameter that any trial uses, by name.</param>
public sealed record ReportModel(RunMetadata Run, IReadOnlyList<StudyResults> Studies, IReadOnlyList<string> ParameterNames)
{
    private static readonly TableColumn[] Needed =
    [
        TrialsTable.TrialId,
        TrialsTable.Study,
        TrialsTable.Arm,
        TrialsTable.Setting,
        TrialsTable.Seed,
        TrialsTable.Synthetic,
        TrialsTable.DatasetDigest,
        TrialsTable.Engine,
        TrialsTable.State,
        TrialsTable.Attempt,
        TrialsTable.Worker,
        TrialsTable.ReusedFrom,
        TrialsTable.AssignedAt,
        TrialsTable.EndedAt,
        TrialsTable.Reason,
        TrialsTable.Objective,
        TrialsTable.EffectiveAcs,
        TrialsTable.Tags,
        TrialsTable.Note,
    ];

    /// <summary>
    /// The runs that it comes from, in the order they were named; <see cref="Run"/> is what they come to together.
    /// </summary>
    public IReadOnlyList<RunMetadata> Runs { get; init; } = [Run];

    /// <summary>
    /// What the network of each trial says of the test samples, by the identity of the trial; of trials whose
    /// predictions are on record.
    /// </summary>
    public IReadOnlyDictionary<string, SampleOutcomes> Outcomes { get; init; } = new Dictionary<string, SampleOutcomes>();

    /// <summary>How the thresholds of trials are spread; of those that a figure draws at least.</summary>
    public ThresholdHistograms Histograms { get; init; } = ThresholdHistograms.None;

    /// <summary>The command that makes this report again; null if it was not made by one.</summary>
    public string? Command { get; init; }

    /// <summary>
    /// The columns of the layers table that it needs of all trials. With all columns a large sweep takes three times the
    /// memory; <see cref="Histograms"/> can be read for the trials that are drawn.
    /// </summary>
    public static IReadOnlySet<string> LayerColumns { get; } = TrialHistory.LayerColumns.Select(c => c.Name).ToHashSet();

    /// <summary>Every row of every study.</summary>
    public IEnumerable<ResultRow> Rows => Studies.SelectMany(s => s.Rows);

    /// <summary>Every cell of the plan.</summary>
    public IEnumerable<Replicate> Cells => Rows.SelectMany(r => r.Replicates);

    /// <summary>Whether any trial's data is generated.</summary>
    public bool Synthetic => Studies.Any(s => s.Synthetic);

    /// <inheritdoc cref="StudyResults.DataMark"/>
    public string DataMark =>
        DatasetCatalog.DataMarkOf(
            Studies.SelectMany(s => s.Rows).SelectMany(r => r.Replicates).Select(t => (t.DatasetName, t.Synthetic))
        );

    /// <summary>Reads the tables, or says in which file something is wrong.</summary>
    public static Result<ReportModel> From(ResultTables tables)
    {
        if (tables.Trials.RowCount == 0)
            return new UserError(
                "trials.parquet",
                "there are no trials in it, so there is nothing to report; run the sweep first"
            );
        Result<RunMetadata> run = RunMetadata.Read(tables.Trials);
        if (!run.IsOk)
            return Result<ReportModel>.Failed(run.Errors);
        List<UserError> mistakes = [];
        Dictionary<string, TrialHistory> histories = TrialHistory.ReadAll(tables.Epochs, tables.Layers, mistakes);
        List<StudyResults> studies = mistakes.Count > 0 ? [] : ReadStudies(tables.Trials, run.Value, histories, mistakes);
        ThresholdHistograms histograms = ThresholdHistograms.In([tables.Layers], mistakes);
        return mistakes.Count > 0
            ? Result<ReportModel>.Failed(mistakes)
            : new ReportModel(run.Value, studies, [.. TrialsTable.ParametersIn(tables.Trials).Select(c => c.Name)])
            {
                Histograms = histograms,
            };
    }

    private static List<StudyResults> ReadStudies(
        Table table,
        RunMetadata run,
        Dictionary<string, TrialHistory> histories,
        List<UserError> mistakes
    )
    {
        TableRows trials = new(table, Needed, mistakes);
        if (mistakes.Count > 0)
            return [];

        IReadOnlyList<Column> parameters = TrialsTable.ParametersIn(table);
        Dictionary<RowName, List<Replicate>> rows = [];
        List<RowName> order = [];
        for (int i = 0; i < trials.Count; i++)
        {
            if (ReadReplicate(trials, parameters, i, histories, mistakes) is not { } replicate)
                continue;
            RowName name = new(
                trials.Value(TrialsTable.Study, i),
                trials.Value(TrialsTable.Arm, i),
                FormerNames.InSetting(trials.Value(TrialsTable.Setting, i))
            );
            if (!rows.TryGetValue(name, out List<Replicate>? replicates))
            {
                rows[name] = replicates = [];
                order.Add(name);
            }
            if (replicates.Exists(r => r.Seed == replicate.Seed))
                mistakes.Add(
                    new UserError(
                        "trials.parquet",
                        $"study {name.Study}, arm {name.Arm}, setting '{name.Setting}': seed {replicate.Seed} stands "
                            + "twice; report one run at a time"
                    )
                );
            replicates.Add(replicate);
        }
        return StudiesOf(order, run.Studies, run.Arms, run.Report.Colors, name => [.. rows[name].OrderBy(r => r.Seed)]);
    }

    private static Replicate? ReadReplicate(
        TableRows trials,
        IReadOnlyList<Column> parameters,
        int row,
        Dictionary<string, TrialHistory> histories,
        List<UserError> mistakes
    )
    {
        string id = trials.Value(TrialsTable.TrialId, row),
            word = trials.Value(TrialsTable.State, row);
        TrialHistory history = histories.GetValueOrDefault(id) ?? TrialHistory.Empty;
        if (!TrialStateNames.TryParse(word, out TrialState state))
        {
            mistakes.Add(
                new UserError(
                    "trials.parquet",
                    $"trial {id} is in state '{word}', which this version does not know; use the version that wrote the table"
                )
            );
            return null;
        }
        if (state == TrialState.Completed && history.Epochs == 0)
            mistakes.Add(
                new UserError(
                    "epochs.parquet",
                    $"trial {id} is completed but has no epochs; run 'rouser resume' to write the tables again"
                )
            );
        return new Replicate(
            trials.Value(TrialsTable.Seed, row),
            id,
            state,
            trials.Value(TrialsTable.Attempt, row),
            trials.Find(TrialsTable.Reason, row),
            trials.Value(TrialsTable.Synthetic, row),
            trials.Value(TrialsTable.DatasetDigest, row),
            trials.Value(TrialsTable.Engine, row),
            trials.Find(TrialsTable.Worker, row),
            trials.Find(TrialsTable.ReusedFrom, row),
            trials.Find(TrialsTable.AssignedAt, row),
            trials.Find(TrialsTable.EndedAt, row),
            trials.Find(TrialsTable.Objective, row),
            TrialsTable.ReadParameters(parameters, row),
            history
        )
        {
            EffectiveAcs = trials.Find(TrialsTable.EffectiveAcs, row),
            // Another program may have written anything.
            Annotation = Annotation.None.With(
                new AnnotationChange(
                    trials.Find(TrialsTable.Note, row),
                    AnnotationText.Split(trials.Find(TrialsTable.Tags, row)),
                    []
                )
            ),
        };
    }

    /// <summary>
    /// Rows as studies: studies in the run's order, in each the settings in the rows' order, in each of these the arms
    /// in the run's order. A name that the run lacks comes last; sorting is stable, so the rows' order decides between
    /// several.
    /// </summary>
    internal static List<StudyResults> StudiesOf(
        IEnumerable<RowName> names,
        IReadOnlyList<string> studies,
        IReadOnlyList<string> arms,
        IReadOnlyList<string> colors,
        Func<RowName, IReadOnlyList<Replicate>> replicates
    )
    {
        return
        [
            .. names
                .GroupBy(n => n.Study)
                .OrderBy(g => Place(studies, g.Key))
                .Select(g => new StudyResults(g.Key, [.. g.GroupBy(n => n.Setting).SelectMany(AtSetting)])
                {
                    ArmsOfSweep = arms,
                    ColorsOfSweep = colors,
                }),
        ];

        IEnumerable<ResultRow> AtSetting(IEnumerable<RowName> own) =>
            own.OrderBy(n => Place(arms, n.Arm)).Select(n => new ResultRow(n.Study, n.Arm, n.Setting, replicates(n)));

        static int Place(IReadOnlyList<string> known, string name) => known.TakeWhile(k => k != name).Count();
    }
}

/// <summary>What tells a row from others.</summary>
internal readonly record struct RowName(string Study, string Arm, string Setting)
{
    /// <summary>The name of a row.</summary>
    public static RowName Of(ResultRow row) => new(row.Study, row.Arm, row.Setting);

    /// <inheritdoc/>
    public override string ToString() => $"{Study}/{Arm}{(Setting.Length == 0 ? "" : $" at {Setting}")}";
}
