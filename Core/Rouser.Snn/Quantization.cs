using Rouser.Core.Parameters;
using Rouser.Snn.Thresholds;

namespace Rouser.Snn;

/// <summary>The numbers that weights and states are rounded to.</summary>
public enum Quantization
{
    /// <summary>Floating-point numbers as they are.</summary>
    None,

    /// <summary>
    /// The fixed-point numbers of SLAYER 2.0, which are Loihi's; <see cref="Reference.LavaFixedPoint"/> has the
    /// equations.
    /// </summary>
    Lava,
}

/// <summary>The words for them.</summary>
public static class Quantizations
{
    /// <summary>All of them.</summary>
    public static MethodFamily<Quantization> Family { get; } =
        new(
            "quantize",
            ParameterType.None,
            "Number format of the network.\n{0}",
            () =>
                [
                    new(ParameterType.None, "floating point.", [], _ => Quantization.None),
                    new(
                        "lava",
                        "weights, decays, thresholds and states are rounded to Loihi's fixed-point numbers, as in lava-dl. "
                            + "The gradient passes the rounding unchanged.",
                        [],
                        _ => Quantization.Lava
                    )
                    {
                        Requirements =
                        [
                            new(
                                "quantize",
                                set =>
                                    set.Choice<ResetKind>(NeuronSettings.ResetParameter) != ResetKind.Hard
                                        ? "quantize: lava needs neuron.reset: hard, the only reset that lava-dl has"
                                        : null
                            ),
                            new(
                                "quantize",
                                set =>
                                    ThresholdRule.Family.Build(set).MovesWithinBatch
                                        ? "quantize: lava rounds thresholds that stand still during a batch, which those of threshold.rule "
                                            + $"{set.ValueOf(ThresholdRule.Family.Selector)} do not"
                                        : null
                            ),
                        ],
                    },
                ]
        )
        {
            IsOpen = false,
            SilentDefault = true,
        };
}
