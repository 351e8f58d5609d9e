using Rouser.Core;

namespace Rouser.Reports.Statistics;

/// <summary>
/// Two classifiers on the same test samples, seed by seed: how much of their difference is the draw of the seeds, and
/// how much that of the samples.
/// </summary>
/// <remarks>
/// With <c>d[s, i]</c> = 1 where only the first classifier of seed s gets sample i right, −1 where only the second
/// does, and 0 else, the mean over S seeds and N samples has the variance of a mean of two crossed random factors (Owen
/// 2007): <c>V = V_seeds + V_samples − V_rest</c>, where <c>V_seeds</c> is the variance of the seeds' means over S,
/// <c>V_samples</c> that of the samples' means over N, and <c>V_rest</c> the mean square of what neither explains over
/// S·N, which both of the others hold. V is no less than the larger of the two. Satterthwaite's degrees of freedom are
/// taken to be no fewer than those of the seeds alone, which V can only exceed.
/// </remarks>
/// <param name="OverSeeds">The mean difference with the interval of other seeds on the same samples; none for one
/// seed.</param>
/// <param name="OverSamples">The same with the interval of other samples under the same seeds.</param>
/// <param name="OverBoth">The same with the interval of other seeds and other samples: Student's t with Satterthwaite's
/// degrees of freedom; none for one seed.</param>
public sealed record PairedSamples(Estimate OverSeeds, Estimate OverSamples, Estimate OverBoth)
{
    /// <summary>The mean difference, in units of accuracy from 0 to 1.</summary>
    /// <param name="differences">Of each seed, of each sample: −1, 0 or 1. At least one seed and two samples.</param>
    public static PairedSamples Of(IReadOnlyList<IReadOnlyList<int>> differences)
    {
        int seeds = differences.Count,
            samples = differences[0].Count;
        double[] bySeed = [.. differences.Select(d => (double)d.Sum() / samples)],
            bySample = [.. Enumerable.Range(0, samples).Select(i => (double)differences.Sum(d => d[i]) / seeds)];
        double mean = bySeed.Sum() / seeds,
            ofSamples = SumOfSquares(bySample, mean) / (samples - 1) / samples;
        Estimate overSamples = With(mean, ofSamples, samples - 1, samples);
        if (seeds == 1)
            return new(Estimate.Of(bySeed), overSamples, Estimate.Of(bySeed));
        double ofSeeds = SumOfSquares(bySeed, mean) / (seeds - 1) / seeds,
            rest = 0;
        for (int s = 0; s < seeds; s++)
        {
            for (int i = 0; i < samples; i++)
                rest += Math.Pow(differences[s][i] - bySeed[s] - bySample[i] + mean, 2);
        }
        rest /= (double)(seeds - 1) * (samples - 1) * seeds * samples;
        double both = Math.Max(ofSeeds + ofSamples - rest, Math.Max(ofSeeds, ofSamples)),
            freedom = both * both / (ofSeeds * ofSeeds / (seeds - 1) + ofSamples * ofSamples / (samples - 1));
        return new(
            Estimate.Of(bySeed),
            overSamples,
            With(mean, both, (int)Math.Clamp(Math.Floor(freedom), seeds - 1, Math.Max(seeds, samples) - 1), seeds)
        );
    }

    private static double SumOfSquares(double[] values, double mean) => values.Sum(v => (v - mean) * (v - mean));

    private static Estimate With(double mean, double variance, int freedom, int n)
    {
        if (!(variance > 0))
            return new(mean, null, null, n, IntervalKind.NoSpread);
        double half = StudentT.Quantile(0.975, freedom) * Math.Sqrt(variance);
        return new(mean, mean - half, mean + half, n, IntervalKind.StudentT);
    }
}
