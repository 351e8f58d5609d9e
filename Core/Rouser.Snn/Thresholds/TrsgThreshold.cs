using Rouser.Core.Parameters;

namespace Rouser.Snn.Thresholds;

/// <summary>
/// A learned threshold per layer that stays positive, and a surrogate whose width follows it (TrSG; Kook, Yu, Oh and
/// Park, arXiv 2511.08708).
/// </summary>
/// <remarks>
/// <code>
/// Th = softplus(ζ) = log(1 + e^ζ)      dTh/dζ = 1 / (1 + e^−ζ)
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
            [LearningRateParameter],
            set => new TrsgThreshold(set.Real(InitParameter), set.Real(LearningRateParameter))
        )
        {
            Requirements = [IsPositive("trsg")],
        };

    /// <inheritdoc/>
    public override bool PerLayer => true;

    /// <inheritdoc/>
    public override bool IsDirect => false;

    /// <inheritdoc/>
    internal override ThresholdForm Form => ThresholdForm.Of<RelativeThreshold>();

    /// <inheritdoc/>
    // log(1 + e^ζ) = max(ζ, 0) + log(1 + e^−|ζ|) never overflows.
    public override double Threshold(double p) => Math.Max(p, 0) + PortableMath.Log(1 + PortableMath.Exp(-Math.Abs(p)));

    /// <inheritdoc/>
    public override double Slope(double p)
    {
        double e = PortableMath.Exp(-Math.Abs(p));
        return (p >= 0 ? 1 : e) / (1 + e);
    }

    /// <inheritdoc/>
    // ζ = log(e^Th − 1) = Th + log(1 − e^−Th)
    public override double Parameter(double threshold) => threshold + PortableMath.Log(1 - PortableMath.Exp(-threshold));
}
