using System.Numerics;

namespace Rouser.Core.Snn.Fused;

/// <summary>A layer's spikes for one sample, one bit per neuron and step: panels of <c>[T]</c> words, bit i of panel p being neuron 32·p + i.</summary>
internal static unsafe class SpikeBits
{
    /// <summary>Lists the neurons that spiked in each step, ascending, and counts each neuron's spikes.</summary>
    /// <param name="bits">The spikes, <c>[panels × T]</c>.</param>
    /// <param name="panels">Panels.</param>
    /// <param name="steps">T.</param>
    /// <param name="offsets">Receives where each step's spikes start, <c>[T + 1]</c>.</param>
    /// <param name="neurons">Receives the neurons.</param>
    /// <param name="counts">Receives the spikes of each neuron, <c>[32·panels]</c>.</param>
    public static void List(uint* bits, int panels, int steps, int* offsets, ushort* neurons, int* counts)
    {
        new Span<int>(counts, panels * Panel.Width).Clear();
        int count = 0;
        for (int t = 0; t < steps; t++)
        {
            offsets[t] = count;
            for (int p = 0; p < panels; p++)
            {
                for (uint word = bits[(p * steps) + t]; word != 0; word &= word - 1)
                {
                    int neuron = (p * Panel.Width) + BitOperations.TrailingZeroCount(word);
                    neurons[count++] = (ushort)neuron;
                    counts[neuron]++;
                }
            }
        }
        offsets[steps] = count;
    }
}
