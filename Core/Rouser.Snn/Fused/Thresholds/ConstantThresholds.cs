using Rouser.Snn.Thresholds;

namespace Rouser.Snn.Fused.Thresholds;

/// <summary>
/// Thresholds that no batch changes: <see cref="FixedThreshold"/>, and what <see cref="AdaptiveThreshold"/> adds to.
/// </summary>
internal sealed class ConstantThresholds(TrainingSettings settings, int neurons) : LayerThresholds(settings, neurons)
{
    /// <inheritdoc/>
    protected override void Move(FusedLayer layer, UpdateStep step, int samples) { }
}
