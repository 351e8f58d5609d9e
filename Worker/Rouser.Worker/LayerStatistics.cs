using Rouser.Snn;

namespace Rouser.Worker;

/// <summary>The few numbers that stand for a layer's parameters.</summary>
internal static class LayerStatistics
{
    /// <summary>Euclidean distance; sums in double, in order, so that it is the same everywhere.</summary>
    public static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double difference = (double)a[i] - b[i];
            sum += difference * difference;
        }
        return Math.Sqrt(sum);
    }

    /// <summary>Mean, extremes and quantiles, interpolated linearly between order statistics.</summary>
    public static ThresholdSummary Summarize(ReadOnlySpan<float> values)
    {
        double[] sorted = new double[values.Length];
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
            sum += sorted[i] = values[i];
        Array.Sort(sorted);
        return new ThresholdSummary(
            sum / sorted.Length,
            sorted[0],
            Quantile(sorted, 0.1),
            Quantile(sorted, 0.25),
            Quantile(sorted, 0.5),
            Quantile(sorted, 0.75),
            Quantile(sorted, 0.9),
            sorted[^1],
            Histogram(sorted)
        );
    }

    /// <summary>
    /// Counts in equal bins from the least to the greatest; a bin holds its lower edge, and the last one both.
    /// </summary>
    private static int[] Histogram(double[] sorted)
    {
        (double min, double range) = (sorted[0], sorted[^1] - sorted[0]);
        if (range == 0)
            return [sorted.Length];
        int[] counts = new int[ThresholdSummary.Bins];
        foreach (double value in sorted)
            counts[Math.Min((int)((value - min) / range * counts.Length), counts.Length - 1)]++;
        return counts;
    }

    private static double Quantile(double[] sorted, double q)
    {
        double place = q * (sorted.Length - 1);
        int below = (int)place;
        double share = place - below;
        return share == 0 ? sorted[below] : sorted[below] + (share * (sorted[below + 1] - sorted[below]));
    }
}
