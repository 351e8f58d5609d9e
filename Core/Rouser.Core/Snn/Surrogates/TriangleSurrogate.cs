namespace Rouser.Core.Snn.Surrogates;

/// <summary>A triangle (Esser et al. 2016; Bellec et al. 2018).</summary>
/// <remarks>
/// <code>g(u) = max(0, 1 − |u|)</code>
/// Area s, τ is half the width at the foot. Bellec's γ is the height: τ = 1 and s = γ = 0.3 where the argument is V/Th − 1.
/// </remarks>
/// <param name="Tau">τ.</param>
/// <param name="Scale">s.</param>
public sealed record TriangleSurrogate(double Tau, double Scale) : Surrogate(Tau, Scale)
{
    /// <inheritdoc/>
    public override double Shape(double u) => Math.Max(0, 1 - Math.Abs(u));
}
