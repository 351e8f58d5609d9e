using Rouser.Core.Parameters;
using Rouser.Snn.Optimizers;

namespace Rouser.Snn.Thresholds;

/// <summary>
/// Thresholds are trained for some epochs and stay from then on: what tells a better start of the weights from better
/// thresholds. <see cref="FrozenEngine"/> does it.
/// </summary>
/// <remarks>
/// With θ_e the weights and all else that is trained, and Th_e the thresholds, at the end of epoch e, and k the last
/// epoch that trains thresholds:
/// <code>
/// Th_e = Th_k      for e &gt; k
/// θ goes on from θ_k, or, with a restart, from θ_0: a fixed-threshold training that starts with Th_k in place of Th_init
/// </code>
/// </remarks>
/// <param name="AfterEpoch">k, from 1.</param>
/// <param name="Restarts">Whether everything but the thresholds begins anew then, the optimiser's moments and the schedule
/// included. Batches go on as they would have.</param>
public sealed record ThresholdFreeze(int AfterEpoch, bool Restarts)
{
    private static readonly Parameter AfterParameter = new(
        "threshold.freeze_after",
        new ParameterType.Integer(0, 1_000_000),
        0,
        "Last epoch that trains thresholds; from then on they stay. 0: every epoch trains them."
    )
    {
        SilentDefault = true,
    };

    private static readonly Parameter RestartParameter = new(
        "threshold.restart",
        new ParameterType.Boolean(),
        false,
        "Whether everything but the thresholds begins anew after `threshold.freeze_after`: weights go back to where they "
            + "started, and the rest is a training with fixed thresholds, but those that were learned."
    )
    {
        SilentDefault = true,
    };

    /// <summary>Both parameters, for the rules whose thresholds follow a gradient.</summary>
    public static IReadOnlyList<Parameter> Parameters => [AfterParameter, RestartParameter];

    /// <summary>From a trial's values; null where thresholds are trained to the end.</summary>
    public static ThresholdFreeze? From(ParameterSet set) =>
        set.Int32(AfterParameter) is > 0 and var epoch ? new(epoch, set.Boolean(RestartParameter)) : null;

    /// <summary>What a rule asks that has them.</summary>
    public static IReadOnlyList<Requirement> Requirements { get; } =
    [
        new(
            AfterParameter.Name,
            set =>
                From(set) is { } freeze
                && set.Find("epochs") is ParameterValue.Integer { Value: var epochs }
                && freeze.AfterEpoch >= epochs
                    ? $"threshold.freeze_after ({freeze.AfterEpoch}) leaves none of the {epochs} epochs with thresholds that stay; "
                        + "take a smaller one, or 0 to train them to the end"
                    : null
        ),
        new(
            RestartParameter.Name,
            set =>
                set.Boolean(RestartParameter) && From(set) is null
                    ? "threshold.restart needs threshold.freeze_after, the epoch after which the weights begin anew"
                    : null
        ),
        new(
            AfterParameter.Name,
            set =>
                From(set) is { Restarts: false } freeze
                && WeightAveraging.Family.Build(set) is { } averaging
                && averaging.FromEpoch <= freeze.AfterEpoch
                    ? $"optimizer.average_from ({averaging.FromEpoch}) must come after threshold.freeze_after ({freeze.AfterEpoch}), or the "
                        + "mean has thresholds from before they stay"
                    : null
        ),
        new(
            RestartParameter.Name,
            set =>
                set.Boolean(RestartParameter) && WeightAveraging.Family.Build(set) is not null
                    ? "threshold.restart does not go with optimizer.averaging, which would average networks from before and after it"
                    : null
        ),
    ];
}
