using System.Numerics;
using Rouser.Data;

namespace Rouser.Snn.Fused;

/// <summary>
/// The events below a layer, sorted by the input neuron: for each the row of ∂L/∂I that it has effect on. A neuron's
/// events are in the order in which a row of the weights' gradient is summed: by group of samples, then backwards in
/// time, then by sample. The sum over a whole batch can so be taken part by part (<see cref="BatchPlan"/>) and comes
/// to the same bytes.
/// </summary>
/// <param name="inputs">Neurons below, or sums of their windows.</param>
/// <param name="samples">Samples at once.</param>
/// <param name="stride">Rows of ∂L/∂I between a sample and the next.</param>
/// <param name="lag">d, the steps from an event to its effect.</param>
/// <param name="pooled">Where each neuron below stands once windows are summed; null if none are.</param>
internal sealed unsafe class SpikeColumns(int inputs, int samples, int stride, int lag, PlaneMap? pooled = null) : IDisposable
{
    private readonly NativeBuffer<int> _starts = new(inputs + 1);

    // [groups × padded in]: how many events each neuron has in a group of samples, and once they are laid, where the
    // next one goes.
    private readonly NativeBuffer<int> _cursors = new((nint)Groups(samples) * WeightPanels.Count(inputs) * WeightPanels.Width);
    private readonly int _width = WeightPanels.Count(inputs) * WeightPanels.Width;
    private readonly NativeBuffer<int> _rows = new(0);

    /// <summary>Groups of samples, the last of which may be smaller.</summary>
    public static int Groups(int samples) => (samples + BatchPlan.Group - 1) / BatchPlan.Group;

    /// <summary><c>[in + 1]</c>: neuron j's events are <c>Rows[Starts[j]..Starts[j + 1]]</c>.</summary>
    public int* Starts => _starts.Pointer;

    /// <summary>The events.</summary>
    public int* Rows => _rows.Pointer;

    /// <summary><c>[in]</c>: whether a neuron has had an event in any batch so far.</summary>
    public NativeBuffer<byte> Touched { get; } = new(inputs);

    /// <summary>
    /// Counts a group's input events that have effect on the given steps. Different groups may be counted at the same
    /// time.
    /// </summary>
    /// <param name="batch">Its samples.</param>
    /// <param name="from">The first step.</param>
    /// <param name="to">One past the last.</param>
    public void Count(int group, ReadOnlySpan<Sample> batch, int from, int to)
    {
        int* counts = Clear(group);
        foreach (Sample sample in batch)
        {
            ReadOnlySpan<int> offsets = sample.Raster.StepOffsets;
            foreach (ushort j in sample.Raster.Neurons[offsets[Math.Max(from - lag, 0)]..offsets[to - lag]])
                counts[j]++;
        }
    }

    /// <summary>
    /// The same for the spikes of the layer below, panels of <c>[T]</c> words for each of the group's
    /// <paramref name="count"/> samples.
    /// </summary>
    public void Count(int group, FusedLayer below, int count, int from, int to)
    {
        int* counts = Clear(group);
        if (pooled is not null)
        {
            EachPooled(group, below, count, from, to, counts, rows: null);
            return;
        }
        for (int k = 0; k < count; k++)
        {
            for (int p = 0; p < below.Panels; p++)
            {
                int first = Math.Max(from - lag, 0);
                SpikeBits.Count(
                    below.Spikes(p, (group * BatchPlan.Group) + k) + first,
                    below.Dropout.Kept((group * BatchPlan.Group) + k)[p],
                    to - lag - first,
                    counts + (p * WeightPanels.Width)
                );
            }
        }
    }

    /// <summary>Makes room for what has been counted.</summary>
    public void Lay(int samples)
    {
        int* starts = _starts.Pointer;
        byte* touched = Touched.Pointer;
        int groups = Groups(samples),
            sum = 0;
        for (int j = 0; j < inputs; j++)
        {
            starts[j] = sum;
            int* cursor = _cursors.Pointer + j;
            for (int g = 0; g < groups; g++, cursor += _width)
            {
                int count = *cursor;
                *cursor = sum;
                sum = checked(sum + count);
            }
            if (sum > starts[j])
                touched[j] = 1;
        }
        starts[inputs] = sum;
        _rows.Reserve(sum);
    }

    /// <summary>Enters what <see cref="Count(int, ReadOnlySpan{Sample}, int, int)"/> counted.</summary>
    public void Enter(int group, ReadOnlySpan<Sample> batch, int from, int to)
    {
        int* cursor = Cursors(group),
            rows = _rows.Pointer;
        for (int t = to - 1; t >= Math.Max(from, lag); t--)
        {
            int row = Row(group, t - from);
            foreach (Sample sample in batch)
            {
                foreach (ushort j in sample.Raster.At(t - lag))
                    rows[cursor[j]++] = row;
                row += stride;
            }
        }
    }

    /// <summary>Enters what <see cref="Count(int, FusedLayer, int, int, int)"/> counted.</summary>
    public void Enter(int group, FusedLayer below, int count, int from, int to)
    {
        int* rows = _rows.Pointer;
        if (pooled is not null)
        {
            EachPooled(group, below, count, from, to, Cursors(group), rows);
            return;
        }
        uint** bits = stackalloc uint*[BatchPlan.Group];
        uint* kept = stackalloc uint[BatchPlan.Group];
        for (int p = 0; p < below.Panels; p++)
        {
            int* cursor = Cursors(group) + (p * WeightPanels.Width);
            for (int k = 0; k < count; k++)
            {
                int slot = (group * BatchPlan.Group) + k;
                bits[k] = below.Spikes(p, slot) - lag;
                kept[k] = below.Dropout.Kept(slot)[p];
            }
            for (int t = to - 1; t >= Math.Max(from, lag); t--)
            {
                int row = Row(group, t - from);
                for (int k = 0; k < count; k++, row += stride)
                {
                    for (uint word = bits[k][t] & kept[k]; word != 0; word &= word - 1)
                        rows[cursor[BitOperations.TrailingZeroCount(word)]++] = row;
                }
            }
        }
    }

    /// <summary>
    /// Lays, in place of events, a row of a sum for each sample, <c>[samples × in]</c>: what a sample summed by itself is
    /// added up in their order.
    /// </summary>
    public void LaySums(int samples)
    {
        _rows.Reserve(samples * inputs);
        for (int j = 0; j < inputs; j++)
        {
            _starts.Pointer[j] = j * samples;
            for (int s = 0; s < samples; s++)
                _rows.Pointer[(j * samples) + s] = (s * inputs) + j;
        }
        _starts.Pointer[inputs] = inputs * samples;
    }

    /// <summary>
    /// Counts, or enters, the spikes of a group whose windows are summed. A window lies in several panels, so that its
    /// events come in the order of their steps only if all panels do.
    /// </summary>
    private void EachPooled(int group, FusedLayer below, int count, int from, int to, int* cursor, int* rows)
    {
        for (int t = to - 1; t >= Math.Max(from, lag); t--)
        {
            int row = Row(group, t - from);
            for (int k = 0; k < count; k++, row += stride)
            {
                int slot = (group * BatchPlan.Group) + k;
                uint* kept = below.Dropout.Kept(slot);
                for (int p = 0; p < below.Panels; p++)
                {
                    for (uint word = below.Spikes(p, slot)[t - lag] & kept[p]; word != 0; word &= word - 1)
                    {
                        ushort j = pooled!.Pooled[(p * WeightPanels.Width) + BitOperations.TrailingZeroCount(word)];
                        if (j == PlaneMap.None)
                            continue;
                        int at = cursor[j]++;
                        if (rows is not null)
                            rows[at] = row;
                    }
                }
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

    private int* Cursors(int group) => _cursors.Pointer + ((nint)group * _width);

    private int* Clear(int group)
    {
        int* counts = Cursors(group);
        new Span<int>(counts, _width).Clear();
        return counts;
    }

    /// <summary>The row of the group's first sample at a step of the piece.</summary>
    private int Row(int group, int step) => (group * BatchPlan.Group * stride) + step;
}
