namespace Rouser.Sweeps.Sequential;

/// <summary>How many seeds a paired t-test with a fixed number of them needs.</summary>
public static class SeedCount
{
    /// <summary>More are not looked for.</summary>
    public const int Most = 1_000;

    /// <summary>
    /// The fewest pairs of seeds that find a difference with that probability at the level of 5 %; null above
    /// <see cref="Most"/>.
    /// </summary>
    /// <param name="effect">The difference in standard deviations of the paired differences, above 0.</param>
    /// <param name="power">Above 0.5.</param>
    /// <remarks>√n · effect ≥ t(0.975, n − 1) + t(power, n − 1), which is within a seed of the noncentral t.</remarks>
    public static int? ForPower(double effect, double power)
    {
        for (int n = 2; n <= Most; n++)
        {
            if (effect >= Effect(n, power))
                return n;
        }
        return null;
    }

    /// <summary>
    /// The smallest difference that so many pairs of seeds find with that probability, in standard deviations of the
    /// paired differences.
    /// </summary>
    /// <param name="n">At least 2.</param>
    /// <param name="power">Above 0.5.</param>
    public static double Effect(int n, double power) =>
        (StudentT.Quantile(0.975, n - 1) + StudentT.Quantile(power, n - 1)) / Math.Sqrt(n);
}
