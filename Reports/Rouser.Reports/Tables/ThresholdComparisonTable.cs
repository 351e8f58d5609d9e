using Rouser.Reports.Model;
using Rouser.Reports.Statistics;

namespace Rouser.Reports.Tables;

/// <summary>The comparisons of learned with fixed thresholds, and what may be said about them.</summary>
internal static class ThresholdComparisonTable
{
    /// <summary>One row per comparison.</summary>
    public static ReportTable Build(StudyResults study, IReadOnlyList<ThresholdComparison> comparisons)
    {
        TableBuilder<ThresholdComparison> table = new();
        return table
            .AddHeader("learned", "learned", c => SettingLabel.Name(c.Learned))
            .AddHeader("fixed", "fixed", c => SettingLabel.Name(c.Fixed))
            .AddEstimate("learned, %", "learned_test_accuracy_percent", c => LastAccuracy(c.Learned))
            .AddEstimate("fixed, %", "fixed_test_accuracy_percent", c => LastAccuracy(c.Fixed))
            .AddEstimate(
                "difference, points",
                "difference_points",
                c => ReportCell.Difference(c.Difference, 1, c.Learned, c.Fixed)
            )
            .Add("sign-flip p", "sign_flip_p", ColumnKind.Number, c => SignFlipP(c, table.Notes))
            .AddText("by the rule", "verdict", c => Describe(c.Verdict))
            .Build(
                $"learned-against-fixed-{study.Slug}",
                $"Learned against fixed thresholds, study {study.Label}: test accuracy after the last epoch. Compared are "
                    + "arms and settings that differ in the threshold’s rule and learning rate only; differences are paired "
                    + "by seed (same initial weights and batch order), with their 95 % interval and, where so many pairs can "
                    + "say anything, the exact two-sided p of the sign-flip test.",
                comparisons
            );

        static ReportCell SignFlipP(ThresholdComparison comparison, Footnotes notes)
        {
            if (Pairing.Of(comparison.Learned, comparison.Fixed) is not { Missing: 0 } pairs)
                return ReportCell.None;
            int n = pairs.Complete.Count;
            if (!SignFlip.CanDecide(n))
                return n > SignFlip.MostPairs
                    ? ReportCell.None
                    : ReportCell.None with
                    {
                        Note = notes.Add(
                            $"Not shown: with {n} {(n == 1 ? "pair" : "pairs")} the exact sign-flip test cannot come below p = "
                                + $"{Format.Exact(SignFlip.LowestP(n))}."
                        ),
                    };
            double p = SignFlip.P([
                .. pairs.Complete.Select(s => s.Own.History.LastTestPercent - s.Other.History.LastTestPercent),
            ]);
            return ReportCell.Number(p, 4).From(pairs.Sources);
        }

        ReportCell LastAccuracy(ResultRow row) => table.Notes.Cell(row, h => h.TestAccuracy(h.Epochs), 100, 1);
    }

    /// <summary>How many of each, in a sentence, with what keeps it from saying more.</summary>
    public static string Summary(StudyResults study, IReadOnlyList<ThresholdComparison> comparisons)
    {
        string counts = DifferenceRule.Counts([.. comparisons.Select(c => c.Verdict)], Describe);
        string text =
            $"Study {study.Label}: a learned threshold against a fixed one, by test accuracy after the last epoch. "
            + $"{(comparisons.Count == 1 ? "In the one comparison" : $"Of {comparisons.Count} comparisons")}: {counts}.";
        if (comparisons.Any(c => c.Verdict == Verdict.OneSeed))
            text += " One seed is one draw: it shows that a training can end so, not that it tends to.";
        if (study.Synthetic)
            text += " The data is synthetic: this is about what a program made, not about N-MNIST or any recorded set.";
        return text;
    }

    private static string Describe(Verdict verdict) =>
        verdict is Verdict.Higher or Verdict.Lower ? $"learned is {verdict.Describe()}" : verdict.Describe();
}
