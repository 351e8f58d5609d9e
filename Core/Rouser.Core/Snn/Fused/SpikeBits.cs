using System.Numerics;

namespace Rouser.Core.Snn.Fused;

/// <summary>A layer's spikes for one sample, one bit per neuron and step: panels of <c>[T]</c> words, bit i of panel p being neuron 32·p + i.</summary>
internal static unsafe class SpikeBits
{
    /// <summary>Lists the neurons that spiked in each of some steps, ascending.</summary>
    /// <param name="bits">The spikes, <c>[panels × T]</c>.</param>
    /// <param name="panels">Panels.</param>
    /// <param name="steps">T.</param>
    /// <param name="from">The first step of the list.</param>
    /// <param name="to">One past the last.</param>
    /// <param name="offsets">Receives where each step's spikes start, <c>[to − from + 1]</c>.</param>
    /// <param name="neurons">Receives the neurons.</param>
    public static void List(uint* bits, int panels, int steps, int from, int to, int* offsets, ushort* neurons)
    {
        int count = 0;
        for (int t = from; t < to; t++)
        {
            *offsets++ = count;
            for (int p = 0; p < panels; p++)
            {
                for (uint word = bits[((nint)p * steps) + t]; word != 0; word &= word - 1)
                    neurons[count++] = (ushort)((p * Panel.Width) + BitOperations.TrailingZeroCount(word));
            }
        }
        *offsets = count;
    }

    /// <summary>Counts each neuron's spikes, <c>[32·panels]</c>.</summary>
    public static void Count(uint* bits, int panels, int steps, int* counts)
    {
        new Span<int>(counts, panels * Panel.Width).Clear();
        for (int p = 0; p < panels; p++, counts += Panel.Width, bits += steps)
        {
            for (int t = 0; t < steps; t++)
            {
                for (uint word = bits[t]; word != 0; word &= word - 1) counts[BitOperations.TrailingZeroCount(word)]++;
            }
        }
    }
}
