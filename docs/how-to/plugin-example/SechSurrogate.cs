using System.Runtime.CompilerServices;
using Rouser.Core;
using Rouser.Core.Parameters;
using Rouser.Snn.Fused;
using Rouser.Snn.Surrogates;

namespace ExamplePlugin;

/// <summary>The derivative of the logistic function, to height 1.</summary>
/// <remarks>
/// <code>g(u) = 1/cosh²(u/2) = 4e/(1 + e)²,   e = exp(−|u|)</code>
/// Area 4s.
/// </remarks>
/// <param name="Tau">τ.</param>
/// <param name="Scale">s.</param>
public sealed record SechSurrogate(double Tau, double Scale) : Surrogate<SechSurrogate.Kernel>(Tau, Scale)
{
    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Surrogate> Method { get; } =
        Named("sech", "1/cosh²(u/2).", (tau, scale) => new SechSurrogate(tau, scale));

    /// <inheritdoc/>
    public override double Shape(double u)
    {
        double e = PortableMath.Exp(-Math.Abs(u));
        return 4 * e / ((1 + e) * (1 + e));
    }

    /// <summary>height · 4e/(1 + e)², e = exp(factor·|x|); the factor is below 0.</summary>
    public readonly struct Kernel : ISurrogateKernel
    {
        /// <inheritdoc/>
        public static float Factor(double tau) => -(float)(1 / tau);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Run<TS, TV>(TV height, TV factor, TV x)
            where TS : ISimd<TV>
            where TV : unmanaged
        {
            TV e = ExponentialKernel.Run<TS, TV>(TS.Multiply(factor, TS.Abs(x)));
            TV y = TS.MultiplyAdd(TS.Broadcast(1), e, TS.Broadcast(1));
            TV four = TS.Multiply(TS.Broadcast(4), e);
            return TS.Multiply(height, TS.Divide(four, TS.Multiply(y, y)));
        }
    }
}
