namespace Rouser.Reports.Figures;

/// <summary>
/// What a figure draws of more than it can show: evenly by rank, so that the lowest and the highest stay in and nothing
/// is chosen by who came first.
/// </summary>
internal static class RankChoice
{
    /// <summary>At most so many, in the order they stand in.</summary>
    /// <param name="all">What there is.</param>
    /// <param name="most">At least two.</param>
    /// <param name="value">What they are ranked by; those without a value are left out first.</param>
    public static IReadOnlyList<T> Evenly<T>(IReadOnlyList<T> all, int most, Func<T, double?> value)
    {
        if (all.Count <= most)
            return all;
        int[] ranked =
        [
            .. Enumerable
                .Range(0, all.Count)
                .Select(i => (Index: i, Value: value(all[i])))
                .Where(r => r.Value is not null)
                .OrderBy(r => r.Value)
                .Select(r => r.Index),
        ];
        HashSet<int> chosen =
        [
            .. ranked.Length <= most
                ? ranked
                : Enumerable.Range(0, most).Select(i => ranked[(int)((long)i * (ranked.Length - 1) / (most - 1))]),
        ];
        return [.. all.Where((_, i) => chosen.Contains(i))];
    }
}
