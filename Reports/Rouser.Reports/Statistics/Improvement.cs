namespace Rouser.Reports.Statistics;

/// <summary>
/// The probability that a training of one method ends higher than one of another: of all pairs of one value of each,
/// the share in which it is higher, ties by half (Mann and Whitney's U over n²; Agarwal et al. 2021). 0.5 says that
/// neither is better.
/// </summary>
public static class Improvement
{
    /// <summary>
    /// With its bootstrap interval from five seeds on; below, and where every resample agrees, the share alone.
    /// </summary>
    /// <param name="values">One per seed.</param>
    /// <param name="others">The other method's, for the same seeds in the same order: a resample takes a seed's two
    /// values together.</param>
    public static Estimate Of(IReadOnlyList<double> values, IReadOnlyList<double> others)
    {
        int n = values.Count;
        if (n == 0 || others.Count != n)
            throw new ArgumentException("Each value needs its partner of the same seed.", nameof(others));
        // [n × n], twice the score of each pair: 2 higher, 1 equal, 0 lower.
        int[] scores = new int[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                scores[i * n + j] = 1 + values[i].CompareTo(others[j]);
        }
        double share = Share(Enumerable.Range(0, n).ToArray());
        if (n < Bootstrap.FewestSeeds)
            return new Estimate(share, null, null, n, IntervalKind.None);
        return Bootstrap.Interval(n, Share) is { } interval
            ? new Estimate(share, interval.Low, interval.High, n, IntervalKind.Bootstrap)
            : new Estimate(share, null, null, n, IntervalKind.NoSpread);

        double Share(ReadOnlySpan<int> draws)
        {
            int sum = 0;
            foreach (int i in draws)
            {
                foreach (int j in draws)
                    sum += scores[i * n + j];
            }
            return sum / (2.0 * n * n);
        }
    }
}
