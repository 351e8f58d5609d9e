namespace Rouser.Core;

/// <summary>
/// The functions whose last bit <see cref="Math"/> leaves to the platform's C library, made of operations that IEEE
/// 754 rounds exactly. A trial's result may depend on these only, or it would not be the same bytes on every machine.
/// </summary>
public static class PortableMath
{
    // ln 2 in two parts. The first has few enough digits that its product with an exponent is exact.
    private const double Ln2High = 0.693147180369123816490,
        Ln2Low = 1.90821492927058770002e-10;

    /// <summary>exp(x), to a unit or two in the last place; 0 below the smallest normal number.</summary>
    /// <remarks>
    /// x = k ln 2 + r with |r| ≤ ln 2 / 2, exp(x) = 2^k Σ rⁿ/n! up to n = 14, where the rest is below 10⁻¹⁷.
    /// </remarks>
    public static double Exp(double x)
    {
        if (!(Math.Abs(x) < 708))
            return double.IsNaN(x) ? x
                : x > 0 ? double.PositiveInfinity
                : 0;
        int k = (int)Math.Round(x / (Ln2High + Ln2Low));
        double r = x - (k * Ln2High) - (k * Ln2Low),
            sum = 1;
        for (int n = 14; n >= 1; n--)
            sum = 1 + (sum * r / n);
        return Math.ScaleB(sum, k);
    }

    /// <summary>ln x for a positive normal x, to a few units in the last place.</summary>
    /// <remarks>
    /// x = 2^k m with √½ ≤ m &lt; √2, ln x = k ln 2 + 2 Σ s^(2n+1)/(2n+1) with s = (m − 1)/(m + 1), |s| &lt; 0.172,
    /// up to n = 10.
    /// </remarks>
    public static double Log(double x)
    {
        int k = Math.ILogB(x);
        double m = Math.ScaleB(x, -k);
        if (m > Math.Sqrt(2))
            (m, k) = (m / 2, k + 1);
        double s = (m - 1) / (m + 1),
            square = s * s,
            sum = 0;
        for (int n = 10; n >= 0; n--)
            sum = (sum * square) + (1.0 / ((2 * n) + 1));
        return (k * Ln2High) + ((2 * s * sum) + (k * Ln2Low));
    }

    /// <summary>cos(πx) for 0 ≤ x ≤ 1, to a unit or two in the last place of 1; exact at 0, ½ and 1.</summary>
    /// <remarks>
    /// cos(πx) = −cos(π(1 − x)) brings x to at most ½, cos(πx) = sin(π(½ − x)) the argument of a series to at most π/4,
    /// where its terms after the twelfth are below 10⁻¹⁷.
    /// </remarks>
    public static double CosPi(double x)
    {
        if (x > 0.5)
            return -CosPi(1 - x);
        bool isSine = x > 0.25;
        double angle = Math.PI * (isSine ? 0.5 - x : x),
            square = angle * angle,
            sum = 1;
        for (int n = 12; n >= 1; n--)
            sum = 1 - (sum * square / (isSine ? 2 * n * ((2 * n) + 1) : 2 * n * ((2 * n) - 1)));
        return isSine ? angle * sum : sum;
    }

    /// <summary>arctan x for x ≥ 0, to a few units in the last place.</summary>
    /// <remarks>
    /// arctan x = π/2 − arctan 1/x and arctan x = 2 arctan(x / (1 + √(1 + x²))) lead to x &lt; 0.2, where the series
    /// Σ (−1)ⁿ x^(2n+1)/(2n+1) is below 10⁻¹⁷ after n = 11.
    /// </remarks>
    public static double Atan(double x)
    {
        if (x > 1)
            return (Math.PI / 2) - Atan(1 / x);
        x /= 1 + Math.Sqrt(1 + (x * x));
        x /= 1 + Math.Sqrt(1 + (x * x));
        double square = -x * x,
            sum = 0;
        for (int n = 11; n >= 0; n--)
            sum = (sum * square) + (1.0 / ((2 * n) + 1));
        return 4 * x * sum;
    }

    /// <summary>xⁿ for n ≥ 0, by squaring.</summary>
    public static double Power(double x, long n)
    {
        double power = 1;
        for (; n > 0; n >>= 1, x *= x)
        {
            if ((n & 1) == 1)
                power *= x;
        }
        return power;
    }
}
