namespace Rouser.Core;

/// <summary>
/// Student's t distribution for whole degrees of freedom, the same bits on every machine, because it decides how many
/// seeds are trained.
/// </summary>
public static class StudentT
{
    /// <summary>
    /// The value that t stays below with probability <paramref name="probability"/>, for ν =
    /// <paramref name="degrees"/>.
    /// </summary>
    /// <param name="probability">Above 0.5 and below 1; 0.975 gives the half-width of a two-sided 95 %
    /// interval.</param>
    /// <param name="degrees">ν, at least 1.</param>
    public static double Quantile(double probability, int degrees)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degrees, 1);
        if (!(probability is > 0.5 and < 1))
            throw new ArgumentOutOfRangeException(nameof(probability));
        double low = 0,
            high = 1;
        while (Cumulative(high, degrees) < probability)
            high *= 2;
        while (true)
        {
            double middle = (low + high) / 2;
            if (middle <= low || middle >= high)
                return middle;
            if (Cumulative(middle, degrees) < probability)
                low = middle;
            else
                high = middle;
        }
    }

    /// <summary>The probability of a value below <paramref name="t"/> ≥ 0.</summary>
    /// <remarks>
    /// Abramowitz and Stegun 26.7.3 and 26.7.4, with θ = arctan(t/√ν); A is the probability of |T| &lt; t:
    /// ν odd: A = 2/π · (θ + sin θ · (cos θ + 2/3 cos³ θ + … + (2·4…(ν−3))/(1·3…(ν−2)) cos^(ν−2) θ));
    /// ν even: A = sin θ · (1 + 1/2 cos² θ + … + (1·3…(ν−3))/(2·4…(ν−2)) cos^(ν−2) θ).
    /// </remarks>
    public static double Cumulative(double t, int degrees)
    {
        double tan = t / Math.Sqrt(degrees),
            cos = 1 / Math.Sqrt(1 + (tan * tan)),
            sin = double.IsPositiveInfinity(tan) ? 1 : tan * cos;
        bool odd = degrees % 2 == 1;
        double sum = 0,
            term = odd ? cos : 1;
        for (int power = odd ? 1 : 0; power <= degrees - 2; power += 2)
        {
            sum += term;
            term *= (power + 1.0) / (power + 2) * cos * cos;
        }
        double a = odd ? 2 / Math.PI * (PortableMath.Atan(tan) + (sin * sum)) : sin * sum;
        return 0.5 + a / 2;
    }
}
