using System.Runtime.CompilerServices;

namespace Rouser.Core.Snn.Fused;

/// <summary>A panel of neurons through a piece of time: driven by events, the states in registers.</summary>
internal static unsafe class ForwardKernel
{
    /// <summary>Runs the equations of <see cref="Reference.ReferenceLayer"/> forward for one panel and one sample.</summary>
    /// <param name="c">The neuron.</param>
    /// <param name="steps">T, the steps of the piece.</param>
    /// <param name="idle">The first so many steps have no input.</param>
    /// <param name="offsets"><c>[T − idle + 1]</c>: the input spikes that have effect on step t are <c>inputs[offsets[t − idle]..offsets[t − idle + 1]]</c>.</param>
    /// <param name="inputs">The input neurons that spiked.</param>
    /// <param name="W">The weights' panel, <c>[in × 32]</c>.</param>
    /// <param name="Th">Thresholds, <c>[32]</c>.</param>
    /// <param name="state">I and C before the piece, <c>[2 × 32]</c>, and behind them room for I and C after it.</param>
    /// <param name="V">Receives the potentials before the reset, <c>[T × 32]</c>; null if they are not wanted.</param>
    /// <param name="S">Receives the spikes, one bit per neuron, <c>[T]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TS, TV>(in NeuronConstants c, int steps, int idle, int* offsets, ushort* inputs, float* W, float* Th, float* state, float* V, uint* S)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        TV a = TS.All(c.A), b = TS.All(c.B), zero = TS.All(0);
        bool soft = c.Soft, delayed = c.Delayed, keep = V is not null;
        for (int column = 0; column < Panel.Width; column += 2 * TS.Width)
        {
            float* w0 = W + column, w1 = w0 + TS.Width, v0 = V + column, v1 = v0 + TS.Width;
            TV th0 = TS.Load(Th + column), th1 = TS.Load(Th + column + TS.Width);
            float* I = state + column, C = I + Panel.Width;
            TV i0 = TS.Load(I), i1 = TS.Load(I + TS.Width), carried0 = TS.Load(C), carried1 = TS.Load(C + TS.Width);
            for (int t = 0; t < steps; t++)
            {
                TV drive0 = zero, drive1 = zero;
                int from = t - idle;
                if (from >= 0)
                {
                    int end = offsets[from + 1];
                    for (int k = offsets[from]; k < end; k++)
                    {
                        nint row = (nint)inputs[k] * Panel.Width;
                        drive0 = TS.Add(drive0, TS.Load(w0 + row));
                        drive1 = TS.Add(drive1, TS.Load(w1 + row));
                    }
                }
                TV next0 = Subnormal.Flush<TS, TV>(TS.Fused(a, i0, drive0)), next1 = Subnormal.Flush<TS, TV>(TS.Fused(a, i1, drive1));
                TV x0 = Subnormal.Flush<TS, TV>(TS.Add(carried0, delayed ? i0 : next0));
                TV x1 = Subnormal.Flush<TS, TV>(TS.Add(carried1, delayed ? i1 : next1));
                (i0, i1) = (next0, next1);
                if (keep)
                {
                    TS.Store(v0, x0);
                    TS.Store(v1, x1);
                    v0 += Panel.Width;
                    v1 += Panel.Width;
                }
                TV s0 = TS.AtLeast(x0, th0), s1 = TS.AtLeast(x1, th1);
                uint bits = (TS.Bits(s0) | (TS.Bits(s1) << TS.Width)) << column;
                S[t] = column == 0 ? bits : S[t] | bits;
                if (soft)
                {
                    carried0 = TS.Fused(b, x0, TS.Subtract(zero, TS.Select(s0, th0, zero)));
                    carried1 = TS.Fused(b, x1, TS.Subtract(zero, TS.Select(s1, th1, zero)));
                }
                else
                {
                    carried0 = TS.Select(s0, zero, TS.Multiply(b, x0));
                    carried1 = TS.Select(s1, zero, TS.Multiply(b, x1));
                }
            }
            float* nextI = I + (2 * Panel.Width), nextC = C + (2 * Panel.Width);
            TS.Store(nextI, i0);
            TS.Store(nextI + TS.Width, i1);
            TS.Store(nextC, carried0);
            TS.Store(nextC + TS.Width, carried1);
        }
    }
}
