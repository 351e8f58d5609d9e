using Rouser.Core.Parameters;
using Rouser.Snn.Normalizations;
using Rouser.Snn.Thresholds;

namespace Rouser.Snn.Optimizers;

/// <summary>
/// Stochastic weight averaging (Izmailov et al. 2018): the network that is tested and kept is the mean of those at the
/// ends of epochs. Training goes on from the last of them, as if there were no mean. Immutable and safe to share between
/// threads.
/// </summary>
/// <remarks>
/// With θ_e all that a gradient has moved by the end of epoch e (weights, thresholds, and what trained thresholds and
/// decays are made of), and k the first epoch:
/// <code>
/// θ̄_e = θ̄_{e−1} + (θ_e − θ̄_{e−1}) / (e − k + 1)        e = k, k + 1, …
/// </code>
/// <see cref="AveragedEngine"/> does it.
/// </remarks>
/// <param name="FromEpoch">k, from 1.</param>
public sealed record WeightAveraging(int FromEpoch)
{
    private static readonly Parameter FromParameter = new(
        "optimizer.average_from",
        new ParameterType.Integer(1, 1_000_000),
        1,
        "First epoch k whose end counts in the mean; before it the network is tested as it is."
    );

    /// <summary>The ways to average, and none.</summary>
    public static MethodFamily<WeightAveraging?> Family { get; } =
        new(
            "optimizer.averaging",
            ParameterType.None,
            "Whether the network that is tested and kept is a mean over epochs.\n{0}",
            () =>
                [
                    new(ParameterType.None, "it is the network as training leaves it.", [], _ => null),
                    new(
                        "epochs",
                        "it is the mean of the networks at the ends of epochs (Izmailov et al. 2018); training itself goes on "
                            + "from the last one.",
                        [FromParameter],
                        set => new WeightAveraging(set.Int32(FromParameter))
                    )
                    {
                        Requirements =
                        [
                            new(
                                "optimizer.averaging",
                                set =>
                                    Normalization.Family.Build(set) is not null || ThresholdRule.Family.Build(set).NeedsWholeBatch
                                        ? "optimizer.averaging: epochs does not go with "
                                            + (
                                                Normalization.Family.Build(set) is null
                                                    ? "threshold.rule ds_atgo"
                                                    : "normalization.kind tdbn"
                                            )
                                            + ", whose running statistics are those of the network that is trained"
                                        : null
                            ),
                            new(
                                FromParameter.Name,
                                set =>
                                    set.Find("epochs") is ParameterValue.Integer { Value: var epochs }
                                    && set.Int32(FromParameter) > epochs
                                        ? $"optimizer.average_from ({set.Int32(FromParameter)}) comes after the last of {epochs} epochs, "
                                            + "so that nothing would be averaged"
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
