using System.Runtime.CompilerServices;
using Rouser.Core.Parameters;
using Rouser.Snn.Fused;

namespace Rouser.Snn.Surrogates;

/// <summary>Two exponential flanks (SLAYER, Shrestha and Orchard 2018; Rouser, equations 4 and 5).</summary>
/// <remarks>
/// <code>g(u) = exp(−|u|)</code>
/// Area 2s. lava-dl's <c>tau_grad</c> and <c>scale_grad</c> are τ = 100·tau_grad·Th_init and s = scale_grad/2, beside
/// its factor 0.1.
/// </remarks>
/// <param name="Tau">τ.</param>
/// <param name="Scale">s.</param>
public sealed record ExponentialSurrogate(double Tau, double Scale) : Surrogate<ExponentialSurrogate.Kernel>(Tau, Scale)
{
    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Surrogate> Method { get; } =
        Named("exponential", "exp(−|u|) (paper, equation 4).", (tau, scale) => new ExponentialSurrogate(tau, scale));

    /// <inheritdoc/>
    public override double Shape(double u) => PortableMath.Exp(-Math.Abs(u));

    /// <summary>height · exp(factor·|x|); the factor is below 0.</summary>
    public readonly struct Kernel : ISurrogateKernel
    {
        /// <inheritdoc/>
        public static float Factor(double tau) => -(float)(1 / tau);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Run<TS, TV>(TV height, TV factor, TV x)
            where TS : ISimd<TV>
            where TV : unmanaged => TS.Multiply(height, ExponentialKernel.Run<TS, TV>(TS.Multiply(factor, TS.Abs(x))));
    }
}
