using System.Runtime.CompilerServices;
using Rouser.Core.Parameters;
using Rouser.Snn.Fused;

namespace Rouser.Snn.Surrogates;

/// <summary>The derivative of a fast sigmoid (SuperSpike; Zenke and Ganguli 2018).</summary>
/// <remarks>
/// <code>g(u) = 1 / (1 + |u|)²</code>
/// Area 2s. SuperSpike's steepness β is 1/τ and its height 1, so that s = τ; snnTorch's <c>slope</c> is 1/τ likewise.
/// </remarks>
/// <param name="Tau">τ.</param>
/// <param name="Scale">s.</param>
public sealed record FastSigmoidSurrogate(double Tau, double Scale) : Surrogate<FastSigmoidSurrogate.Kernel>(Tau, Scale)
{
    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Surrogate> Method { get; } =
        Named("fast_sigmoid", "1/(1 + |u|)² (SuperSpike).", (tau, scale) => new FastSigmoidSurrogate(tau, scale));

    /// <inheritdoc/>
    public override double Shape(double u) => 1 / ((1 + Math.Abs(u)) * (1 + Math.Abs(u)));

    /// <summary>height / (1 + factor·|x|)².</summary>
    public readonly struct Kernel : ISurrogateKernel
    {
        /// <inheritdoc/>
        public static float Factor(double tau) => (float)(1 / tau);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Run<TS, TV>(TV height, TV factor, TV x)
            where TS : ISimd<TV>
            where TV : unmanaged
        {
            TV y = TS.MultiplyAdd(factor, TS.Abs(x), TS.Broadcast(1));
            return TS.Divide(height, TS.Multiply(y, y));
        }
    }
}
