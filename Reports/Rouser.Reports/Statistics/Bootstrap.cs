using System.Collections.Concurrent;
using Rouser.Core;

namespace Rouser.Reports.Statistics;

/// <summary>
/// 95 % intervals by the bootstrap: 10,000 resamples of the seeds with replacement (Efron 1979), expanded percentiles
/// (Hesterberg 2015).
/// </summary>
/// <remarks>
/// The plain percentile interval is too short for few seeds: its spread is that of the biased s, and it takes normal
/// for t quantiles. It is therefore taken at Φ(−√(n/(n−1)) · t(0.975, n−1)) and its complement in place of 2.5 and
/// 97.5 % ("What Teachers Should Know About the Bootstrap", The American Statistician 69). It holds the mean of
/// normal values in 92, 94 and 94 of 100 cases for n = 5, 7 and 10, where plain percentiles hold it in 84, 88 and 91
/// and BCa in 84, 87 and 90, whose acceleration is noise at such n. As percentiles, it leaves no accuracy above 100
/// %. Below five seeds it comes to the smallest and largest value, whatever the level: all draws are the smallest one
/// with probability n⁻ⁿ, more than is to be cut off. There the table shows Student's t, or no interval. Resamples
/// depend on n alone, so all estimates over n seeds share them, and the same tables give the same bytes.
/// </remarks>
public static class Bootstrap
{
    /// <summary>How many resamples.</summary>
    public const int Resamples = 10_000;

    /// <summary>Fewest seeds for which percentiles mean something.</summary>
    public const int FewestSeeds = 5;

    private const long Seed = 0;

    private static readonly ConcurrentDictionary<int, Resampling> Drawn = new();

    /// <summary>A statistic of one resample.</summary>
    /// <param name="draws">As many indices as there are seeds, each from 0 to n − 1.</param>
    public delegate double Statistic(ReadOnlySpan<int> draws);

    /// <summary>
    /// The interval of a statistic over <paramref name="n"/> seeds; null if it is the same in nearly all resamples.
    /// </summary>
    /// <param name="n">At least <see cref="FewestSeeds"/>.</param>
    /// <param name="statistic">Its value for a resample.</param>
    public static (double Low, double High)? Interval(int n, Statistic statistic)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, FewestSeeds);
        Resampling resampling = Drawn.GetOrAdd(n, Draw);
        double[] values = new double[Resamples];
        for (int r = 0; r < values.Length; r++)
            values[r] = statistic(resampling.Draws.AsSpan(r * n, n));
        double low = Quantile(values, resampling.Tail),
            high = Quantile(values, 1 - resampling.Tail);
        return low < high ? (low, high) : null;
    }

    /// <summary>
    /// The quantile, linear between order statistics (as NumPy and R have it by default). Reorders the values.
    /// </summary>
    internal static double Quantile(Span<double> values, double probability)
    {
        double place = probability * (values.Length - 1);
        int below = (int)place;
        double at = Smallest(values, below);
        if (below == place)
            return at;
        double next = double.PositiveInfinity;
        foreach (double value in values[(below + 1)..])
            next = Math.Min(next, value);
        return at + (place - below) * (next - at);
    }

    // Hoare's selection: the value of that rank, with none larger before it and none smaller behind it. Sorting would
    // cost ten times as much.
    private static double Smallest(Span<double> values, int rank)
    {
        int low = 0,
            high = values.Length - 1;
        while (low < high)
        {
            double pivot = values[low + (high - low) / 2];
            int i = low,
                j = high;
            while (i <= j)
            {
                while (values[i] < pivot)
                    i++;
                while (values[j] > pivot)
                    j--;
                if (i > j)
                    break;
                (values[i], values[j]) = (values[j], values[i]);
                i++;
                j--;
            }
            if (rank <= j)
                high = j;
            else if (rank >= i)
                low = i;
            else
                break;
        }
        return values[rank];
    }

    private static Resampling Draw(int n)
    {
        RandomStream random = new(Seed, $"bootstrap/{n}");
        int[] draws = new int[Resamples * n];
        for (int i = 0; i < draws.Length; i++)
            draws[i] = random.NextInt(n);
        return new Resampling(draws, NormalDistribution.Cumulative(-Math.Sqrt(n / (n - 1.0)) * StudentT.Quantile(0.975, n - 1)));
    }

    // [resamples × n] indices, and what is cut off at either end.
    private sealed record Resampling(int[] Draws, double Tail);
}
