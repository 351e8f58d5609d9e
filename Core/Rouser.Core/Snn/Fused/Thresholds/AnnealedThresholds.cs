using Rouser.Core.Snn.Thresholds;

namespace Rouser.Core.Snn.Fused.Thresholds;

/// <summary><see cref="AnnealedThreshold"/>.</summary>
internal sealed class AnnealedThresholds(AnnealedThreshold rule, TrainingSettings settings, int neurons) : LayerThresholds(settings, neurons)
{
    /// <inheritdoc/>
    protected override double Move(FusedLayer layer, long update, int samples)
    {
        foreach (ref float th in Values.Span) th = (float)(th + (rule.Rate * (rule.Final - th)));
        return 0;
    }
}
