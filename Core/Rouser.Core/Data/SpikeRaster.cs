namespace Rouser.Core.Data;

/// <summary>
/// Binary spikes of N neurons over T steps, stored as the neurons that spiked in each step (compressed sparse rows,
/// time-major). Memory grows with the spikes, not with T × N. Immutable.
/// </summary>
/// <remarks>Within a step the neurons are distinct and ascend, so that every sum over them has one order.</remarks>
public sealed class SpikeRaster
{
    /// <summary>The most neurons a raster can address: an index is 16 bits wide.</summary>
    public const int MaxNeurons = 65_536;

    private readonly int[] _stepOffsets;
    private readonly ushort[] _neurons;

    /// <summary>Takes over the arrays, which the caller must not change afterwards.</summary>
    /// <param name="neuronCount">N, the number of neurons.</param>
    /// <param name="stepOffsets"><c>[T + 1]</c>: step t's spikes are <c>neurons[stepOffsets[t]..stepOffsets[t + 1]]</c>.</param>
    /// <param name="neurons">The neurons that spiked, ascending within a step.</param>
    /// <exception cref="ArgumentException">The arrays do not describe such a raster.</exception>
    public SpikeRaster(int neuronCount, int[] stepOffsets, ushort[] neurons)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(neuronCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(neuronCount, MaxNeurons);
        ArgumentNullException.ThrowIfNull(stepOffsets);
        ArgumentNullException.ThrowIfNull(neurons);
        if (stepOffsets.Length < 2 || stepOffsets[0] != 0 || stepOffsets[^1] != neurons.Length)
            throw new ArgumentException("Step offsets start at 0 and end at the number of spikes.", nameof(stepOffsets));
        for (int t = 0; t + 1 < stepOffsets.Length; t++)
        {
            if (stepOffsets[t + 1] < stepOffsets[t])
                throw new ArgumentException($"Step offsets fall at step {t}.", nameof(stepOffsets));
            for (int k = stepOffsets[t]; k < stepOffsets[t + 1]; k++)
            {
                if (neurons[k] >= neuronCount || (k > stepOffsets[t] && neurons[k] <= neurons[k - 1]))
                    throw new ArgumentException($"Neurons of step {t} are not ascending below {neuronCount}.", nameof(neurons));
            }
        }
        NeuronCount = neuronCount;
        _stepOffsets = stepOffsets;
        _neurons = neurons;
    }

    /// <summary>N, the number of neurons.</summary>
    public int NeuronCount { get; }

    /// <summary>T, the number of steps.</summary>
    public int StepCount => _stepOffsets.Length - 1;

    /// <summary>The number of spikes.</summary>
    public int SpikeCount => _neurons.Length;

    /// <summary>The neurons that spike at step <paramref name="t"/>, ascending.</summary>
    public ReadOnlySpan<ushort> At(int t) => _neurons.AsSpan(_stepOffsets[t], _stepOffsets[t + 1] - _stepOffsets[t]);

    /// <summary><c>[T + 1]</c>: where each step's spikes start in <see cref="Neurons"/>.</summary>
    public ReadOnlySpan<int> StepOffsets => _stepOffsets;

    /// <summary>All spikes, step after step.</summary>
    public ReadOnlySpan<ushort> Neurons => _neurons;
}
