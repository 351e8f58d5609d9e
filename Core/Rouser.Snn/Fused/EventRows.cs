using System.Runtime.CompilerServices;
using Rouser.Snn.Currents;

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

    /// <summary>The same as the currents take it: normalised, if the layer's input is.</summary>
    /// <param name="neurons">The panel.</param>
    /// <param name="t">The step.</param>
    /// <param name="column">The first vector's column.</param>
    /// <param name="idle">The first so many steps have no input.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Drive<TS, TV, TCurrent>(
        in NeuronPanel neurons,
        int t,
        int column,
        int idle,
        int* offsets,
        ushort* inputs,
        float* w0,
        float* w1,
        out TV drive0,
        out TV drive1
    )
        where TS : ISimd<TV>
        where TV : unmanaged
        where TCurrent : ICurrentKernel
    {
        if (!TCurrent.IsNormalized)
        {
            Sum<TS, TV>(t - idle, offsets, inputs, w0, w1, out drive0, out drive1);
            return;
        }
        TV z0,
            z1;
        if (neurons.Inputs is null)
        {
            Sum<TS, TV>(t - idle, offsets, inputs, w0, w1, out z0, out z1);
        }
        else
        {
            float* z = neurons.Inputs + ((nint)t * WeightPanels.Width) + column;
            (z0, z1) = (TS.Load(z), TS.Load(z + TS.Width));
        }
        float* g = neurons.InputFactors + column,
            k = neurons.InputConstants + column;
        drive0 = TS.MultiplyAdd(TS.Load(g), z0, TS.Load(k));
        drive1 = TS.MultiplyAdd(TS.Load(g + TS.Width), z1, TS.Load(k + TS.Width));
    }
}
