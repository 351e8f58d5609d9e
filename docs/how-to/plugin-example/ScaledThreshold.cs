using Rouser.Core.Parameters;
using Rouser.Snn.Thresholds;

namespace ExamplePlugin;

/// <summary>Thresholds are multiplied by a constant after each batch.</summary>
/// <remarks><code>Th ← c·Th</code></remarks>
/// <param name="Init">Th_init.</param>
/// <param name="Ratio">c.</param>
public sealed record ScaledThreshold(double Init, double Ratio) : BatchwiseThreshold(Init)
{
    private static readonly Parameter RatioParameter = new(
        "threshold.ratio",
        ParameterType.Positive,
        0.999,
        "Ratio c of a threshold to the one before the batch."
    );

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<ThresholdRule> Method { get; } =
        new(
            "scaled",
            "every threshold is multiplied by `threshold.ratio` after each batch.",
            [RatioParameter],
            set => new ScaledThreshold(set.Real(InitParameter), set.Real(RatioParameter))
        );

    /// <inheritdoc/>
    public override double Next(double th, double spikes, double layerSpikes, int neurons, int samples) => Ratio * th;
}
