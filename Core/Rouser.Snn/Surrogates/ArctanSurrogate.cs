using System.Runtime.CompilerServices;
using Rouser.Core.Parameters;
using Rouser.Snn.Fused;

namespace Rouser.Snn.Surrogates;

/// <summary>The derivative of the arcus tangent (PLIF; Fang et al. 2021, ICCV).</summary>
/// <remarks>
/// <code>g(u) = 1 / (1 + u²)</code>
/// Area πs. SpikingJelly's and snnTorch's (α/2) / (1 + (παx/2)²) is τ = 2/(πα), s = 1/π.
/// </remarks>
/// <param name="Tau">τ.</param>
/// <param name="Scale">s.</param>
public sealed record ArctanSurrogate(double Tau, double Scale) : Surrogate<ArctanSurrogate.Kernel>(Tau, Scale)
{
    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Surrogate> Method { get; } =
        Named("arctan", "1/(1 + u²).", (tau, scale) => new ArctanSurrogate(tau, scale));

    /// <inheritdoc/>
    public override double Shape(double u) => 1 / (1 + (u * u));

    /// <summary>height / (1 + (factor·x)²).</summary>
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
            TV y = TS.Multiply(factor, x);
            return TS.Divide(height, TS.MultiplyAdd(y, y, TS.Broadcast(1)));
        }
    }
}
