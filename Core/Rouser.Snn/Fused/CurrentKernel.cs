using System.Runtime.CompilerServices;
using Rouser.Snn.Currents;

namespace Rouser.Snn.Fused;

/// <summary>
/// The first half of <see cref="ForwardKernel"/> where thresholds need the potentials of a whole batch: a panel's
/// currents, which depend on no spike of its own.
/// </summary>
internal static unsafe class CurrentKernel
{
    /// <summary>Runs I[t] = a I[t−1] + W S_in[t−d] for one panel and one sample.</summary>
    /// <param name="c">What all neurons have in common.</param>
    /// <param name="neurons">What each has for itself.</param>
    /// <param name="steps">T.</param>
    /// <param name="idle">The first so many steps have no input.</param>
    /// <param name="offsets"> <c>[T − idle + 1]</c>: the input spikes that have effect on step t are
    /// <c>inputs[offsets[t − idle]..offsets[t − idle + 1]]</c>.
    /// </param>
    /// <param name="inputs">The input neurons that spiked.</param>
    /// <param name="W">The weights' panel, <c>[in × 32]</c>.</param>
    /// <param name="J">Receives what is added to each step's potential, I[t−c], <c>[T × 32]</c>.</param>
    /// <param name="currents">Receives the currents, <c>[T × 32]</c>, if decays of them are trained.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TS, TV, TCurrent>(
        in NeuronConstants c,
        in NeuronPanel neurons,
        int steps,
        int idle,
        int* offsets,
        ushort* inputs,
        float* W,
        float* J,
        float* currents
    )
        where TS : ISimd<TV>
        where TV : unmanaged
        where TCurrent : ICurrentKernel
    {
        TV zero = TS.Broadcast(0);
        bool delayed = c.Delayed;
        for (int column = 0; column < WeightPanels.Width; column += 2 * TS.Width)
        {
            float* w0 = W + column,
                w1 = w0 + TS.Width,
                j = J + column,
                kept = currents + column;
            TV a0 = TS.Load(neurons.A + column),
                a1 = TS.Load(neurons.A + column + TS.Width),
                i0 = zero,
                i1 = zero;
            for (int t = 0; t < steps; t++, j += WeightPanels.Width)
            {
                EventRows.Drive<TS, TV, TCurrent>(
                    neurons,
                    t,
                    column,
                    idle,
                    offsets,
                    inputs,
                    w0,
                    w1,
                    out TV drive0,
                    out TV drive1
                );
                TV next0 = RealArithmetic.Current<TS, TV>(a0, i0, drive0),
                    next1 = RealArithmetic.Current<TS, TV>(a1, i1, drive1);
                TS.Store(j, delayed ? i0 : next0);
                TS.Store(j + TS.Width, delayed ? i1 : next1);
                (i0, i1) = (next0, next1);
                if (TCurrent.IsTrained)
                {
                    TS.Store(kept, i0);
                    TS.Store(kept + TS.Width, i1);
                    kept += WeightPanels.Width;
                }
            }
        }
    }
}
