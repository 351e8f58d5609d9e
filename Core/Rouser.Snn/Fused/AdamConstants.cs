namespace Rouser.Snn.Fused;

/// <summary>
/// Adam's constants for one update, see <see cref="Reference.ReferenceAdam"/>; the bias corrections are folded into
/// two factors.
/// </summary>
/// <param name="Beta1">β₁.</param>
/// <param name="OneMinusBeta1">1 − β₁.</param>
/// <param name="Beta2">β₂.</param>
/// <param name="OneMinusBeta2">1 − β₂.</param>
/// <param name="MinusRate">−lr / (1 − β₁ⁿ).</param>
/// <param name="RootCorrection">1 / √(1 − β₂ⁿ).</param>
/// <param name="Epsilon">ε.</param>
internal readonly record struct AdamConstants(
    float Beta1,
    float OneMinusBeta1,
    float Beta2,
    float OneMinusBeta2,
    float MinusRate,
    float RootCorrection,
    float Epsilon
)
{
    /// <summary>The constants of update number <paramref name="update"/>, from 1.</summary>
    public static AdamConstants At(long update, AdamSettings settings, double learningRate) =>
        new(
            (float)settings.Beta1,
            (float)(1 - settings.Beta1),
            (float)settings.Beta2,
            (float)(1 - settings.Beta2),
            (float)(-learningRate / (1 - PortableMath.Power(settings.Beta1, update))),
            (float)(1 / Math.Sqrt(1 - PortableMath.Power(settings.Beta2, update))),
            (float)settings.Epsilon
        );
}
