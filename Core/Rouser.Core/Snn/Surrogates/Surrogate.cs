namespace Rouser.Core.Snn.Surrogates;

/// <summary>What a sweep file's scale of a surrogate means.</summary>
public enum SurrogateConvention
{
    /// <summary>The slope at the threshold is s/τ (paper, equation 4).</summary>
    Paper,

    /// <summary>A tenth of that: SLAYER 2.0 multiplies every surrogate by 0.1 (lava-dl, <c>neuron/cuba.py</c>, <c>SCALE_RHO_MULT</c>).</summary>
    Lava,
}

/// <summary>The derivative that stands for that of the spike, which has none.</summary>
/// <remarks>
/// Every kind is a shape g with g(0) = 1, stretched to the width τ and the height h:
/// <code>
/// ∂S/∂V = φ      ∂S/∂Th = −φ                 φ = h g(u),   u = (V − Th)/τ,       h = s/τ, or 0.1 s/τ in the convention of lava-dl
/// ∂S/∂V = φ/Th   ∂S/∂Th = −φ V/Th²           φ = h g(u),   u = (V/Th − 1)/τ,     for thresholds that are relative (diet, trsg)
/// </code>
/// So s/τ is the height at the threshold of all kinds, and they differ in shape and in area. Each file says what the kind's own papers call their constants.
/// </remarks>
/// <param name="Tau">τ, the width, in units of the potential, or of the threshold where that is relative.</param>
/// <param name="Scale">s.</param>
public abstract record Surrogate(double Tau, double Scale)
{
    /// <summary>What the scale means.</summary>
    public SurrogateConvention Convention { get; init; }

    /// <summary>h, the height at the threshold.</summary>
    public double Height => (Convention == SurrogateConvention.Lava ? 0.1 * Scale : Scale) / Tau;

    /// <summary>g(u).</summary>
    public abstract double Shape(double u);
}
