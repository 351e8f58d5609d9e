using Rouser.Core.Parameters;

namespace Rouser.Snn.Thresholds;

/// <summary>
/// Every neuron's threshold follows its own gradient (Rouser; Takaghaj and Sampson, arXiv 2407.19566, equations 5, 8
/// and 10).
/// </summary>
/// <remarks>
/// <code>
/// Th_i = p_i      ∂S/∂Th = −(s/τ) g((V − Th)/τ)
/// </code>
/// or, so that it stays positive, Th_i = softplus(p_i) (<see cref="Softplus"/>; TrSG and others have it so).
/// </remarks>
/// <param name="Init">Th_init.</param>
/// <param name="LearningRate">lr_Th; 0 keeps the thresholds where they are, and measures their gradient all the
/// same.</param>
/// <param name="IsSoftplus">Whether Th = softplus(p).</param>
public sealed record LearnedThreshold(double Init, double LearningRate, bool IsSoftplus = false)
    : TrainedThreshold(Init, LearningRate)
{
    private static readonly Parameter FormParameter = new(
        "threshold.form",
        new ParameterType.Choice("direct", "softplus"),
        "direct",
        "What is trained of a threshold.\n`direct`: the threshold itself (paper).\n`softplus`: ζ, with Th = log(1 + "
            + "e^ζ), which stays positive."
    )
    {
        SilentDefault = true,
    };

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<ThresholdRule> Method { get; } =
        new(
            "learned",
            "each neuron's threshold is trained by its gradient (Rouser; paper, equations 5, 8 and 10).",
            [LearningRateParameter, FormParameter, .. ThresholdBounds.Parameters, .. ThresholdFreeze.Parameters],
            set => new LearnedThreshold(
                set.Real(InitParameter),
                set.Real(LearningRateParameter),
                set.Text(FormParameter) == "softplus"
            )
            {
                Bounds = ThresholdBounds.From(set),
                Freeze = ThresholdFreeze.From(set),
            }
        )
        {
            Requirements =
            [
                .. ThresholdBounds.Requirements,
                .. ThresholdFreeze.Requirements,
                new(
                    InitParameter.Name,
                    set =>
                        set.Text(FormParameter) == "softplus" && set.Real(InitParameter) <= 0
                            ? "threshold.init (0) must be positive for threshold.form softplus, which is above 0"
                            : null
                ),
            ],
        };

    /// <inheritdoc/>
    public override bool PerLayer => false;

    /// <inheritdoc/>
    public override bool IsDirect => !IsSoftplus;

    /// <inheritdoc/>
    public override double Threshold(double p) => IsSoftplus ? Softplus.Of(p) : p;

    /// <inheritdoc/>
    public override double Slope(double p) => IsSoftplus ? Softplus.Slope(p) : 1;

    /// <inheritdoc/>
    public override double Parameter(double threshold) => IsSoftplus ? Softplus.Inverse(threshold) : threshold;
}
