using System.Numerics;
using Rouser.Data;

namespace Rouser.Snn.Fused;

/// <summary>
/// The events below a layer, sorted by the input neuron: for each the row of ∂L/∂I that it has effect on. A neuron's
/// events are in the order in which a row of the weights' gradient is summed: by group of samples, then backwards in
/// time, then by sample. The sum over a whole batch can so be taken part by part (<see cref="BatchPlan"/>) and comes
/// to the same bytes.
/// </summary>
/// <param name="below">Neurons below, or sums of their windows.</param>
/// <param name="own">Neurons of the layer, if it hears itself; else 0. They come after those below.</param>
/// <param name="samples">Samples at once.</param>
/// <param name="stride">Rows of ∂L/∂I between a sample and the next.</param>
/// <param name="lag">d, the steps from an event below to its effect.</param>
/// <param name="pooled">Where each neuron below stands once windows are summed; null if none are.</param>
internal sealed unsafe class SpikeColumns(int below, int own, int samples, int stride, int lag, PlaneMap? pooled = null)
    : IDisposable
{
    /// <summary>Steps from a layer's own spike to its effect on it.</summary>
    private const int OwnLag = 1;

    private readonly NativeBuffer<int> _starts = new(below + own + 1);

    // [groups × padded in]: how many events each neuron has in a group of samples, and once they are laid, where the
    // next one goes.
    private readonly NativeBuffer<int> _cursors = new((nint)Groups(samples) * Width(below, own));
    private readonly int _width = Width(below, own);
    private readonly NativeBuffer<int> _rows = new(0);

    /// <summary>Groups of samples, the last of which may be smaller.</summary>
    public static int Groups(int samples) => (samples + BatchPlan.Group - 1) / BatchPlan.Group;

    /// <summary><c>[in + 1]</c>: neuron j's events are <c>Rows[Starts[j]..Starts[j + 1]]</c>.</summary>
    public int* Starts => _starts.Pointer;

    /// <summary>The events.</summary>
    public int* Rows => _rows.Pointer;

    /// <summary><c>[in]</c>: whether a neuron has had an event in any batch so far.</summary>
    public NativeBuffer<byte> Touched { get; } = new(below + own);

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
    /// The same for the spikes that are heard of the layer below, panels of <c>[T]</c> words for each of the group's
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
            int slot = (group * BatchPlan.Group) + k,
                first = Math.Max(from - lag, 0);
            uint* kept = below.Dropout.Kept(slot);
            for (int p = 0; p < below.Panels; p++)
                SpikeBits.Count(below.Heard(p, slot) + first, kept[p], to - lag - first, counts + (p * WeightPanels.Width));
        }
    }

    /// <summary>Adds the spikes of the layer itself to what has been counted below it.</summary>
    public void CountOwn(int group, FusedLayer layer, int count, int from, int to)
    {
        int* counts = Cursors(group) + below;
        int first = Math.Max(from - OwnLag, 0);
        for (int k = 0; k < count; k++)
        {
            for (int p = 0; p < layer.Panels; p++)
                SpikeBits.Count(
                    layer.Spikes(p, (group * BatchPlan.Group) + k) + first,
                    uint.MaxValue,
                    to - OwnLag - first,
                    counts + (p * WeightPanels.Width)
                );
        }
    }

    /// <summary>Makes room for what has been counted.</summary>
    public void Lay(int samples)
    {
        int* starts = _starts.Pointer;
        byte* touched = Touched.Pointer;
        int groups = Groups(samples),
            sum = 0;
        for (int j = 0; j < below + own; j++)
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
        starts[below + own] = sum;
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
        if (pooled is not null)
        {
            EachPooled(group, below, count, from, to, Cursors(group), _rows.Pointer);
            return;
        }
        uint** bits = stackalloc uint*[BatchPlan.Group];
        uint* kept = stackalloc uint[BatchPlan.Group];
        for (int p = 0; p < below.Panels; p++)
        {
            for (int k = 0; k < count; k++)
            {
                int slot = (group * BatchPlan.Group) + k;
                bits[k] = below.Heard(p, slot) - lag;
                kept[k] = below.Dropout.Kept(slot)[p];
            }
            Enter(group, Cursors(group) + (p * WeightPanels.Width), bits, kept, count, Math.Max(from, lag), from, to);
        }
    }

    /// <summary>Enters what <see cref="CountOwn"/> counted.</summary>
    public void EnterOwn(int group, FusedLayer layer, int count, int from, int to)
    {
        uint** bits = stackalloc uint*[BatchPlan.Group];
        uint* kept = stackalloc uint[BatchPlan.Group];
        new Span<uint>(kept, BatchPlan.Group).Fill(uint.MaxValue);
        for (int p = 0; p < layer.Panels; p++)
        {
            for (int k = 0; k < count; k++)
                bits[k] = layer.Spikes(p, (group * BatchPlan.Group) + k) - OwnLag;
            int* cursor = Cursors(group) + below + (p * WeightPanels.Width);
            Enter(group, cursor, bits, kept, count, Math.Max(from, OwnLag), from, to);
        }
    }

    private void Enter(int group, int* cursor, uint** bits, uint* kept, int count, int first, int from, int to)
    {
        int* rows = _rows.Pointer;
        for (int t = to - 1; t >= first; t--)
        {
            int row = Row(group, t - from);
            for (int k = 0; k < count; k++, row += stride)
            {
                for (uint word = bits[k][t] & kept[k]; word != 0; word &= word - 1)
                    rows[cursor[BitOperations.TrailingZeroCount(word)]++] = row;
            }
        }
    }

    /// <summary>
    /// Lays, in place of events, a row of a sum for each sample, <c>[samples × in]</c>: what a sample summed by itself is
    /// added up in their order.
    /// </summary>
    public void LaySums(int samples)
    {
        _rows.Reserve(samples * below);
        for (int j = 0; j < below; j++)
        {
            _starts.Pointer[j] = j * samples;
            for (int s = 0; s < samples; s++)
                _rows.Pointer[(j * samples) + s] = (s * below) + j;
        }
        _starts.Pointer[below] = below * samples;
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
                    for (uint word = below.Heard(p, slot)[t - lag] & kept[p]; word != 0; word &= word - 1)
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

    // Panels of spikes are counted 32 at a time, also those that end within one; what that adds to is 0.
    private static int Width(int below, int own) =>
        (WeightPanels.Count(below) + (own > 0 ? WeightPanels.Count(own) : 0)) * WeightPanels.Width;

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
