using System.Runtime.CompilerServices;
using Rouser.Core.Parameters;
using Rouser.Snn.Fused;

namespace Rouser.Snn.Surrogates;

/// <summary>A normal density (STBP, Wu et al. 2018, equation 27, h₄; Yin, Corradi and Bohté 2020).</summary>
/// <remarks>
/// <code>g(u) = exp(−u²/2)</code>
/// Area √(2π)·s, τ is the standard deviation. A density of area 1 has s = 1/√(2π) = 0.399.
/// </remarks>
/// <param name="Tau">τ.</param>
/// <param name="Scale">s.</param>
public sealed record GaussianSurrogate(double Tau, double Scale) : Surrogate<GaussianSurrogate.Kernel>(Tau, Scale)
{
    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Surrogate> Method { get; } =
        Named("gaussian", "exp(−u²/2).", (tau, scale) => new GaussianSurrogate(tau, scale));

    /// <inheritdoc/>
    public override double Shape(double u) => PortableMath.Exp(-u * u / 2);

    /// <summary>height · exp(factor·x²); the factor is below 0.</summary>
    public readonly struct Kernel : ISurrogateKernel
    {
        /// <inheritdoc/>
        public static float Factor(double tau) => (float)(-1 / (2 * tau * tau));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Run<TS, TV>(TV height, TV factor, TV x)
            where TS : ISimd<TV>
            where TV : unmanaged => TS.Multiply(height, ExponentialKernel.Run<TS, TV>(TS.Multiply(factor, TS.Multiply(x, x))));
    }
}
