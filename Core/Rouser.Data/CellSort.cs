using System.Buffers;

namespace Rouser.Data;

/// <summary>Turns cells, each a step and a channel, into the compressed rows of a <see cref="SpikeRaster"/>.</summary>
/// <remarks>
/// Two counting sorts, by channel and then, stably, by step. No comparison and no branch depends on the data, which
/// recordings would make unpredictable: a step of N-MNIST holds 14 events of 2,312 channels.
/// </remarks>
internal static class CellSort
{
    /// <summary>A cell as one number, so that sorting moves it at once.</summary>
    public static ulong Cell(int step, int channel) => ((ulong)step << 16) | (ushort)channel;

    /// <summary>Sorts cells and keeps those that stand there often enough, each once.</summary>
    /// <param name="cells">In any order.</param>
    /// <param name="channels">N; every channel is below it.</param>
    /// <param name="least">How often a cell must stand there.</param>
    /// <param name="offsets"><c>[T + 1]</c>, written: where each step's channels start; every step is below T.</param>
    /// <param name="neurons">Written: the channels, ascending within a step; as long as the cells, because it holds
    /// all of them meanwhile.</param>
    /// <returns>How many were kept.</returns>
    public static int Sort(ReadOnlySpan<ulong> cells, int channels, int least, Span<int> offsets, Span<ushort> neurons)
    {
        ulong[] byChannel = ArrayPool<ulong>.Shared.Rent(cells.Length);
        int[] rented = ArrayPool<int>.Shared.Rent(Math.Max(channels + 1, offsets.Length));
        try
        {
            Span<int> next = rented.AsSpan(0, channels + 1);
            next.Clear();
            offsets.Clear();
            foreach (ulong cell in cells)
            {
                next[(ushort)cell + 1]++;
                offsets[(int)(cell >> 16) + 1]++;
            }
            AddUp(next);
            AddUp(offsets);
            Span<ulong> sorted = byChannel.AsSpan(0, cells.Length);
            foreach (ulong cell in cells)
                sorted[next[(ushort)cell]++] = cell;
            next = rented.AsSpan(0, offsets.Length);
            offsets.CopyTo(next);
            foreach (ulong cell in sorted)
                neurons[next[(int)(cell >> 16)]++] = (ushort)cell;
            return Keep(least, offsets, neurons);
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(byChannel);
            ArrayPool<int>.Shared.Return(rented);
        }
    }

    /// <summary>Counts become where each begins.</summary>
    private static void AddUp(Span<int> counts)
    {
        int sum = 0;
        foreach (ref int count in counts)
            count = sum += count;
    }

    /// <summary>In place: what is kept is never ahead of what is still to be read.</summary>
    private static int Keep(int least, Span<int> offsets, Span<ushort> neurons)
    {
        int kept = 0,
            i = 0;
        for (int t = 1; t < offsets.Length; t++)
        {
            int last = -1,
                run = 0;
            for (int end = offsets[t]; i < end; i++)
            {
                int neuron = neurons[i];
                run = neuron == last ? run + 1 : 1;
                last = neuron;
                neurons[kept] = (ushort)neuron;
                kept += run == least ? 1 : 0;
            }
            offsets[t] = kept;
        }
        return kept;
    }
}
