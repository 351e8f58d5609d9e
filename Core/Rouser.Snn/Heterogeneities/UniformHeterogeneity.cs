using Rouser.Core.Parameters;

namespace Rouser.Snn.Heterogeneities;

/// <summary>Decays are drawn uniformly around the settings'.</summary>
/// <remarks>
/// <code>
/// b_i = b + r u_i min(b, 1 − b),      u_i uniform in [−1, 1)
/// </code>
/// r below 1 keeps b_i inside (0, 1), and b is their mean.
/// </remarks>
/// <param name="Of">Which decays.</param>
/// <param name="Range">r.</param>
public sealed record UniformHeterogeneity(HeterogeneousDecays Of, double Range) : Heterogeneity(Of)
{
    private static readonly Parameter RangeParameter = new(
        "neuron.heterogeneity_range",
        new ParameterType.Real(0, 1, Above: true, Below: true),
        0.5,
        "Half the width of the draw, as a share of the distance from the decay to the nearer of 0 and 1."
    );

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Heterogeneity?> Method { get; } =
        new(
            "uniform",
            "decays are uniform around the settings'.",
            [OfParameter, RangeParameter],
            set => new UniformHeterogeneity(set.Choice<HeterogeneousDecays>(OfParameter), set.Real(RangeParameter))
        )
        {
            Requirements = Heterogeneity.Requirements,
        };

    /// <inheritdoc/>
    protected override double Draw(RandomStream random, double middle) =>
        middle + (Range * random.NextDouble(-1, 1) * Math.Min(middle, 1 - middle));
}
