namespace Rouser.Snn.Fused.Thresholds;

/// <summary>The thresholds of a layer that has none: the kernels meet one that no potential reaches.</summary>
internal sealed class NoThresholds(TrainingSettings settings, int neurons) : LayerThresholds(settings, neurons, hasValues: false)
{
    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> Tensors => [];

    /// <inheritdoc/>
    protected override void Move(FusedLayer layer, UpdateStep step, int samples) { }
}
