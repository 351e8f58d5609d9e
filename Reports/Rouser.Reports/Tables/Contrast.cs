using Rouser.Reports.Model;
using Rouser.Reports.Statistics;
using Rouser.Results;

namespace Rouser.Reports.Tables;

/// <summary>
/// What a study compares: a row beside the one that it is to be held against, by test accuracy after the last epoch, which
/// nothing has chosen.
/// </summary>
/// <param name="Own">The row.</param>
/// <param name="Other">The one that it is compared with.</param>
/// <param name="Difference">Own minus other in percentage points, paired by seed; null without a pair.</param>
/// <param name="Verdict">What it comes to.</param>
public sealed record Contrast(ResultRow Own, ResultRow Other, Estimate? Difference, Verdict Verdict)
{
    /// <summary>
    /// Learned thresholds against fixed ones where the study has such, and every arm against the one that the sweep names, at
    /// the same setting.
    /// </summary>
    public static IReadOnlyList<Contrast> In(StudyResults study, RunMetadata run)
    {
        IEnumerable<Contrast> learned = ThresholdComparison
                .In(study)
                .Select(c => new Contrast(c.Learned, c.Fixed, c.Difference, c.Verdict)),
            others = Pairing.BaselineArm(study, run) is { } arm
                ? study
                    .Rows.Where(row => row.Arm != arm)
                    .Select(row => (Own: row, Other: study.Find(arm, row.Setting)))
                    .Where(pair => pair.Other is not null)
                    .Select(pair => Of(pair.Own, pair.Other!))
                : [];
        // A learned threshold may be compared with a fixed one that is the arm of the sweep.
        return [.. learned.Concat(others).DistinctBy(c => (c.Own.Arm, c.Own.Setting, c.Other.Arm, c.Other.Setting))];
    }

    /// <summary>Whether it shows a difference.</summary>
    public bool IsDecided => Verdict is Verdict.Higher or Verdict.Lower;

    /// <summary>The two rows, in words: <c>rouser − slayer at Th=0.25</c>.</summary>
    public string Label => SettingLabel.Difference(Own, Other);

    /// <summary>The arms alone: <c>rouser − slayer</c>.</summary>
    public string Names => $"{Own.Arm} − {Other.Arm}";

    private static Contrast Of(ResultRow own, ResultRow other)
    {
        Estimate? difference = Pairing.Difference(own, other, h => h.LastTestPercent);
        return new(own, other, difference, DifferenceRule.Decide(difference));
    }
}
