using Rouser.Reports.Model;

namespace Rouser.Reports.Tables;

/// <summary>The comparisons of learned with fixed thresholds, and what may be said about them.</summary>
internal static class ThresholdComparisonTable
{
    /// <summary>One row per comparison.</summary>
    public static ReportTable Build(StudyResults study, IReadOnlyList<ThresholdComparison> comparisons)
    {
        Footnotes notes = new();
        List<ReportColumn> columns =
        [
            new("learned", "learned", ColumnKind.RowHeader),
            new("fixed", "fixed", ColumnKind.RowHeader),
            new("learned, %", "learned_test_accuracy_percent", ColumnKind.Estimate),
            new("fixed, %", "fixed_test_accuracy_percent", ColumnKind.Estimate),
            new("difference, points", "difference_points", ColumnKind.Estimate),
            new("by the rule", "verdict", ColumnKind.Text),
        ];
        List<IReadOnlyList<ReportCell>> rows =
        [
            .. comparisons.Select(
                IReadOnlyList<ReportCell> (c) =>
                    [
                        new ReportCell(SettingLabel.Name(c.Learned)),
                        new ReportCell(SettingLabel.Name(c.Fixed)),
                        notes.Cell(c.Learned, h => h.TestAccuracy(h.Epochs), 100, 1),
                        notes.Cell(c.Fixed, h => h.TestAccuracy(h.Epochs), 100, 1),
                        c.Difference is { } d
                            ? ReportCell.Of(d, 1, NumberStyle.Signed).From(c.Learned, c.Fixed)
                            : ReportCell.None,
                        new ReportCell(Words(c.Verdict)),
                    ]
            ),
        ];
        return new ReportTable(
            $"learned-against-fixed-{StudyTables.Slug(study.Name)}",
            $"Learned against fixed thresholds, study {study.Label}: test accuracy after the last epoch. Compared "
                + "are arms and settings that differ in the threshold’s rule and learning rate only; "
                + "differences are paired by seed (same initial weights and batch order), with their 95 % interval.",
            columns,
            rows,
            notes.Texts
        );
    }

    /// <summary>How many of each, in a sentence, with what keeps it from saying more.</summary>
    public static string Summary(StudyResults study, IReadOnlyList<ThresholdComparison> comparisons)
    {
        string counts = string.Join(
            "; ",
            comparisons.GroupBy(c => c.Verdict).OrderBy(g => g.Key).Select(g => $"{Words(g.Key)} in {g.Count()}")
        );
        string text =
            $"Study {study.Label}: a learned threshold against a fixed one, by test accuracy after the last epoch. Of {comparisons.Count} "
            + $"{(comparisons.Count == 1 ? "comparison" : "comparisons")}: {counts}.";
        if (comparisons.Any(c => c.Verdict == Verdict.OneSeed))
            text += " One seed is one draw: it shows that a training can end so, not that it tends to.";
        if (study.Synthetic)
            text += " The data is synthetic: this is about the generator’s samples, not about N-MNIST or any recorded set.";
        return text;
    }

    /// <summary>The verdict in words that claim no more than the rule.</summary>
    public static string Words(Verdict verdict) =>
        verdict switch
        {
            Verdict.Higher => "learned is higher",
            Verdict.Lower => "learned is lower",
            Verdict.Undecided => "no difference shown",
            Verdict.OneSeed => "one seed, no conclusion",
            Verdict.NoSpread => "same in every seed, no conclusion",
            _ => "not compared (seeds missing)",
        };
}
