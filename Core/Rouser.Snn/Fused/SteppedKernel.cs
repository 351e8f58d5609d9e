using System.Runtime.CompilerServices;

namespace Rouser.Snn.Fused;

/// <summary>
/// The second half of <see cref="ForwardKernel"/> where thresholds need the potentials of a whole batch: one step of
/// one panel in all samples.
/// </summary>
internal static unsafe class SteppedKernel
{
    /// <summary>
    /// Spikes and resets of step t − 1, whose threshold is known by now, then the potentials of step t. Step 0 has
    /// nothing before it, and step T has no potentials.
    /// </summary>
    /// <param name="c">The network's neuron.</param>
    /// <param name="neurons">Its thresholds are those of step t − 1, <c>[32]</c>.</param>
    /// <param name="t">The step, 0 to T.</param>
    /// <param name="isLast">Whether t is T.</param>
    /// <param name="JtoV"> Step t of the first sample: what is added to its potential; overwritten by the potential.
    /// The row before has the potentials of step t − 1.
    /// </param>
    /// <param name="stride">Floats from one sample to the next.</param>
    /// <param name="S">Receives the first sample's spikes of step t − 1.</param>
    /// <param name="strideS">Words from one sample to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TS, TV>(
        in NeuronConstants c,
        in NeuronPanel neurons,
        int t,
        bool isLast,
        int samples,
        float* JtoV,
        nint stride,
        uint* S,
        nint strideS
    )
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        if (t == 0)
            return; // V[0] is J[0].
        TV zero = TS.Broadcast(0);
        bool soft = c.Soft;
        for (int column = 0; column < WeightPanels.Width; column += TS.Width)
        {
            TV th = TS.Load(neurons.Th + column),
                b = TS.Load(neurons.B + column);
            float* v = JtoV + column;
            uint* s = S;
            for (int k = 0; k < samples; k++, v += stride, s += strideS)
            {
                TV x = TS.Load(v - WeightPanels.Width),
                    spike = TS.GreaterOrEqual(x, th);
                uint bits = TS.Bits(spike) << column;
                *s = column == 0 ? bits : *s | bits;
                if (isLast)
                    continue;
                TV carried = soft
                    ? RealArithmetic.Decay<TS, TV>(b, x, TS.Subtract(zero, TS.Select(spike, th, zero)))
                    : TS.Select(spike, zero, RealArithmetic.Decay<TS, TV>(b, x));
                TS.Store(v, RealArithmetic.Potential<TS, TV>(carried, TS.Load(v)));
            }
        }
    }
}
