using Rouser.Core.Parameters;
using Rouser.Snn.Surrogates;

namespace Rouser.Snn.Thresholds;

/// <summary>
/// The threshold stays, and each neuron learns a gain on what it gets: the control for learned thresholds, which are
/// such a gain too.
/// </summary>
/// <remarks>
/// <code>
/// V_i = κ_i V′_i,   V′ from W S_in as in <see cref="Reference.ReferenceLayer"/>      S_i = 1 if V_i ≥ Th_init else 0
/// </code>
/// Divided by κ, this is the neuron with the threshold Th′ = Th_init/κ, with either reset; it is how it is computed, and
/// the threshold that is reported. What differs from <see cref="LearnedThreshold"/> is that the optimiser moves κ, and
/// the surrogate:
/// <code>
/// Th′_i = Th_init/κ_i      dTh′/dκ = −Th_init/κ²
/// width constant           u = (V − Th_init)/τ = (V′/Th′ − 1)/(τ/Th_init):   it is relative, of width τ/Th_init and scale s
/// width scaled             u = (V − Th_init)/(κ τ) = (V′ − Th′)/τ:           that of learned thresholds
/// </code>
/// In the second one ∂S/∂V has the height h/κ, so that the gradient by a weight is the one under a learned threshold.
/// Without a gradient through the reset, what the reset takes is a constant in the units of V′.
/// κ starts from 1 and is kept at 0.01 or more, because a gain below 0 would make a neuron fire below its threshold.
/// </remarks>
/// <param name="Init">Th_init, positive.</param>
/// <param name="LearningRate">The learning rate of κ.</param>
/// <param name="ScalesWidth">Whether the surrogate's width is κ τ.</param>
public sealed record GainThreshold(double Init, double LearningRate, bool ScalesWidth) : TrainedThreshold(Init, LearningRate)
{
    private const double LeastGain = 0.01;

    private static readonly Parameter WidthParameter = new(
        "threshold.gain_width",
        new ParameterType.Choice("constant", "scaled"),
        "constant",
        "Width of the surrogate under a gain κ, in the potential that meets the threshold.\n`constant`: τ.\n`scaled`: "
            + "κ·τ, as a learned threshold has it."
    );

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<ThresholdRule> Method { get; } =
        new(
            "gain",
            "thresholds stay, and each neuron learns a factor on its input: the control for learned thresholds.",
            [LearningRateParameter, WidthParameter, .. ThresholdBounds.Parameters, .. ThresholdFreeze.Parameters],
            set => new GainThreshold(
                set.Real(InitParameter),
                set.Real(LearningRateParameter),
                set.Text(WidthParameter) == "scaled"
            )
            {
                Bounds = ThresholdBounds.From(set),
                Freeze = ThresholdFreeze.From(set),
            }
        )
        {
            Requirements =
            [
                IsPositive("gain"),
                .. ThresholdBounds.Requirements,
                .. ThresholdFreeze.Requirements,
                new(
                    Quantizations.Family.Name,
                    set =>
                        Quantizations.Family.Build(set) != Quantization.None
                            ? $"{Quantizations.Family.Name} {set.ValueOf(Quantizations.Family.Selector)} rounds weights and "
                                + "thresholds, which a gain would take apart; use none with threshold.rule gain"
                            : null
                ),
            ],
        };

    /// <inheritdoc/>
    public override bool PerLayer => false;

    /// <inheritdoc/>
    public override bool IsDirect => false;

    /// <inheritdoc/>
    internal override ThresholdForm Form =>
        ScalesWidth ? ThresholdForm.Of<ConstantThreshold>() : ThresholdForm.Of<RelativeThreshold>();

    /// <inheritdoc/>
    public override Surrogate SurrogateFor(ParameterSet set)
    {
        Surrogate surrogate = base.SurrogateFor(set);
        return ScalesWidth ? surrogate : surrogate with { Tau = surrogate.Tau / Init };
    }

    /// <inheritdoc/>
    public override double Threshold(double p) => Init / p;

    /// <inheritdoc/>
    public override double Slope(double p) => -Init / (p * p);

    /// <inheritdoc/>
    public override double Parameter(double threshold) => Init / threshold;

    /// <inheritdoc/>
    public override double Bounded(double p) => Math.Max(base.Bounded(p), LeastGain);
}
