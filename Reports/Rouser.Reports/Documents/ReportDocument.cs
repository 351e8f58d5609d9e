using Rouser.Coordination;
using Rouser.Data;
using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Reports.Tables;
using Rouser.Results;
using Rouser.Sweeps;

namespace Rouser.Reports.Documents;

/// <summary>Puts the report together: the answers first, then study by study, then what it rests on, and the rules at the end.</summary>
internal static class ReportDocument
{
    private const int MostRunsNamed = 5;

    /// <summary>The whole report.</summary>
    /// <param name="model">What it says.</param>
    /// <param name="published">Published results that it sets the run beside.</param>
    public static Document Build(ReportModel model, params IReadOnlyList<IPublishedResults> published) =>
        Build(model, null, published);

    /// <summary>The whole report, telling how far it is.</summary>
    /// <param name="model">What it says.</param>
    /// <param name="watch">Is told what is being done, how much of it is done, and of how much; null for nobody.</param>
    /// <param name="published">Published results that it sets the run beside.</param>
    public static Document Build(
        ReportModel model,
        Action<string, int, int>? watch,
        params IReadOnlyList<IPublishedResults> published
    )
    {
        List<Block> blocks = [];
        if (model.Synthetic)
            blocks.Add(new Warning(SyntheticWarning(model)));
        AddNotes(blocks, model);
        AddAnswer(blocks, model);
        // What the run says of published results stands after its own studies, of which it names the figures.
        List<StudyFigure> figures = [];
        int done = 0;
        foreach (StudyResults study in model.Studies)
        {
            blocks.AddRange(StudySection.Build(model, study, published, figures, Step));
        }
        PublishedSection[] sections = [.. published.Select(p => p.Section(model)).OfType<PublishedSection>()];
        foreach (PublishedSection section in sections)
            blocks.AddRange(section.Blocks(figures));
        AddTrials(blocks, model);
        AddData(blocks, model);
        blocks.Add(new Heading(2, "plan", "Plan and environment"));
        blocks.Add(new TableBlock(EnvironmentTable.Build(model)));
        blocks.Add(new Heading(2, "reading", "How to read this report"));
        blocks.Add(new Bullets(ReadingNotes.For(model, published), IsLinked: true));
        return new Document($"Report on {model.Run.SweepName}", blocks)
        {
            Pages = [.. sections.SelectMany(s => s.Pages)],
            Files = [.. sections.SelectMany(s => s.Files)],
        };

        void Step() => watch?.Invoke("reporting", ++done, model.Studies.Count * StudySection.Steps);
    }

    // What users wrote to the sweep is the first that a reader should know.
    private static void AddNotes(List<Block> blocks, ReportModel model)
    {
        List<(string Lead, string Text)> items = [];
        foreach (RunMetadata run in model.Runs.Where(r => !r.Annotation.IsEmpty))
        {
            string of = model.Runs.Count > 1 ? $" on {run.SweepName}" : "";
            if (run.Annotation.Note.Length > 0)
                items.Add(($"Note{of}.", AnnotationText.InOneLine(run.Annotation.Note)));
            if (run.Annotation.Tags.Count > 0)
                items.Add(($"Tags{of}.", AnnotationText.Join(run.Annotation.Tags)));
        }
        if (items.Count > 0)
            blocks.Add(new Bullets(items));
    }

    // The answer first: a sentence for each study, the figure that shows it, what failed, and what could be shown at most.
    private static void AddAnswer(List<Block> blocks, ReportModel model)
    {
        blocks.Add(new Heading(2, "answer", "Answer"));
        blocks.Add(new Bullets([.. model.Studies.Select(s => ($"{s.Name}.", StudyAnswer.Sentence(s, model)))]));
        if (AnswerFigure.Build(model) is { } figure)
            blocks.Add(new FigureBlock(figure));
        if (Failed(model) is { Length: > 0 } failed)
            blocks.Add(new Paragraph(failed, ("trials", "The cells without a result.")));
        if (StudyAnswer.Limits(model) is { Length: > 0 } limits)
            blocks.Add(new Paragraph(limits, (Bullets.Anchor("Differences."), "By which rule a difference is called one.")));
        blocks.Add(new Paragraph(Lead(model)));
    }

    private static string Failed(ReportModel model)
    {
        Replicate[] ended = [.. model.Cells.Where(c => c.State.EndedWithoutResult())];
        string reasons = string.Join(
            "; ",
            ended.Select(c => c.Reason?.Trim()).Where(r => !string.IsNullOrEmpty(r)).Distinct().Take(2)
        );
        return ended.Length == 0
            ? ""
            : $"Without a result: {Replicate.CountIncomplete(ended)}{(reasons.Length > 0 ? $" ({reasons})" : "")}.";
    }

    private static string Lead(ReportModel model)
    {
        Replicate[] cells = [.. model.Cells];
        int completed = cells.Count(c => c.IsComplete);
        string states =
            completed == cells.Length ? "all of them completed" : $"{completed} completed, {Replicate.CountIncomplete(cells)}";
        string studies = model.Studies.Count == 1 ? "1 study" : $"{model.Studies.Count} studies";
        MetricSettings metric = model.Run.Metric;
        return $"{studies}, {cells.Length} cells (study × arm × setting × seed), {states}. The sweep "
            + $"{(metric.Maximize ? "maximises" : "minimises")} {metric.Name.Replace('_', ' ')} "
            + $"{EpochChoice.Of(metric).Describe()}.";
    }

    private static string SyntheticWarning(ReportModel model)
    {
        bool all = model.Cells.All(c => c.Synthetic);
        IEnumerable<string> sources = model
            .Cells.Where(c => c.Synthetic)
            .Select(c =>
                DatasetCatalog.MarkOf(c.DatasetName, c.Synthetic) is var mark && c.DatasetName is { } name
                    ? name + mark
                    : "a generator"
            )
            .Distinct();
        string studies = all
            ? "Every number here"
            : $"What is shown of {string.Join(", ", model.Studies.Where(s => s.Synthetic).Select(s => s.Name))}";
        return $"Synthetic data. {studies} comes from samples that a program made, {string.Join(", ", sources)}, not from recordings. It says "
            + "nothing about accuracies published for recorded data.";
    }

    private static void AddTrials(List<Block> blocks, ReportModel model)
    {
        blocks.Add(new Heading(2, "trials", "Trials"));
        blocks.Add(new TableBlock(TrialTables.Counts(model)));
        if (Reused(model) is { } reused)
            blocks.Add(new Paragraph(reused));
        if (TrialTables.WithoutResult(model) is { } missing)
            blocks.Add(new TableBlock(missing));
        if (TrialTables.Annotated(model) is { } annotated)
            blocks.Add(new TableBlock(annotated));
        blocks.Add(new Heading(2, "hyperparameters", "Hyperparameters"));
        blocks.Add(new TableBlock(ParameterTables.Common(model)));
    }

    // Where a number comes from is part of it, though the same trial has the same number in any run.
    private static string? Reused(ReportModel model)
    {
        Replicate[] trials = [.. model.Cells.DistinctBy(c => c.TrialId)];
        (string Run, int Count)[] from =
        [
            .. trials
                .Where(t => t.ReusedFrom is not null)
                .GroupBy(t => t.ReusedFrom!)
                .Select(run => (run.Key, run.Count()))
                .OrderByDescending(run => run.Item2)
                .ThenBy(run => run.Key, StringComparer.Ordinal),
        ];
        if (from.Length == 0)
            return null;
        string more = from.Length > MostRunsNamed ? $", and {from.Length - MostRunsNamed} more runs" : "";
        return $"{from.Sum(run => run.Count)} of {trials.Length} trials were not trained in this run. They were taken from the results "
            + "store, where another run had left the result of the same content: "
            + $"{string.Join(", ", from.Take(MostRunsNamed).Select(run => $"{run.Count} of {run.Run}"))}{more}.";
    }

    private static void AddData(List<Block> blocks, ReportModel model)
    {
        string[] data = [.. model.Runs.SelectMany(r => r.Data).Distinct()];
        if (data.Length == 0)
            return;
        blocks.Add(new Heading(2, "data", "Data"));
        blocks.Add(new Bullets([.. data.Select(line => line.Trim().Split(": ", 2)).Select(parts => (parts[0], parts[^1]))]));
    }
}
