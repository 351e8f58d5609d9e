using Rouser.Core.Parameters;
using Rouser.Snn.Membranes;

namespace Rouser.Snn.Thresholds;

/// <summary>
/// A learned threshold and a learned leak per layer (DIET-SNN; Rathi and Roy, IEEE TNNLS 2021, arXiv 2008.03658).
/// </summary>
/// <remarks>
/// <code>
/// Th = p      ∂S/∂V = φ(z)/Th      ∂S/∂Th = −φ(z) V/Th²      z = V/Th − 1
/// </code>
/// The leak is b, the membrane's decay: this rule brings <see cref="LeakMembrane"/> along. The paper's surrogate is
/// φ(z) = 0.3·max(0, 1 − |z|): kind triangle, τ = 1, s = 0.3.
/// </remarks>
/// <param name="Init">Th_init, positive.</param>
/// <param name="LearningRate">lr_Th.</param>
public sealed record DietThreshold(double Init, double LearningRate) : TrainedThreshold(Init, LearningRate)
{
    /// <summary>Its entry in the sweep file.</summary>
    public static Method<ThresholdRule> Method { get; } =
        new(
            "diet",
            "one trained threshold and one trained leak per layer (DIET-SNN).",
            [LearningRateParameter, TrainedMembrane.LearningRateParameter, .. ThresholdBounds.Parameters],
            set => new DietThreshold(set.Real(InitParameter), set.Real(LearningRateParameter))
            {
                Bounds = ThresholdBounds.From(set),
            }
        )
        {
            Requirements =
            [
                IsPositive("diet"),
                .. ThresholdBounds.Requirements,
                new(
                    Membrane.Family.Name,
                    set =>
                        Membrane.Family.Build(set) is TrainedMembrane
                            ? $"neuron.membrane {set.ValueOf(Membrane.Family.Selector)} has no place beside threshold.rule diet, "
                                + "which learns the leak itself; use plain"
                            : null
                ),
            ],
        };

    /// <inheritdoc/>
    public override bool PerLayer => true;

    /// <inheritdoc/>
    internal override ThresholdForm Form => ThresholdForm.Of<RelativeThreshold>();

    /// <inheritdoc/>
    public override Membrane MembraneFor(ParameterSet set) =>
        new LeakMembrane(PerNeuron: false, set.Real(TrainedMembrane.LearningRateParameter));
}
