using Rouser.Snn.Surrogates;

namespace Rouser.Testing.Networks;

/// <summary>
/// Antiderivatives F of the surrogates' shapes: with them a spike is smooth, and the surrogate is its true
/// derivative.
/// </summary>
internal static class SmoothSpikes
{
    /// <summary>F with F′ = g and F(−∞) = 0.</summary>
    public static Func<double, double> Of(Surrogate surrogate) =>
        surrogate switch
        {
            ExponentialSurrogate => u => u < 0 ? Math.Exp(u) : 2 - Math.Exp(-u),
            RectangleSurrogate => u => Math.Clamp(u + 0.5, 0, 1),
            FastSigmoidSurrogate => u => 1 + (u / (1 + Math.Abs(u))),
            ArctanSurrogate => u => Math.Atan(u) + (Math.PI / 2),
            TriangleSurrogate => u =>
                u <= -1 ? 0
                : u >= 1 ? 1
                : u < 0 ? (1 + u) * (1 + u) / 2
                : 1 - ((1 - u) * (1 - u) / 2),
            GaussianSurrogate => u => Erf(u),
            _ => throw new ArgumentOutOfRangeException(nameof(surrogate), surrogate, "Unknown surrogate."),
        };

    /// <summary>
    /// ∫ exp(−x²/2) from −∞ to u: the power series of the integral from 0, which converges everywhere and fast for
    /// what the tests reach.
    /// </summary>
    private static double Erf(double u)
    {
        const double Half = 1.2533141373155003;
        if (Math.Abs(u) > 6)
            return u < 0 ? 0 : 2 * Half;
        // Σ u^(2k+1) exp(−u²/2) / (1·3·5…(2k+1))
        double term = u * Math.Exp(-u * u / 2),
            sum = 0;
        for (int k = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum) && k < 400; k++)
        {
            sum += term;
            term *= u * u / ((2 * k) + 1);
        }
        return Half + sum;
    }
}
