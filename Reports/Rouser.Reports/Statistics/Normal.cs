namespace Rouser.Reports.Statistics;

/// <summary>The standard normal distribution.</summary>
internal static class Normal
{
    /// <summary>The probability of a value above <paramref name="x"/>.</summary>
    /// <remarks>Abramowitz and Stegun 26.2.11: ½ − φ(x)·(x + x³/3 + x⁵/(3·5) + …), exact to about 10⁻¹⁶.</remarks>
    public static double UpperTail(double x)
    {
        double term = x,
            sum = x;
        for (int k = 3; Math.Abs(term) > 1e-17 * Math.Abs(sum); k += 2)
        {
            term *= x * x / k;
            sum += term;
        }
        return 0.5 - Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI) * sum;
    }
}
