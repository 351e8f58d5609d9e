using Rouser.Core.Parameters;

namespace Rouser.Snn.Thresholds;

/// <summary>Every neuron keeps the threshold that it starts with (SLAYER 2.0; Shrestha and Orchard 2018).</summary>
/// <remarks><code>Th_i = Th_init</code></remarks>
/// <param name="Init">Th_init.</param>
public sealed record FixedThreshold(double Init) : ThresholdRule(Init)
{
    /// <summary>Its entry in the sweep file.</summary>
    public static Method<ThresholdRule> Method { get; } =
        new(
            "fixed",
            "every neuron keeps its initial threshold (SLAYER 2.0).",
            [],
            set => new FixedThreshold(set.Real(InitParameter))
        );

    /// <inheritdoc/>
    public override bool StaysFixed => true;
}
