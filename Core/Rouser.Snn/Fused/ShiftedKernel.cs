using System.Runtime.CompilerServices;

namespace Rouser.Snn.Fused;

/// <summary>∂L/∂S of one neuron over all steps, from ∂L/∂z of the layer above, each neuron of it by its delay later.</summary>
internal static unsafe class ShiftedKernel
{
    // Four vectors of the widest kind are worked on at once.
    private const int Block = 64;

    /// <summary>Steps that are written for so many.</summary>
    public static int Padded(int steps) => (steps + Block - 1) / Block * Block;

    /// <summary>Writes <c>Σ_i w_i g_i[t + D_i]</c>; the sum runs over the neurons above in order, whatever the width.</summary>
    /// <param name="steps">T.</param>
    /// <param name="neurons">Neurons above.</param>
    /// <param name="g">∂L/∂z of the first, with 0 behind its last step.</param>
    /// <param name="panelStride">Floats from its panel to the next.</param>
    /// <param name="lane">Floats from a neuron of a panel to the next.</param>
    /// <param name="w">Its weight from the neuron below; 32 to a panel.</param>
    /// <param name="weightStride">Floats from a panel's to the next's.</param>
    /// <param name="offsets">32 times the delays, and a number below 32.</param>
    /// <param name="offsetStride">From a panel's to the next's.</param>
    /// <param name="to">Receives the sums, <see cref="Padded"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TS, TV>(
        int steps,
        int neurons,
        float* g,
        nint panelStride,
        int lane,
        float* w,
        nint weightStride,
        int* offsets,
        nint offsetStride,
        float* to
    )
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        for (int t = 0; t < steps; t += 4 * TS.Width)
        {
            TV s0 = TS.Broadcast(0),
                s1 = s0,
                s2 = s0,
                s3 = s0;
            for (int p = 0, done = 0; done < neurons; p++, done += WeightPanels.Width)
            {
                int columns = Math.Min(WeightPanels.Width, neurons - done);
                float* x = g + (p * panelStride) + t,
                    weights = w + (p * weightStride);
                int* late = offsets + (p * offsetStride);
                for (int i = 0; i < columns; i++, x += lane)
                {
                    float* at = x + (late[i] / WeightPanels.Width);
                    TV f = TS.Broadcast(weights[i]);
                    s0 = TS.MultiplyAdd(f, TS.Load(at), s0);
                    s1 = TS.MultiplyAdd(f, TS.Load(at + TS.Width), s1);
                    s2 = TS.MultiplyAdd(f, TS.Load(at + (2 * TS.Width)), s2);
                    s3 = TS.MultiplyAdd(f, TS.Load(at + (3 * TS.Width)), s3);
                }
            }
            TS.Store(to + t, s0);
            TS.Store(to + t + TS.Width, s1);
            TS.Store(to + t + (2 * TS.Width), s2);
            TS.Store(to + t + (3 * TS.Width), s3);
        }
    }
}
