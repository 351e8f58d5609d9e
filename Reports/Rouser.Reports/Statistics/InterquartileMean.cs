namespace Rouser.Reports.Statistics;

/// <summary>
/// The mean of the middle half: a quarter of the values, rounded down, is left out at either end (Agarwal et al.
/// 2021, "Deep Reinforcement Learning at the Edge of the Statistical Precipice"). One training that collapsed moves
/// the mean, but hardly this.
/// </summary>
public static class InterquartileMean
{
    /// <summary>Fewest values of which any is left out; of fewer it would be the mean by another name.</summary>
    public const int FewestSeeds = 4;

    /// <summary>With its bootstrap interval from five values on; null below four.</summary>
    public static Estimate? Of(IReadOnlyList<double> values)
    {
        int n = values.Count;
        if (n < FewestSeeds)
            return null;
        double[] sorted = [.. values.Order()];
        int[] counts = new int[n];
        double middle = Middle(Enumerable.Range(0, n).ToArray());
        if (n < Bootstrap.FewestSeeds)
            return new Estimate(middle, null, null, n, sorted[0] == sorted[^1] ? IntervalKind.NoSpread : IntervalKind.None);
        return Bootstrap.Interval(n, Middle) is { } interval
            ? new Estimate(middle, interval.Low, interval.High, n, IntervalKind.Bootstrap)
            : new Estimate(middle, null, null, n, IntervalKind.NoSpread);

        // The draws are ranks, so counting them sorts the resample.
        double Middle(ReadOnlySpan<int> draws)
        {
            Array.Clear(counts);
            foreach (int rank in draws)
                counts[rank]++;
            int left = n / 4,
                kept = n - 2 * left;
            double sum = 0;
            for (int rank = 0, skip = left, take = kept; take > 0; rank++)
            {
                int skipped = Math.Min(skip, counts[rank]),
                    taken = Math.Min(take, counts[rank] - skipped);
                skip -= skipped;
                take -= taken;
                sum += taken * sorted[rank];
            }
            return sum / kept;
        }
    }
}
