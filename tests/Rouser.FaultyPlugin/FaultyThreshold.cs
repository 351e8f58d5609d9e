using Rouser.Core.Parameters;
using Rouser.Snn.Thresholds;

namespace Rouser.FaultyPlugin;

/// <summary>
/// Throws after a batch; and, where the variable <c>FAULTY_PLUGIN</c> says so, already as it is loaded or made.
/// </summary>
/// <param name="Init">Th_init.</param>
public sealed record FaultyThreshold(double Init) : BatchwiseThreshold(Init)
{
    /// <summary>Its entry in the sweep file.</summary>
    public static Method<ThresholdRule> Method { get; } =
        Says("load")
            ? throw new InvalidOperationException("broken as it is loaded")
            : new(
                "faulty",
                "throws.",
                [],
                set =>
                    Says("make")
                        ? throw new InvalidOperationException("broken as it is made")
                        : new FaultyThreshold(set.Real(InitParameter))
            );

    /// <inheritdoc/>
    public override double Next(double th, double spikes, double layerSpikes, int neurons, int samples) =>
        throw new InvalidOperationException("broken as it trains");

    private static bool Says(string when) => Environment.GetEnvironmentVariable("FAULTY_PLUGIN") == when;
}
