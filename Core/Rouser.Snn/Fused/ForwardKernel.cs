using System.Runtime.CompilerServices;
using Rouser.Snn.Currents;
using Rouser.Snn.Thresholds;

namespace Rouser.Snn.Fused;

/// <summary>A panel of neurons through a piece of time: driven by events, the states in registers.</summary>
internal static unsafe class ForwardKernel
{
    /// <summary>
    /// Runs the equations of <see cref="Reference.ReferenceLayer"/> forward for one panel and one sample.
    /// </summary>
    /// <param name="c">What all neurons have in common.</param>
    /// <param name="neurons">What each has for itself.</param>
    /// <param name="steps">T, the steps of the piece.</param>
    /// <param name="idle">The first so many steps have no input.</param>
    /// <param name="offsets"> <c>[T − idle + 1]</c>: the input spikes that have effect on step t are
    /// <c>inputs[offsets[t − idle]..offsets[t − idle + 1]]</c>.
    /// </param>
    /// <param name="inputs">The input neurons that spiked.</param>
    /// <param name="W">The weights' panel, <c>[in × 32]</c>.</param>
    /// <param name="state"> I, C and, if thresholds have a state, A before the piece, <c>[2 or 3 × 32]</c>, and
    /// behind them room for those after it.
    /// </param>
    /// <param name="V">Receives the potentials before the reset, <c>[T × 32]</c>; null if they are not wanted.</param>
    /// <param name="currents">Receives the currents, <c>[T × 32]</c>, if decays of them are trained and potentials are
    /// wanted.</param>
    /// <param name="S">Receives the spikes, one bit per neuron, <c>[T]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TS, TV, TArithmetic, TThreshold, TCurrent>(
        in NeuronConstants c,
        in NeuronPanel neurons,
        int steps,
        int idle,
        int* offsets,
        ushort* inputs,
        float* W,
        float* state,
        float* V,
        float* currents,
        uint* S
    )
        where TS : ISimd<TV>
        where TV : unmanaged
        where TArithmetic : IArithmetic
        where TThreshold : IThresholdKernel
        where TCurrent : ICurrentKernel
    {
        TV zero = TS.Broadcast(0);
        ThresholdConstants<TV> constants = ThresholdConstants<TV>.From<TS>(c.Threshold);
        bool soft = c.Soft,
            delayed = c.Delayed,
            keep = V is not null;
        int states = (TThreshold.HasState ? 3 : 2) * WeightPanels.Width;
        for (int column = 0; column < WeightPanels.Width; column += 2 * TS.Width)
        {
            float* w0 = W + column,
                w1 = w0 + TS.Width,
                v0 = V + column,
                v1 = v0 + TS.Width,
                kept = currents + column,
                Th = neurons.Th + column,
                B = neurons.B + column,
                decay = neurons.A + column;
            TV th0 = TS.Load(Th),
                th1 = TS.Load(Th + TS.Width),
                base0 = th0,
                base1 = th1,
                b0 = TS.Load(B),
                b1 = TS.Load(B + TS.Width),
                decay0 = TS.Load(decay),
                decay1 = TS.Load(decay + TS.Width);
            float* I = state + column,
                C = I + WeightPanels.Width,
                A = C + WeightPanels.Width;
            TV i0 = TS.Load(I),
                i1 = TS.Load(I + TS.Width),
                carried0 = TS.Load(C),
                carried1 = TS.Load(C + TS.Width),
                a0 = zero,
                a1 = zero;
            if (TThreshold.HasState)
                (a0, a1) = (TS.Load(A), TS.Load(A + TS.Width));
            for (int t = 0; t < steps; t++)
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
                TV next0 = TArithmetic.Current<TS, TV>(decay0, i0, drive0),
                    next1 = TArithmetic.Current<TS, TV>(decay1, i1, drive1);
                TV x0 = TArithmetic.Potential<TS, TV>(carried0, delayed ? i0 : next0),
                    x1 = TArithmetic.Potential<TS, TV>(carried1, delayed ? i1 : next1);
                (i0, i1) = (next0, next1);
                if (keep)
                {
                    TS.Store(v0, x0);
                    TS.Store(v1, x1);
                    v0 += WeightPanels.Width;
                    v1 += WeightPanels.Width;
                }
                if (TCurrent.IsTrained && keep)
                {
                    TS.Store(kept, i0);
                    TS.Store(kept + TS.Width, i1);
                    kept += WeightPanels.Width;
                }
                if (TThreshold.IsPerStep)
                {
                    (th0, th1) = (TS.Load(Th), TS.Load(Th + TS.Width));
                    Th += WeightPanels.Width;
                }
                if (TThreshold.HasState)
                    (th0, th1) = (
                        TThreshold.Threshold<TS, TV>(constants, base0, a0),
                        TThreshold.Threshold<TS, TV>(constants, base1, a1)
                    );
                TV s0 = TS.GreaterOrEqual(x0, th0),
                    s1 = TS.GreaterOrEqual(x1, th1);
                uint bits = (TS.Bits(s0) | (TS.Bits(s1) << TS.Width)) << column;
                S[t] = column == 0 ? bits : S[t] | bits;
                if (TThreshold.HasState)
                    (a0, a1) = (TThreshold.Next<TS, TV>(constants, a0, s0), TThreshold.Next<TS, TV>(constants, a1, s1));
                if (soft)
                {
                    carried0 = TArithmetic.Decay<TS, TV>(b0, x0, TS.Subtract(zero, TS.Select(s0, th0, zero)));
                    carried1 = TArithmetic.Decay<TS, TV>(b1, x1, TS.Subtract(zero, TS.Select(s1, th1, zero)));
                }
                else
                {
                    carried0 = TS.Select(s0, zero, TArithmetic.Decay<TS, TV>(b0, x0));
                    carried1 = TS.Select(s1, zero, TArithmetic.Decay<TS, TV>(b1, x1));
                }
            }
            TS.Store(I + states, i0);
            TS.Store(I + states + TS.Width, i1);
            TS.Store(C + states, carried0);
            TS.Store(C + states + TS.Width, carried1);
            if (!TThreshold.HasState)
                continue;
            TS.Store(A + states, a0);
            TS.Store(A + states + TS.Width, a1);
        }
    }
}
