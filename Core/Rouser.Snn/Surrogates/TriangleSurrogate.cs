using System.Runtime.CompilerServices;
using Rouser.Core.Parameters;
using Rouser.Snn.Fused;

namespace Rouser.Snn.Surrogates;

/// <summary>A triangle (Esser et al. 2016; Bellec et al. 2018).</summary>
/// <remarks>
/// <code>g(u) = max(0, 1 − |u|)</code>
/// Area s, τ is half the width at the foot. Bellec's γ is the height: τ = 1 and s = γ = 0.3 where the argument is
/// V/Th − 1.
/// </remarks>
/// <param name="Tau">τ.</param>
/// <param name="Scale">s.</param>
public sealed record TriangleSurrogate(double Tau, double Scale) : Surrogate<TriangleSurrogate.Kernel>(Tau, Scale)
{
    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Surrogate> Method { get; } =
        Named("triangle", "max(0, 1 − |u|).", (tau, scale) => new TriangleSurrogate(tau, scale));

    /// <inheritdoc/>
    public override double Shape(double u) => Math.Max(0, 1 - Math.Abs(u));

    /// <summary>height · max(0, 1 − factor·|x|).</summary>
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
            TV y = TS.Subtract(TS.Broadcast(1), TS.Multiply(factor, TS.Abs(x)));
            return TS.Multiply(height, TS.Select(TS.GreaterOrEqual(TS.Broadcast(0), y), TS.Broadcast(0), y));
        }
    }
}
