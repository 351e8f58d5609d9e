namespace Rouser.Core.Snn.Surrogates;

/// <summary>The derivative of the arcus tangent (PLIF; Fang et al. 2021, ICCV).</summary>
/// <remarks>
/// <code>g(u) = 1 / (1 + u²)</code>
/// Area πs. SpikingJelly's and snnTorch's (α/2) / (1 + (παx/2)²) is τ = 2/(πα), s = 1/π.
/// </remarks>
/// <param name="Tau">τ.</param>
/// <param name="Scale">s.</param>
public sealed record ArctanSurrogate(double Tau, double Scale) : Surrogate(Tau, Scale)
{
    /// <inheritdoc/>
    public override double Shape(double u) => 1 / (1 + (u * u));
}
