using System.Runtime.CompilerServices;

namespace Rouser.Snn.Fused;

/// <summary>
/// What a step's input spikes bring to a panel: the sum of their rows of the weights, in the order of the spikes.
/// </summary>
internal static unsafe class EventRows
{
    /// <summary>W S_in of one step for two vectors of neurons.</summary>
    /// <param name="step">The step, counted from the first that has input; below 0 there is none.</param>
    /// <param name="offsets">The input spikes of a step are <c>inputs[offsets[step]..offsets[step + 1]]</c>.</param>
    /// <param name="inputs">The input neurons that spiked.</param>
    /// <param name="w0">The first vector's column of the weights' panel, <c>[in × 32]</c>.</param>
    /// <param name="w1">The second's.</param>
    /// <param name="drive0">The first vector's sum.</param>
    /// <param name="drive1">The second's.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sum<TS, TV>(int step, int* offsets, ushort* inputs, float* w0, float* w1, out TV drive0, out TV drive1)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        TV sum0 = TS.Broadcast(0),
            sum1 = TS.Broadcast(0);
        if (step >= 0)
        {
            int end = offsets[step + 1];
            for (int k = offsets[step]; k < end; k++)
            {
                nint row = (nint)inputs[k] * WeightPanels.Width;
                sum0 = TS.Add(sum0, TS.Load(w0 + row));
                sum1 = TS.Add(sum1, TS.Load(w1 + row));
            }
        }
        (drive0, drive1) = (sum0, sum1);
    }
}
