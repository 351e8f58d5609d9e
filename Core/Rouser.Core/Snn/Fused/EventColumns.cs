using System.Numerics;
using Rouser.Core.Data;

namespace Rouser.Core.Snn.Fused;

/// <summary>
/// A batch's events below a layer, sorted by input neuron, then by sample, then by time: the order in which a row of the weights' gradient
/// is summed. An event is kept as the row of ∂L/∂I, <c>[B·(T + 1)]</c>, that it has effect on. Row T of each sample is always 0, so that an event whose
/// effect would come after the last step needs no special case.
/// </summary>
internal sealed unsafe class EventColumns(int inputs, int batchSize, int steps, int lag) : IDisposable
{
    private readonly NativeBuffer<int> _starts = new(inputs + 1);
    private readonly NativeBuffer<int> _cursors = new((nint)batchSize * inputs);
    private readonly NativeBuffer<int> _rows = new(0);

    /// <summary><c>[in + 1]</c>: neuron j's events are <c>Rows[Starts[j]..Starts[j + 1]]</c>.</summary>
    public int* Starts => _starts.Pointer;

    /// <summary>The events.</summary>
    public int* Rows => _rows.Pointer;

    /// <summary><c>[in]</c>: whether a neuron has had an event in any batch so far.</summary>
    public NativeBuffer<byte> Touched { get; } = new(inputs);

    /// <summary>Makes room, from the events that each neuron has in each sample.</summary>
    /// <param name="samples">Samples in the batch.</param>
    /// <param name="counts">Events, <c>[B × countStride]</c>.</param>
    /// <param name="countStride">From one sample's counts to the next's.</param>
    public void Lay(int samples, int* counts, int countStride)
    {
        int* starts = _starts.Pointer;
        _starts.Span.Clear();
        for (int b = 0; b < samples; b++)
        {
            int* count = counts + ((nint)b * countStride);
            for (int j = 0; j < inputs; j++) starts[j + 1] += count[j];
        }
        byte* touched = Touched.Pointer;
        for (int j = 0; j < inputs; j++)
        {
            if (starts[j + 1] > 0) touched[j] = 1;
            starts[j + 1] += starts[j];
        }
        new Span<int>(starts, inputs).CopyTo(new Span<int>(_cursors.Pointer, inputs));
        for (int b = 1; b < samples; b++)
        {
            // A sample's events of a neuron follow those of the sample before.
            int* cursor = _cursors.Pointer + ((nint)b * inputs), before = cursor - inputs, count = counts + ((nint)(b - 1) * countStride);
            for (int j = 0; j < inputs; j++) cursor[j] = before[j] + count[j];
        }
        _rows.Reserve(starts[inputs]);
    }

    /// <summary>Enters one sample's input events. Different samples may be entered at the same time.</summary>
    public void Enter(int sample, SpikeRaster raster)
    {
        int* cursor = _cursors.Pointer + ((nint)sample * inputs), rows = _rows.Pointer;
        ReadOnlySpan<int> offsets = raster.StepOffsets;
        ReadOnlySpan<ushort> neurons = raster.Neurons;
        int row = (sample * (steps + 1)) + lag;
        for (int t = 0; t < steps; t++, row++)
        {
            foreach (ushort j in neurons[offsets[t]..offsets[t + 1]]) rows[cursor[j]++] = row;
        }
    }

    /// <summary>Enters one sample's spikes of the layer below, panels of <c>[T]</c> words. Different samples may be entered at the same time.</summary>
    public void Enter(int sample, uint* bits)
    {
        int* cursor = _cursors.Pointer + ((nint)sample * inputs), rows = _rows.Pointer;
        for (int p = 0; p < Panel.Count(inputs); p++)
        {
            int row = (sample * (steps + 1)) + lag;
            for (int t = 0; t < steps; t++, row++)
            {
                for (uint word = bits[(p * steps) + t]; word != 0; word &= word - 1)
                    rows[cursor[(p * Panel.Width) + BitOperations.TrailingZeroCount(word)]++] = row;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _starts.Dispose();
        _cursors.Dispose();
        _rows.Dispose();
        Touched.Dispose();
    }
}
