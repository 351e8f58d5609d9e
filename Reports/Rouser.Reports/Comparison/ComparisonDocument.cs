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
                        : "The same in every epoch of every seed."
                )
            );
        }
        else
        {
            blocks.AddRange(Measure.All(comparison).Select(m => new TableBlock(Results(comparison, m))));
            blocks.Add(new Paragraph(DifferenceRule.Words));
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
        return $"Before: {c.Before.Folder} ({c.Before.Model.Run.SweepName}). After: {c.After.Folder} ({c.After.Model.Run.SweepName}). "
            + $"{rows} (study, arm and setting) in both, {same} of them with the same numbers in every epoch; "
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
        new(
            "conditions",
            "Conditions that differ; all others are the same.",
            [
                new("what", "what", ColumnKind.RowHeader),
                new("before", "before", ColumnKind.Text),
                new("after", "after", ColumnKind.Text),
            ],
            [
                .. c.Conditions.Select(
                    IReadOnlyList<ReportCell> (change) => [new(change.What), new(change.Before), new(change.After)]
                ),
            ],
            []
        );

    private static ReportTable Parameters(RunComparison c) =>
        new(
            "parameters",
            "Parameters that differ in rows of the same study, arm and setting, and in how many of them.",
            [
                new("parameter", "parameter", ColumnKind.RowHeader),
                new("before", "before", ColumnKind.Text),
                new("after", "after", ColumnKind.Text),
                new("rows", "rows", ColumnKind.Number),
            ],
            [
                .. c.Parameters.Select(
                    IReadOnlyList<ReportCell> (p) => [new(p.Name), new(p.Before), new(p.After), ReportCell.Whole(p.Rows)]
                ),
            ],
            []
        );

    private static ReportTable Results(RunComparison c, Measure measure)
    {
        Footnotes notes = new();
        (string values, string differences) = measure.Unit;
        string key = measure.Id.Replace('-', '_');
        List<ReportColumn> columns =
        [
            new("study", "study", ColumnKind.RowHeader),
            .. StudyTables.Headers,
            new($"before{Unit(values)}", $"before_{key}", ColumnKind.Estimate),
            new($"after{Unit(values)}", $"after_{key}", ColumnKind.Estimate),
            new($"difference{Unit(differences)}", "difference", ColumnKind.Estimate),
            new("probability of increase", "probability_of_increase", ColumnKind.Estimate),
            new("by the rule", "verdict", ColumnKind.Text),
        ];
        List<IReadOnlyList<ReportCell>> rows =
        [
            .. c.Changed.Select(
                IReadOnlyList<ReportCell> (pair) =>
                    [
                        new(pair.Before.Study),
                        .. StudyTables.RowHeader(pair.Before),
                        notes.Cell(pair.Before, measure.Value, 1, measure.Decimals),
                        notes.Cell(pair.After, measure.Value, 1, measure.Decimals),
                        pair.Difference(measure) is { } d
                            ? ReportCell.Of(d, measure.Decimals, NumberStyle.Signed).From(pair.Before, pair.After)
                            : ReportCell.None,
                        pair.Improvement(measure) is { } i ? ReportCell.Of(i, 2).From(pair.Before, pair.After) : ReportCell.None,
                        new(Words(pair.Difference(measure))),
                    ]
            ),
        ];
        return new ReportTable(
            $"changes-{measure.Id}",
            $"Rows with other numbers: {measure.Name}. After minus before, paired by seed, with its 95 % "
                + "interval; the probability of increase takes all pairs of seeds (0.5: neither).",
            columns,
            rows,
            notes.Texts
        )
        {
            GroupsRows = true,
        };
    }

    private static string Unit(string unit) => unit.Length == 0 ? "" : $", {unit}";

    /// <summary>The verdict in words that claim no more than the rule.</summary>
    internal static string Words(Estimate? difference) =>
        DifferenceRule.Decide(difference) switch
        {
            _ when difference is { Interval: IntervalKind.NoSpread, Value: 0 } => "the same",
            Verdict.Higher => "higher",
            Verdict.Lower => "lower",
            Verdict.Undecided => "no difference shown",
            Verdict.OneSeed => "one seed, no conclusion",
            Verdict.NoSpread => "same in every seed, no conclusion",
            _ => "not compared (seeds missing)",
        };

    private static ReportTable OneSided(RunComparison c) =>
        new(
            "one-sided",
            "Rows that only one of the runs has.",
            [
                new("run", "run", ColumnKind.RowHeader),
                new("study", "study", ColumnKind.Text),
                new("setting", "setting", ColumnKind.Text),
                new("arm", "arm", ColumnKind.Text),
                new("seeds", "seeds", ColumnKind.Number),
            ],
            [.. c.OnlyBefore.Select(r => Row("before", r)), .. c.OnlyAfter.Select(r => Row("after", r))],
            []
        );

    private static IReadOnlyList<ReportCell> Row(string run, ResultRow row) =>
        [new(run), new(row.Study), new(SettingLabel.Short(row.Setting)), new(row.Arm), ReportCell.Whole(row.Replicates.Count)];
}
