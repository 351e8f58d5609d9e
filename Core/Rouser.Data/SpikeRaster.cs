using System.Numerics;
using System.Runtime.CompilerServices;

namespace Rouser.Data;

/// <summary>
/// Binary spikes of N neurons over T steps, stored as the neurons that spiked in each step (compressed sparse rows,
/// time-major). Memory grows with the spikes, not with T × N. Immutable.
/// </summary>
/// <remarks>Within a step the neurons are distinct and ascend, so that every sum over them has one order.</remarks>
public sealed class SpikeRaster
{
    /// <summary>The most neurons a raster can address: an index is 16 bits wide.</summary>
    public const int MaxNeurons = 65_536;

    private readonly ReadOnlyMemory<int> _stepOffsets;
    private readonly ReadOnlyMemory<ushort> _neurons;

    /// <summary>Takes over the arrays, which the caller must not change afterwards.</summary>
    /// <inheritdoc cref="SpikeRaster(int, ReadOnlyMemory{int}, ReadOnlyMemory{ushort})"/>
    public SpikeRaster(int neuronCount, int[] stepOffsets, ushort[] neurons)
        : this(
            neuronCount,
            (stepOffsets ?? throw new ArgumentNullException(nameof(stepOffsets))).AsMemory(),
            (neurons ?? throw new ArgumentNullException(nameof(neurons))).AsMemory()
        ) { }

    /// <summary>
    /// Stands on memory that it does not copy, such as that of a mapped file, and that must not change.
    /// </summary>
    /// <param name="neuronCount">N, the number of neurons.</param>
    /// <param name="stepOffsets"><c>[T + 1]</c>: step t's spikes are <c>neurons[stepOffsets[t]..stepOffsets[t +
    /// 1]]</c>.</param>
    /// <param name="neurons">The neurons that spiked, ascending within a step.</param>
    /// <exception cref="ArgumentException">They do not describe such a raster. The check reads all of them
    /// once.</exception>
    public SpikeRaster(int neuronCount, ReadOnlyMemory<int> stepOffsets, ReadOnlyMemory<ushort> neurons)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(neuronCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(neuronCount, MaxNeurons);
        Check(neuronCount, stepOffsets.Span, neurons.Span);
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
    public ReadOnlySpan<ushort> At(int t) => _neurons.Span[_stepOffsets.Span[t].._stepOffsets.Span[t + 1]];

    /// <summary><c>[T + 1]</c>: where each step's spikes start in <see cref="Neurons"/>.</summary>
    public ReadOnlySpan<int> StepOffsets => _stepOffsets.Span;

    /// <summary>All spikes, step after step.</summary>
    public ReadOnlySpan<ushort> Neurons => _neurons.Span;

    // Optimised at once: a packed set is checked in the first milliseconds of a process, before tiered compilation
    // would get to it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Check(int neuronCount, ReadOnlySpan<int> stepOffsets, ReadOnlySpan<ushort> neurons)
    {
        if (stepOffsets.Length < 2 || stepOffsets[0] != 0 || stepOffsets[^1] != neurons.Length)
            throw new ArgumentException("Step offsets start at 0 and end at the number of spikes.", nameof(stepOffsets));
        // In the order of the steps a neuron falls only where a step starts, so the falls at the starts are all there
        // are.
        int fallsAtStarts = 0;
        for (int t = 0; t + 1 < stepOffsets.Length; t++)
        {
            (int start, int end) = (stepOffsets[t], stepOffsets[t + 1]);
            // The upper bound counts before the last step: offsets may rise too far and fall again.
            if (end < start || end > neurons.Length)
                throw new ArgumentException($"Step offsets fall at step {t}.", nameof(stepOffsets));
            if (start > 0 && start < end && neurons[start] <= neurons[start - 1])
                fallsAtStarts++;
        }
        (int falls, int largest) = DecreasesAndMaximum(neurons);
        if (falls != fallsAtStarts || largest >= neuronCount)
            throw new ArgumentException($"The neurons of a step are not ascending below {neuronCount}.", nameof(neurons));
    }

    /// <summary>How many values are not above the one before, and the largest value; −1 if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (int Falls, int Largest) DecreasesAndMaximum(ReadOnlySpan<ushort> values)
    {
        int falls = 0,
            largest = values.IsEmpty ? -1 : values[0],
            i = 1;
        Vector<ushort> largests = Vector<ushort>.Zero;
        while (i + Vector<ushort>.Count <= values.Length)
        {
            // A lane counts in 16 bits, so it is emptied before it can overflow.
            Vector<ushort> counts = Vector<ushort>.Zero;
            for (
                int block = 0;
                block < ushort.MaxValue && i + Vector<ushort>.Count <= values.Length;
                block++, i += Vector<ushort>.Count
            )
            {
                Vector<ushort> here = new(values[i..]);
                counts -= Vector.LessThanOrEqual(here, new Vector<ushort>(values[(i - 1)..]));
                largests = Vector.Max(largests, here);
            }
            for (int lane = 0; lane < Vector<ushort>.Count; lane++)
                falls += counts[lane];
        }
        for (int lane = 0; lane < Vector<ushort>.Count && values.Length > 0; lane++)
            largest = Math.Max(largest, largests[lane]);
        for (; i < values.Length; i++)
        {
            if (values[i] <= values[i - 1])
                falls++;
            largest = Math.Max(largest, values[i]);
        }
        return (falls, largest);
    }
}
