using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Rouser.Snn.Fused;

/// <summary>
/// A layer's spikes for one sample, one bit per neuron and step: panels of <c>[T]</c> words, bit i of panel p being
/// neuron 32·p + i.
/// </summary>
internal static unsafe class SpikeBits
{
    /// <summary>The bits of a panel's first sixteen neurons, a lane each; shifted by sixteen, those of the others.</summary>
    public static Vector512<uint> Sixteen
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get =>
            Vector512.Create(
                1u,
                1 << 1,
                1 << 2,
                1 << 3,
                1 << 4,
                1 << 5,
                1 << 6,
                1 << 7,
                1 << 8,
                1 << 9,
                1 << 10,
                1 << 11,
                1 << 12,
                1 << 13,
                1 << 14,
                1 << 15
            );
    }

    /// <summary>Lists the neurons that spiked in each of some steps, ascending.</summary>
    /// <param name="bits">The spikes, <c>[panels × T]</c>.</param>
    /// <param name="kept">The neurons to list, <c>[panels]</c>.</param>
    /// <param name="steps">T.</param>
    /// <param name="from">The first step of the list.</param>
    /// <param name="to">One past the last.</param>
    /// <param name="offsets">Receives where each step's spikes start, <c>[to − from + 1]</c>.</param>
    /// <param name="neurons">Receives the neurons.</param>
    public static void List(uint* bits, uint* kept, int panels, int steps, int from, int to, int* offsets, ushort* neurons)
    {
        int count = 0;
        for (int t = from; t < to; t++)
        {
            *offsets++ = count;
            for (int p = 0; p < panels; p++)
            {
                for (uint word = bits[((nint)p * steps) + t] & kept[p]; word != 0; word &= word - 1)
                    neurons[count++] = (ushort)((p * WeightPanels.Width) + BitOperations.TrailingZeroCount(word));
            }
        }
        *offsets = count;
    }

    /// <summary>Lists the neurons that spiked in one step, ascending.</summary>
    /// <returns>How many.</returns>
    public static int List(uint* bits, int panels, int steps, int t, ushort* neurons)
    {
        int count = 0;
        for (int p = 0; p < panels; p++)
        {
            for (uint word = bits[((nint)p * steps) + t]; word != 0; word &= word - 1)
                neurons[count++] = (ushort)((p * WeightPanels.Width) + BitOperations.TrailingZeroCount(word));
        }
        return count;
    }

    /// <summary>
    /// Adds the spikes of those of a panel's neurons that are <paramref name="kept"/> over some steps to
    /// <paramref name="counts"/>, <c>[32]</c>.
    /// </summary>
    /// <remarks>All 32 at a time: a loop over the bits that are set would cost a mispredicted branch a word.</remarks>
    public static void Count(uint* bits, uint kept, int steps, int* counts)
    {
        Vector512<uint> low = Sixteen,
            high = low << 16;
        Vector512<uint> first = Vector512.Load((uint*)counts),
            second = Vector512.Load((uint*)counts + 16);
        for (int t = 0; t < steps; t++)
        {
            Vector512<uint> word = Vector512.Create(bits[t] & kept);
            first -= Vector512.Equals(word & low, low); // A comparison that holds is −1.
            second -= Vector512.Equals(word & high, high);
        }
        first.Store((uint*)counts);
        second.Store((uint*)counts + 16);
    }
}
