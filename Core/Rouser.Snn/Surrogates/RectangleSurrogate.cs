using System.Runtime.CompilerServices;
using Rouser.Core.Parameters;
using Rouser.Snn.Fused;

namespace Rouser.Snn.Surrogates;

/// <summary>A rectangle (STBP; Wu et al. 2018, equation 24, h₁).</summary>
/// <remarks>
/// <code>g(u) = 1 if |u| &lt; ½ else 0</code>
/// Area s, τ is the whole width: the paper's a₁ is τ, with s = 1.
/// </remarks>
/// <param name="Tau">τ.</param>
/// <param name="Scale">s.</param>
public sealed record RectangleSurrogate(double Tau, double Scale) : Surrogate<RectangleSurrogate.Kernel>(Tau, Scale)
{
    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Surrogate> Method { get; } =
        Named("rectangle", "1 for |u| < ½, else 0.", (tau, scale) => new RectangleSurrogate(tau, scale));

    /// <inheritdoc/>
    public override double Shape(double u) => Math.Abs(u) < 0.5 ? 1 : 0;

    /// <summary>height where |x| is below the factor, half the width, else 0.</summary>
    public readonly struct Kernel : ISurrogateKernel
    {
        /// <inheritdoc/>
        public static float Factor(double tau) => (float)(tau / 2);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Run<TS, TV>(TV height, TV factor, TV x)
            where TS : ISimd<TV>
            where TV : unmanaged
        {
            // The product with 0 keeps a NaN.
            TV inside = TS.MultiplyAdd(x, TS.Broadcast(0), height);
            return TS.Select(TS.GreaterOrEqual(TS.Abs(x), factor), TS.Broadcast(0), inside);
        }
    }
}
