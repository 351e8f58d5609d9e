namespace Rouser.Core.Snn.Surrogates;

/// <summary>The derivative of a fast sigmoid (SuperSpike; Zenke and Ganguli 2018).</summary>
/// <remarks>
/// <code>g(u) = 1 / (1 + |u|)²</code>
/// Area 2s. SuperSpike's steepness β is 1/τ and its height 1, so that s = τ; snnTorch's <c>slope</c> is 1/τ likewise.
/// </remarks>
/// <param name="Tau">τ.</param>
/// <param name="Scale">s.</param>
public sealed record FastSigmoidSurrogate(double Tau, double Scale) : Surrogate(Tau, Scale)
{
    /// <inheritdoc/>
    public override double Shape(double u) => 1 / ((1 + Math.Abs(u)) * (1 + Math.Abs(u)));
}
