using Rouser.Core.Snn.Thresholds;

namespace Rouser.Core.Snn.Fused.Thresholds;

/// <summary><see cref="LeeThreshold"/>.</summary>
internal sealed unsafe class LeeThresholds(LeeThreshold rule, TrainingSettings settings, int neurons) : LayerThresholds(settings, neurons)
{
    private readonly long[] _counts = new long[neurons];

    /// <inheritdoc/>
    protected override double Move(FusedLayer layer, long update, int samples)
    {
        Array.Clear(_counts);
        long total = 0;
        for (int b = 0; b < samples; b++)
        {
            for (int i = 0; i < _counts.Length; i++) _counts[i] += layer.Counts(b)[i];
        }
        foreach (long count in _counts) total += count;
        for (int i = 0; i < _counts.Length; i++)
        {
            double change = rule.Rho / samples * ((_counts.Length * _counts[i]) - total);
            Values.Pointer[i] = (float)Math.Max(Values.Pointer[i] + change, 0);
        }
        return 0;
    }
}
