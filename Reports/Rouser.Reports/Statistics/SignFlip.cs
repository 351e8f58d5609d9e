namespace Rouser.Reports.Statistics;

/// <summary>
/// The exact sign-flip test of paired differences: if neither method were better, each pair's difference could as well
/// have had the other sign. It assumes no distribution.
/// </summary>
public static class SignFlip
{
    /// <summary>The most pairs whose sign patterns are all counted.</summary>
    public const int MostPairs = 20;

    /// <summary>The lowest p that so many pairs can give: 2 of 2ⁿ patterns.</summary>
    public static double LowestP(int pairs) => Math.ScaleB(1, 1 - pairs);

    /// <summary>Whether so many pairs can come below 5 % at all, and not so many that counting takes too long.</summary>
    public static bool CanDecide(int pairs) => LowestP(pairs) <= 0.05 && pairs <= MostPairs;

    /// <summary>
    /// The two-sided p: of all 2ⁿ patterns of signs, the share whose sum is at least as far from zero as that of the
    /// differences.
    /// </summary>
    /// <param name="differences">1 to <see cref="MostPairs"/>.</param>
    public static double P(IReadOnlyList<double> differences)
    {
        ArgumentOutOfRangeException.ThrowIfZero(differences.Count, nameof(differences));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(differences.Count, MostPairs, nameof(differences));
        double[] magnitudes = [.. differences.Select(Math.Abs)];
        // Sums of the same numbers in another order differ in their last bits.
        double observed = Math.Abs(differences.Sum()) - 1e-9 * magnitudes.Sum();
        int patterns = 1 << magnitudes.Length,
            asFar = 0;
        for (int pattern = 0; pattern < patterns; pattern++)
        {
            double sum = 0;
            for (int i = 0; i < magnitudes.Length; i++)
                sum += (pattern >> i & 1) == 0 ? magnitudes[i] : -magnitudes[i];
            if (Math.Abs(sum) >= observed)
                asFar++;
        }
        return (double)asFar / patterns;
    }
}
