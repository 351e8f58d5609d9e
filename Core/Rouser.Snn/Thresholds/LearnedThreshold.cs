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
/// </remarks>
/// <param name="Init">Th_init.</param>
/// <param name="LearningRate">lr_Th; 0 keeps the thresholds where they are, and measures their gradient all the
/// same.</param>
public sealed record LearnedThreshold(double Init, double LearningRate) : TrainedThreshold(Init, LearningRate)
{
    /// <summary>Its entry in the sweep file.</summary>
    public static Method<ThresholdRule> Method { get; } =
        new(
            "learned",
            "each neuron's threshold is trained by its gradient (Rouser; paper, equations 5, 8 and 10).",
            [LearningRateParameter],
            set => new LearnedThreshold(set.Real(InitParameter), set.Real(LearningRateParameter))
        );

    /// <inheritdoc/>
    public override bool PerLayer => false;
}
