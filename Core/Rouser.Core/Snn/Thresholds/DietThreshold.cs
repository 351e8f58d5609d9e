namespace Rouser.Core.Snn.Thresholds;

/// <summary>A learned threshold and a learned leak per layer (DIET-SNN; Rathi and Roy, IEEE TNNLS 2021, arXiv 2008.03658).</summary>
/// <remarks>
/// <code>
/// Th = p      ∂S/∂V = φ(z)/Th      ∂S/∂Th = −φ(z) V/Th²      z = V/Th − 1
/// </code>
/// The leak is b, the membrane's decay: this rule brings <see cref="MembraneKind.Leak"/> along. The paper's surrogate is φ(z) = 0.3·max(0, 1 − |z|): kind triangle,
/// τ = 1, s = 0.3.
/// </remarks>
/// <param name="Init">Th_init, positive.</param>
/// <param name="LearningRate">lr_Th.</param>
public sealed record DietThreshold(double Init, double LearningRate) : TrainedThreshold(Init, LearningRate)
{
    /// <inheritdoc/>
    public override bool PerLayer => true;

    /// <inheritdoc/>
    public override bool IsRelative => true;
}
