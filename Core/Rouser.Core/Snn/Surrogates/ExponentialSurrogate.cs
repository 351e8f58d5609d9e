namespace Rouser.Core.Snn.Surrogates;

/// <summary>Two exponential flanks (SLAYER, Shrestha and Orchard 2018; Rouser, equations 4 and 5).</summary>
/// <remarks>
/// <code>g(u) = exp(−|u|)</code>
/// Area 2s. lava-dl's <c>tau_grad</c> and <c>scale_grad</c> are τ = 100·tau_grad·Th_init and s = scale_grad/2, beside its factor 0.1.
/// </remarks>
/// <param name="Tau">τ.</param>
/// <param name="Scale">s.</param>
public sealed record ExponentialSurrogate(double Tau, double Scale) : Surrogate(Tau, Scale)
{
    /// <inheritdoc/>
    public override double Shape(double u) => PortableMath.Exp(-Math.Abs(u));
}
