using Rouser.Core.Parameters;

namespace Rouser.Snn.Heterogeneities;

/// <summary>
/// Time constants are drawn from a gamma distribution whose mean is the settings' (Perez-Nieves et al. 2021, whose shape
/// is 3).
/// </summary>
/// <remarks>
/// <code>
/// τ = −1/ln b      τ_i = (τ/k) Σ_n −ln(1 − u_in),  n = 1 … k      b_i = exp(−1/τ_i)
/// </code>
/// The sum of k exponential draws, u uniform in [0, 1), is a gamma draw of shape k. The mean of τ_i is τ; that of b_i is a
/// little below b. b_i is clipped to 0.0001 … 0.9999.
/// </remarks>
/// <param name="Of">Which decays.</param>
/// <param name="Shape">k.</param>
public sealed record GammaHeterogeneity(HeterogeneousDecays Of, int Shape) : Heterogeneity(Of)
{
    private static readonly Parameter ShapeParameter = new(
        "neuron.heterogeneity_shape",
        new ParameterType.Integer(1, 1000),
        3,
        "Shape k of the gamma distribution: its standard deviation is 1/√k of the mean."
    );

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Heterogeneity?> Method { get; } =
        new(
            "gamma",
            "time constants follow a gamma distribution whose mean is the settings' (Perez-Nieves et al. 2021).",
            [OfParameter, ShapeParameter],
            set => new GammaHeterogeneity(set.Choice<HeterogeneousDecays>(OfParameter), set.Int32(ShapeParameter))
        )
        {
            Requirements = Heterogeneity.Requirements,
        };

    /// <inheritdoc/>
    protected override double Draw(RandomStream random, double middle)
    {
        double sum = 0;
        for (int n = 0; n < Shape; n++)
            sum -= PortableMath.Log(1 - random.NextDouble());
        // −1/τ_i, with 1/τ = −ln b.
        return PortableMath.Exp(PortableMath.Log(middle) * Shape / Math.Max(sum, 1e-9));
    }
}
