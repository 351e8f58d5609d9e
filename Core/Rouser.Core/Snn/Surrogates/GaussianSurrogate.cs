namespace Rouser.Core.Snn.Surrogates;

/// <summary>A normal density (STBP, Wu et al. 2018, equation 27, h₄; Yin, Corradi and Bohté 2020).</summary>
/// <remarks>
/// <code>g(u) = exp(−u²/2)</code>
/// Area √(2π)·s, τ is the standard deviation. A density of area 1 has s = 1/√(2π) = 0.399.
/// </remarks>
/// <param name="Tau">τ.</param>
/// <param name="Scale">s.</param>
public sealed record GaussianSurrogate(double Tau, double Scale) : Surrogate(Tau, Scale)
{
    /// <inheritdoc/>
    public override double Shape(double u) => PortableMath.Exp(-u * u / 2);
}
