namespace Rouser.Sweeps.Sequential;

/// <summary>What a look at a comparison comes to.</summary>
public enum SequentialVerdict
{
    /// <summary>More seeds are wanted.</summary>
    Open,

    /// <summary>The arm is above the baseline.</summary>
    Higher,

    /// <summary>The arm is below the baseline.</summary>
    Lower,

    /// <summary>The seeds that are left are not likely to decide.</summary>
    Futile,

    /// <summary>All seeds are used up, and nothing is decided.</summary>
    Undecided,
}

/// <summary>A look at the paired differences of a comparison.</summary>
/// <param name="Verdict">What it comes to.</param>
/// <param name="N">Pairs of seeds.</param>
/// <param name="Mean">The mean difference, arm minus baseline.</param>
/// <param name="Deviation">Their standard deviation, with n − 1.</param>
/// <param name="HalfWidth">Half the repeated confidence interval: the intervals of all looks together hold the true
/// difference with probability 1 − α (Jennison and Turnbull 1989). Null where all differences are equal.</param>
public sealed record SequentialLook(SequentialVerdict Verdict, int N, double Mean, double Deviation, double? HalfWidth);

/// <summary>Judges a comparison at one look of its design.</summary>
public static class SequentialTest
{
    /// <summary>
    /// Below this predictive power a comparison is futile. To stop for that can only lower the error, because whoever
    /// went on might still decide wrongly; so it is no part of the design.
    /// </summary>
    public const double FutileBelow = 0.1;

    /// <summary>Looks.</summary>
    /// <param name="look">Which look of the design it is, from 0.</param>
    /// <param name="differences">One for each pair of seeds, in the order of the seeds, as many as that look has.</param>
    public static SequentialLook Judge(GroupSequentialDesign design, int look, IReadOnlyList<double> differences)
    {
        int n = design.Looks[look],
            last = design.Looks[^1];
        if (differences.Count != n)
            throw new ArgumentException($"Look {look} is at {n} pairs, not at {differences.Count}.", nameof(differences));
        double mean = differences.Sum() / n,
            deviation = Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)) / (n - 1)),
            error = deviation / Math.Sqrt(n);
        bool isLast = look == design.Looks.Count - 1;
        // Equal differences have no spread by which to judge; equal results are no difference as far as anyone can see.
        if (!(deviation > 1e-12 * Math.Max(1, Math.Abs(mean))))
        {
            bool isNone = Math.Abs(mean) <= 1e-12;
            SequentialVerdict verdict =
                isLast ? SequentialVerdict.Undecided
                : isNone && n * 2 >= last ? SequentialVerdict.Futile
                : SequentialVerdict.Open;
            return new(verdict, n, mean, 0, null);
        }
        double half = design.Critical(look) * error;
        if (Math.Abs(mean) > half)
            return new(mean > 0 ? SequentialVerdict.Higher : SequentialVerdict.Lower, n, mean, deviation, half);
        if (isLast)
            return new(SequentialVerdict.Undecided, n, mean, deviation, half);
        bool isFutile = PredictivePower(Math.Abs(mean) / error, n, last, design.LastBound) < FutileBelow;
        return new(isFutile ? SequentialVerdict.Futile : SequentialVerdict.Open, n, mean, deviation, half);
    }

    /// <summary>
    /// The probability that the last look decides, if nothing was known before and the seeds to come are as those seen
    /// (Spiegelhalter, Freedman and Blackburn 1986): with a flat prior, Z there is normal about z/√τ with variance (1 −
    /// τ)/τ, where τ = n/last.
    /// </summary>
    private static double PredictivePower(double t, int n, int last, double bound)
    {
        double share = (double)n / last,
            z = -NormalDistribution.Quantile(Math.Max(1e-15, 1 - StudentT.Cumulative(t, n - 1))),
            center = z / Math.Sqrt(share),
            deviation = Math.Sqrt((1 - share) / share);
        return NormalDistribution.Cumulative((center - bound) / deviation)
            + NormalDistribution.Cumulative((-center - bound) / deviation);
    }
}
