using System.Runtime.CompilerServices;

namespace Rouser.Core.Snn.Fused;

/// <summary>A panel of neurons backwards through a piece of time: surrogate, both recurrences and the threshold's gradient in one pass.</summary>
internal static unsafe class BackwardKernel
{
    /// <summary>Runs the equations of <see cref="Reference.ReferenceLayer"/> backward for one panel and one sample.</summary>
    /// <param name="c">The neuron.</param>
    /// <param name="steps">T, the steps of the piece.</param>
    /// <param name="Th">Thresholds, <c>[32]</c>.</param>
    /// <param name="gS">∂L/∂S, <c>[T × 32]</c>.</param>
    /// <param name="VtoGI">The potentials, <c>[T × 32]</c>; each is overwritten by ∂L/∂I once it has been used.</param>
    /// <param name="carry">gV and gI of the step after the piece, and −∂L/∂Th of all steps after it, <c>[3 × 32]</c>; on return those of its first step.</param>
    public static void Run<TS, TV>(in NeuronConstants c, int steps, float* Th, float* gS, float* VtoGI, float* carry)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        for (int column = 0; column < Panel.Width; column += TS.Width)
            Column<TS, TV>(c, steps, TS.Load(Th + column), gS + column, VtoGI + column, carry + column);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Column<TS, TV>(in NeuronConstants c, int steps, TV th, float* gS, float* VtoGI, float* carry)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        TV a = TS.All(c.A), b = TS.All(c.B), minusB = TS.All(-c.B), height = TS.All(c.Height), minusInverseTau = TS.All(-c.InverseTau), zero = TS.All(0);
        TV minusTh = TS.Subtract(zero, th);
        bool delayed = c.Delayed, full = c.Gradient == ResetGradientKind.Full;
        bool softToThreshold = c.Soft && c.Gradient != ResetGradientKind.None, cutBySpike = !c.Soft && c.Gradient != ResetGradientKind.None;
        bool soft = c.Soft;
        TV gVNext = TS.Load(carry), gINext = TS.Load(carry + Panel.Width), sum = TS.Load(carry + (2 * Panel.Width));
        for (nint t = (nint)(steps - 1) * Panel.Width; t >= 0; t -= Panel.Width)
        {
            TV v = TS.Load(VtoGI + t);
            TV spike = TS.AtLeast(v, th);
            TV phi = TS.Multiply(height, ExponentialKernel.Run<TS, TV>(TS.Multiply(minusInverseTau, TS.Abs(TS.Subtract(v, th)))));
            TV e = TS.Load(gS + t);
            if (full) e = TS.Fused(soft ? minusTh : TS.Multiply(minusB, v), gVNext, e);
            TV direct = TS.Multiply(e, phi);
            TV through = cutBySpike ? TS.Select(spike, zero, gVNext) : gVNext;
            TV gV = Subnormal.Flush<TS, TV>(TS.Fused(b, through, direct));
            sum = TS.Add(sum, softToThreshold ? TS.Add(direct, TS.Select(spike, gVNext, zero)) : direct);
            TV gI = Subnormal.Flush<TS, TV>(TS.Fused(a, gINext, delayed ? gVNext : gV));
            TS.Store(VtoGI + t, gI);
            (gINext, gVNext) = (gI, gV);
        }
        TS.Store(carry, gVNext);
        TS.Store(carry + Panel.Width, gINext);
        TS.Store(carry + (2 * Panel.Width), sum);
    }
}
