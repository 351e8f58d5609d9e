namespace Rouser.Core.Snn.Surrogates;

/// <summary>A rectangle (STBP; Wu et al. 2018, equation 24, h₁).</summary>
/// <remarks>
/// <code>g(u) = 1 if |u| &lt; ½ else 0</code>
/// Area s, τ is the whole width: the paper's a₁ is τ, with s = 1.
/// </remarks>
/// <param name="Tau">τ.</param>
/// <param name="Scale">s.</param>
public sealed record RectangleSurrogate(double Tau, double Scale) : Surrogate(Tau, Scale)
{
    /// <inheritdoc/>
    public override double Shape(double u) => Math.Abs(u) < 0.5 ? 1 : 0;
}
