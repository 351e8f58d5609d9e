using Rouser.Reports.Documents;
using Rouser.Reports.Model;
using Rouser.Reports.Statistics;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Comparison;

/// <summary>A comparison of two runs as a document, in the forms of the report.</summary>
internal static class ComparisonDocument
{
    /// <summary>The whole comparison.</summary>
    public static Document Build(RunComparison comparison)
    {
        List<Block> blocks = [];
        if (comparison.Contradictions.Count > 0)
            blocks.Add(new Warning(Warning(comparison)));
        blocks.Add(new Paragraph(Lead(comparison)));
        blocks.Add(new Heading(2, "conditions", "What the runs differ in"));
        if (comparison.Conditions.Count + comparison.Parameters.Count == 0)
            blocks.Add(new Paragraph("In nothing that is recorded."));
        if (comparison.Conditions.Count > 0)
            blocks.Add(new TableBlock(Conditions(comparison)));
        if (comparison.Parameters.Count > 0)
            blocks.Add(new TableBlock(Parameters(comparison)));
        blocks.Add(new Heading(2, "results", "What came out"));
        if (!comparison.Changed.Any())
        {
            blocks.Add(
                new Paragraph(
                    comparison.Rows.Count == 0
                        ? "The runs have no row (study, arm and setting) in common."
                        : "The same in every epoch of every seed that both have."
                )
            );
        }
        else
        {
            blocks.AddRange(Measure.All(comparison).Select(m => new TableBlock(Results(comparison, m))));
            blocks.Add(new Paragraph(DifferenceRule.Statement));
        }
        if (comparison.OnlyBefore.Count + comparison.OnlyAfter.Count > 0)
        {
            blocks.Add(new Heading(2, "one-sided", "What only one of them has"));
            blocks.Add(new TableBlock(OneSided(comparison)));
        }
        return new Document($"{comparison.Before.Folder} and {comparison.After.Folder}", blocks);
    }

    private static string Lead(RunComparison c)
    {
        int same = c.Rows.Count(r => r.IsSame);
        string rows = c.Rows.Count == 1 ? "1 row" : $"{c.Rows.Count} rows";
        int shared = c.Rows.Sum(r => r.SharedSeeds),
            sameSeeds = c.Rows.Sum(r => r.SameSeeds);
        string trainings = shared == 1 ? "1 training" : $"{shared} trainings";
        return $"Before: {c.Before.Folder} ({c.Before.Model.Run.SweepName}). After: {c.After.Folder} ({c.After.Model.Run.SweepName}). "
            + $"{rows} (study, arm and setting) in both, {same} of them with the same numbers in every epoch "
            + $"of every seed that both have ({trainings} of the same row and seed completed in both, {sameSeeds} the same); "
            + $"{c.OnlyBefore.Count} only before, {c.OnlyAfter.Count} only after.";
    }

    private static string Warning(RunComparison c)
    {
        const int most = 3;
        string more = c.Contradictions.Count > most ? $"; and {c.Contradictions.Count - most} more" : "";
        return "Same trial, other results. A trial’s content, data and engine decide its results to the last bit, "
            + "so one of the runs is damaged or its engine is not what it says: "
            + $"{string.Join("; ", c.Contradictions.Take(most))}{more}.";
    }

    private static ReportTable Conditions(RunComparison c) =>
        new TableBuilder<Change>()
            .AddHeader("what", "what", change => change.What)
            .AddText("before", "before", change => change.Before)
            .AddText("after", "after", change => change.After)
            .Build("conditions", "Conditions that differ; all others are the same.", c.Conditions);

    private static ReportTable Parameters(RunComparison c) =>
        new TableBuilder<ParameterChange>()
            .AddHeader("parameter", "parameter", change => change.Name)
            .AddText("before", "before", change => change.Before)
            .AddText("after", "after", change => change.After)
            .AddCount("rows", "rows", change => change.Rows)
            .Build(
                "parameters",
                "Parameters that differ in rows of the same study, arm and setting, and in how many of them.",
                c.Parameters
            );

    private static ReportTable Results(RunComparison c, Measure measure)
    {
        (string values, string differences) = measure.Unit;
        string key = measure.Id.Replace('-', '_');
        TableBuilder<RowPair> table = new();
        return table
            .AddHeader("study", "study", pair => pair.Before.Study)
            .AddHeader("setting", "setting", pair => SettingLabel.Short(pair.Before.Setting))
            .AddHeader("arm", "arm", pair => pair.Before.Arm)
            .AddEstimate($"before{Unit(values)}", $"before_{key}", pair => Mean(pair.Before))
            .AddEstimate($"after{Unit(values)}", $"after_{key}", pair => Mean(pair.After))
            .AddEstimate(
                $"difference{Unit(differences)}",
                "difference",
                pair => ReportCell.Difference(pair.Difference(measure), measure.Decimals, pair.Before, pair.After)
            )
            .AddEstimate("probability of increase", "probability_of_increase", Improvement)
            .AddText("by the rule", "verdict", pair => Describe(pair.Difference(measure)))
            .Build(
                $"changes-{measure.Id}",
                $"Rows with other numbers: {measure.Name}. After minus before, paired by seed, with its 95 % interval; the "
                    + "probability of increase takes all pairs of seeds (0.5: neither).",
                c.Changed,
                groupsRows: true
            );

        ReportCell Mean(ResultRow row) => table.Notes.Cell(row, measure.Value, 1, measure.Decimals);

        ReportCell Improvement(RowPair pair) =>
            pair.Improvement(measure) is { } i
                ? ReportCell.Of(i, 2).From(Pairing.Of(pair.After, pair.Before)!.Sources)
                : ReportCell.None;

        static string Unit(string unit) => unit.Length == 0 ? "" : $", {unit}";
    }

    /// <summary>The verdict in words that claim no more than the rule.</summary>
    internal static string Describe(Estimate? difference) =>
        difference is { Interval: IntervalKind.NoSpread, Value: 0 } ? "the same" : DifferenceRule.Decide(difference).Describe();

    private static ReportTable OneSided(RunComparison c) =>
        new TableBuilder<(string Run, ResultRow Row)>()
            .AddHeader("run", "run", only => only.Run)
            .AddText("study", "study", only => only.Row.Study)
            .AddText("setting", "setting", only => SettingLabel.Short(only.Row.Setting))
            .AddText("arm", "arm", only => only.Row.Arm)
            .AddCount("seeds", "seeds", only => only.Row.Replicates.Count)
            .Build(
                "one-sided",
                "Rows that only one of the runs has.",
                [.. c.OnlyBefore.Select(row => ("before", row)), .. c.OnlyAfter.Select(row => ("after", row))]
            );
}
