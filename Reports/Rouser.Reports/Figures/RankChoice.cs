using Rouser.Reports.Model;

namespace Rouser.Reports.Figures;

/// <summary>
/// What a figure draws of more than it can show: evenly by rank, so that the lowest and the highest stay in, or what
/// differs most. Nothing is chosen by who came first.
/// </summary>
internal static class RankChoice
{
    /// <summary>At most so many, evenly by rank, in the order they stand in.</summary>
    /// <param name="all">What there is.</param>
    /// <param name="most">How many; of one, the middle is left.</param>
    /// <param name="value">What they are ranked by; those without a value are left out first.</param>
    public static IReadOnlyList<T> Evenly<T>(IReadOnlyList<T> all, int most, Func<T, double?> value)
    {
        if (all.Count <= most)
            return all;
        int[] ranked = Ranked(all, value);
        HashSet<int> chosen =
        [
            .. ranked.Length <= most ? ranked
            : most == 1 ? [ranked[ranked.Length / 2]]
            : Enumerable.Range(0, most).Select(i => ranked[(int)((long)i * (ranked.Length - 1) / (most - 1))]),
        ];
        return [.. all.Where((_, i) => chosen.Contains(i))];
    }

    /// <summary>At most so many, those with the largest value, in the order they stand in.</summary>
    public static IReadOnlyList<T> Largest<T>(IReadOnlyList<T> all, int most, Func<T, double?> value)
    {
        if (all.Count <= most)
            return all;
        HashSet<int> chosen = [.. Ranked(all, value).TakeLast(most)];
        return [.. all.Where((_, i) => chosen.Contains(i))];
    }

    /// <summary>
    /// As many arms of a study as there are colours, evenly by rank of their mean accuracy after the last epoch, and
    /// what a caption says where some are left out.
    /// </summary>
    public static (string[] Arms, string Note) ArmsOf(StudyResults study)
    {
        ILookup<string, ResultRow> rows = study.Rows.ToLookup(r => r.Arm);
        string[] arms = [.. Evenly(study.Arms, Palette.Count, arm => MeanAccuracy(rows[arm]))];
        return (arms, Note(arms.Length, study.Arms.Count, "arms", "of their mean accuracy after the last epoch"));
    }

    /// <summary>What a caption says of a choice evenly by rank; empty where all are drawn.</summary>
    /// <param name="shown">How many are drawn.</param>
    /// <param name="all">Of how many.</param>
    /// <param name="what">What they are, in the plural.</param>
    /// <param name="by">What they are ranked by, beginning with <c>of</c>; empty where it is plain.</param>
    public static string Note(int shown, int all, string what, string by = "") =>
        shown < all ? $" Drawn are {shown} of {all} {what}, evenly by rank{(by.Length > 0 ? $" {by}" : "")}." : "";

    /// <summary>Mean test accuracy after the last epoch over all seeds of all rows, from 0 to 1; null without a result.</summary>
    public static double? MeanAccuracy(IEnumerable<ResultRow> rows)
    {
        double[] last = [.. rows.SelectMany(r => r.Completed).Select(r => r.History.TestAccuracy(r.History.Epochs))];
        return last.Length == 0 ? null : last.Average();
    }

    // Ascending; equals in the order they stand in.
    private static int[] Ranked<T>(IReadOnlyList<T> all, Func<T, double?> value) =>
        [
            .. Enumerable
                .Range(0, all.Count)
                .Select(i => (Index: i, Value: value(all[i])))
                .Where(r => r.Value is not null)
                .OrderBy(r => r.Value)
                .Select(r => r.Index),
        ];
}
