using Rouser.Core.Parameters;

namespace Rouser.Snn.Thresholds;

/// <summary>
/// A learned threshold per layer that stays positive, and a surrogate whose width follows it (TrSG; Kook, Yu, Oh and
/// Park, arXiv 2511.08708).
/// </summary>
/// <remarks>
/// <code>
/// Th = softplus(ζ)                     see <see cref="Softplus"/>
/// ∂S/∂V = φ(z)/Th                      ∂S/∂Th = −φ(z) V/Th²          z = V/Th − 1
/// </code>
/// The authors' code takes the rectangle of τ = 1 and s = 1, and hands on Th·S in place of S. Here a spike is 1, as
/// in every other rule: Th·S is the same network with Th in the weights above, whose gradients differ by that factor.
/// Its initial potential (MP-Init) is another matter, and left out.
/// </remarks>
/// <param name="Init">Th_init, positive.</param>
/// <param name="LearningRate">lr_Th, for ζ.</param>
public sealed record TrsgThreshold(double Init, double LearningRate) : TrainedThreshold(Init, LearningRate)
{
    /// <summary>Its entry in the sweep file.</summary>
    public static Method<ThresholdRule> Method { get; } =
        new(
            "trsg",
            "one trained threshold per layer, as a softplus; the surrogate's width follows it (TrSG).",
            [LearningRateParameter, .. ThresholdBounds.Parameters],
            set => new TrsgThreshold(set.Real(InitParameter), set.Real(LearningRateParameter))
            {
                Bounds = ThresholdBounds.From(set),
            }
        )
        {
            Requirements = [IsPositive("trsg"), .. ThresholdBounds.Requirements],
        };

    /// <inheritdoc/>
    public override bool PerLayer => true;

    /// <inheritdoc/>
    public override bool IsDirect => false;

    /// <inheritdoc/>
    internal override ThresholdForm Form => ThresholdForm.Of<RelativeThreshold>();

    /// <inheritdoc/>
    public override double Threshold(double p) => Softplus.Of(p);

    /// <inheritdoc/>
    public override double Slope(double p) => Softplus.Slope(p);

    /// <inheritdoc/>
    public override double Parameter(double threshold) => Softplus.Inverse(threshold);
}
