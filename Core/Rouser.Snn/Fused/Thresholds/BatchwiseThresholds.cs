using Rouser.Snn.Thresholds;

namespace Rouser.Snn.Fused.Thresholds;

/// <summary><see cref="BatchwiseThreshold"/>: all rules that move thresholds by what a layer did.</summary>
internal sealed unsafe class BatchwiseThresholds(BatchwiseThreshold rule, TrainingSettings settings, int neurons)
    : LayerThresholds(settings, neurons)
{
    private readonly long[] _counts = new long[neurons];

    /// <inheritdoc/>
    protected override void Move(FusedLayer layer, UpdateStep step, int samples)
    {
        Array.Clear(_counts);
        long total = 0;
        for (int b = 0; b < samples; b++)
        {
            for (int i = 0; i < _counts.Length; i++)
                _counts[i] += layer.Counts(b)[i];
        }
        foreach (long count in _counts)
            total += count;
        for (int i = 0; i < _counts.Length; i++)
            Values.Pointer[i] = (float)rule.Moved(Values.Pointer[i], _counts[i], total, _counts.Length, samples);
    }
}
