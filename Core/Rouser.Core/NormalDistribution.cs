namespace Rouser.Core;

/// <summary>The standard normal distribution, the same bits on every machine.</summary>
public static class NormalDistribution
{
    // From here on the tail is too small for a difference from one half.
    private const double FarOut = 4;

    private const int MostTerms = 200;

    /// <summary>The density φ(z).</summary>
    public static double Density(double z) => PortableMath.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);

    /// <summary>The probability of a value below <paramref name="z"/>.</summary>
    public static double Cumulative(double z) => z < 0 ? UpperTail(-z) : 1 - UpperTail(z);

    /// <summary>The value that a standard normal number stays below with that probability.</summary>
    /// <param name="probability">Above 0 and below 1.</param>
    public static double Quantile(double probability)
    {
        if (!(probability is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(probability));
        if (probability < 0.5)
            return -QuantileOfTail(probability);
        return QuantileOfTail(1 - probability);
    }

    /// <summary>The probability of a value above <paramref name="z"/> ≥ 0.</summary>
    /// <remarks>
    /// Abramowitz and Stegun 26.2.11, Φ(z) = ½ + φ(z) Σ z^(2n+1)/(1·3·5…(2n+1)), and for large z Laplace's continued
    /// fraction 26.2.14, φ(z) / (z + 1/(z + 2/(z + 3/(z + …)))).
    /// </remarks>
    private static double UpperTail(double z)
    {
        if (z > FarOut)
        {
            double fraction = z;
            for (int n = MostTerms; n >= 1; n--)
                fraction = z + (n / fraction);
            return Density(z) / fraction;
        }
        double sum = z,
            term = z;
        for (int n = 1; n <= MostTerms && term > sum * 1e-18; n++)
        {
            term *= z * z / ((2 * n) + 1);
            sum += term;
        }
        return 0.5 - (Density(z) * sum);
    }

    // Newton's method. The tail is convex, so from 0 on each step falls short, until it is too small to be one.
    private static double QuantileOfTail(double tail)
    {
        double z = 0;
        while (true)
        {
            double next = z + ((UpperTail(z) - tail) / Density(z));
            if (!(next > z))
                return z;
            z = next;
        }
    }
}
