using Rouser.Core.Parameters;

namespace Rouser.Snn.Thresholds;

/// <summary>
/// A learned threshold per layer that cannot leave a range (LTMD; Wang, Cheng and Lim, NeurIPS 2022).
/// </summary>
/// <remarks>
/// <code>
/// Th = κ tanh(w)      dTh/dw = κ (1 − tanh² w)
/// </code>
/// The paper has κ = 1, starts from w = 0.5, a threshold of 0.462, and takes the rectangle of τ = 1 and s = 1. κ is
/// here so that a threshold of 1 or more can be reached as well. The paper's moderate dropout is another matter, and
/// left out.
/// </remarks>
/// <param name="Init">Th_init, below κ.</param>
/// <param name="LearningRate">lr_Th, for w.</param>
/// <param name="Bound">κ.</param>
public sealed record LtmdThreshold(double Init, double LearningRate, double Bound) : TrainedThreshold(Init, LearningRate)
{
    private static readonly Parameter BoundParameter = new(
        "threshold.bound",
        ParameterType.Positive,
        1.0,
        "Bound κ in Th = κ·tanh(w). The paper uses 1."
    );

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<ThresholdRule> Method { get; } =
        new(
            "ltmd",
            "one trained threshold per layer, Th = κ·tanh(w) (LTMD).",
            [LearningRateParameter, BoundParameter, .. ThresholdBounds.Parameters],
            set => new LtmdThreshold(set.Real(InitParameter), set.Real(LearningRateParameter), set.Real(BoundParameter))
            {
                Bounds = ThresholdBounds.From(set),
            }
        )
        {
            Requirements =
            [
                .. ThresholdBounds.Requirements,
                new(
                    ThresholdBounds.FloorParameter.Name,
                    set =>
                        ThresholdBounds.From(set).Floor is { } floor && floor >= set.Real(BoundParameter)
                            ? $"threshold.floor ({new ParameterValue.Real(floor)}) must be below threshold.bound ({set.ValueOf(BoundParameter)}), "
                                + "which the threshold of rule ltmd cannot reach"
                            : null
                )
                {
                    Also = [BoundParameter],
                },
                new(
                    InitParameter.Name,
                    set =>
                        set.Real(InitParameter) >= set.Real(BoundParameter)
                            ? $"threshold.init ({set.ValueOf(InitParameter)}) must be below threshold.bound ({set.ValueOf(BoundParameter)}), "
                                + "which the threshold of rule ltmd cannot reach"
                            : null
                )
                {
                    Also = [BoundParameter],
                },
            ],
        };

    /// <inheritdoc/>
    public override bool PerLayer => true;

    /// <inheritdoc/>
    public override bool IsDirect => false;

    /// <inheritdoc/>
    public override double Threshold(double p) => Bound * Tanh(p);

    /// <inheritdoc/>
    public override double Slope(double p) => Bound * (1 - (Tanh(p) * Tanh(p)));

    /// <inheritdoc/>
    public override double Parameter(double threshold) => PortableMath.Log((Bound + threshold) / (Bound - threshold)) / 2;

    // (1 − e^−2|x|) / (1 + e^−2|x|) never overflows.
    private static double Tanh(double x)
    {
        double e = PortableMath.Exp(-2 * Math.Abs(x));
        return Math.CopySign((1 - e) / (1 + e), x);
    }
}
