using System.Runtime.CompilerServices;
using Rouser.Snn.Currents;
using Rouser.Snn.Membranes;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;

namespace Rouser.Snn.Fused;

/// <summary>
/// A panel of neurons backwards through a piece of time: surrogate, recurrences and the gradients of what each neuron
/// has for itself, in one pass.
/// </summary>
internal static unsafe class BackwardKernel
{
    /// <summary>
    /// Rows of what is carried from a step to the one before: gV, gI and gA of the step after it, then −∂L/∂Th,
    /// ∂L/∂b and ∂L/∂a of all steps after it.
    /// </summary>
    public const int CarriedRows = 6;

    /// <summary>The first so many of them are gradients of states, which truncation cuts.</summary>
    public const int CarriedStates = 3;

    /// <summary>The row of −∂L/∂Th.</summary>
    public const int ThresholdRow = 3;

    /// <summary>The row of ∂L/∂b.</summary>
    public const int DecayRow = 4;

    /// <summary>The row of ∂L/∂a.</summary>
    public const int CurrentRow = 5;

    /// <summary>
    /// Runs the equations of <see cref="Reference.ReferenceLayer"/> backward for one panel and one sample.
    /// </summary>
    /// <param name="c">What all neurons have in common.</param>
    /// <param name="neurons">What each has for itself. Thresholds that have a state come as a row per step as
    /// well.</param>
    /// <param name="steps">T, the steps of the piece.</param>
    /// <param name="gS">∂L/∂S, <c>[T × 32]</c>.</param>
    /// <param name="VtoGI">The potentials, <c>[T × 32]</c>; each is overwritten by ∂L/∂I once it has been used.</param>
    /// <param name="currents">The currents, <c>[T × 32]</c>, if decays of them are trained.</param>
    /// <param name="carry">What is carried from the step after the piece, <c>[6 × 32]</c>; on return what its first
    /// step hands on.</param>
    public static void Run<TS, TV, TSurrogate, TThreshold, TMembrane, TCurrent>(
        in NeuronConstants c,
        in NeuronPanel neurons,
        int steps,
        float* gS,
        float* VtoGI,
        float* currents,
        float* carry
    )
        where TS : ISimd<TV>
        where TV : unmanaged
        where TSurrogate : ISurrogateKernel
        where TThreshold : IThresholdKernel
        where TMembrane : IMembraneKernel
        where TCurrent : ICurrentKernel
    {
        for (int column = 0; column < WeightPanels.Width; column += TS.Width)
            Column<TS, TV, TSurrogate, TThreshold, TMembrane, TCurrent>(
                c,
                neurons,
                steps,
                neurons.Th + column,
                neurons.A + column,
                neurons.B + column,
                neurons.InputFactors + column,
                gS + column,
                VtoGI + column,
                currents + column,
                carry + column
            );
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Column<TS, TV, TSurrogate, TThreshold, TMembrane, TCurrent>(
        in NeuronConstants c,
        in NeuronPanel neurons,
        int steps,
        float* Th,
        float* A,
        float* B,
        float* inputFactors,
        float* gS,
        float* VtoGI,
        float* currents,
        float* carry
    )
        where TS : ISimd<TV>
        where TV : unmanaged
        where TSurrogate : ISurrogateKernel
        where TThreshold : IThresholdKernel
        where TMembrane : IMembraneKernel
        where TCurrent : ICurrentKernel
    {
        TV th = TS.Load(Th),
            a = TS.Load(A),
            b = TS.Load(B),
            height = TS.Broadcast(c.Height),
            factor = TS.Broadcast(c.Factor),
            zero = TS.Broadcast(0);
        TV minusTh = TS.Subtract(zero, th),
            minusB = TS.Subtract(TS.Broadcast(-0f), b);
        TV inverseTh = TThreshold.IsRelative ? TS.Divide(TS.Broadcast(1), th) : zero;
        ThresholdConstants<TV> constants = ThresholdConstants<TV>.From<TS>(c.Threshold);
        bool delayed = c.Delayed,
            full = c.Gradient == ResetGradientKind.Full,
            clipped = c.Gradient == ResetGradientKind.Clipped;
        bool softToThreshold = c.Soft && c.Gradient != ResetGradientKind.None,
            cutBySpike = !c.Soft && c.Gradient != ResetGradientKind.None;
        bool soft = c.Soft;
        bool scaled = TCurrent.IsNormalized && neurons.HasConstantFactors;
        TV inputFactor = scaled ? TS.Load(inputFactors) : zero;
        TV gVNext = TS.Load(carry),
            gINext = TS.Load(carry + WeightPanels.Width),
            gANext = TThreshold.HasState ? TS.Load(carry + (2 * WeightPanels.Width)) : zero;
        TV sumTh = TS.Load(carry + (ThresholdRow * WeightPanels.Width)),
            sumB = TMembrane.IsTrained ? TS.Load(carry + (DecayRow * WeightPanels.Width)) : zero,
            sumA = TCurrent.IsTrained ? TS.Load(carry + (CurrentRow * WeightPanels.Width)) : zero;
        for (nint t = (nint)(steps - 1) * WeightPanels.Width; t >= 0; t -= WeightPanels.Width)
        {
            if (TThreshold.IsPerStep || TThreshold.HasState)
            {
                th = TS.Load(Th + t);
                minusTh = TS.Subtract(zero, th);
            }
            if (TThreshold.IsPerStep)
                (height, factor) = (
                    TS.Broadcast(neurons.Height[t / WeightPanels.Width]),
                    TS.Broadcast(neurons.Factor[t / WeightPanels.Width])
                );
            TV v = TS.Load(VtoGI + t);
            TV spike = TS.GreaterOrEqual(v, th);
            TV phi = TSurrogate.Run<TS, TV>(
                height,
                factor,
                TThreshold.IsRelative ? TS.MultiplyAdd(v, inverseTh, TS.Broadcast(-1)) : TS.Subtract(v, th)
            );
            TV e = TS.Load(gS + t);
            if (full)
                e = TS.MultiplyAdd(soft ? minusTh : TS.Multiply(minusB, v), gVNext, e);
            if (TThreshold.HasState)
                e = TThreshold.SpikeGradient<TS, TV>(constants, gANext, e);
            TV direct = TS.Multiply(e, phi);
            if (TThreshold.IsRelative)
                direct = TS.Multiply(direct, inverseTh);
            if (clipped)
            {
                TV throughReset = TS.Multiply(
                    soft ? minusTh : TS.Multiply(minusB, v),
                    TThreshold.IsRelative ? TS.Multiply(phi, inverseTh) : phi
                );
                direct = TS.MultiplyAdd(
                    Clipped<TS, TV>(throughReset, cutBySpike ? TS.Select(spike, zero, b) : b),
                    gVNext,
                    direct
                );
            }
            TV byTh = TThreshold.IsRelative ? TS.Multiply(direct, TS.Multiply(v, inverseTh)) : direct;
            TV through = cutBySpike ? TS.Select(spike, zero, gVNext) : gVNext;
            TV gV = Subnormal.Flush<TS, TV>(TS.MultiplyAdd(b, through, direct));
            if (softToThreshold)
                byTh = TS.Add(byTh, TS.Select(spike, gVNext, zero));
            sumTh = TS.Add(sumTh, byTh);
            if (TMembrane.IsTrained)
                sumB = TS.MultiplyAdd(through, v, sumB);
            if (TThreshold.HasState)
                gANext = TThreshold.StateGradient<TS, TV>(constants, gANext, byTh);
            if (TCurrent.IsTrained)
                sumA = TS.MultiplyAdd(gINext, TS.Load(currents + t), sumA);
            TV gI = Subnormal.Flush<TS, TV>(TS.MultiplyAdd(a, gINext, delayed ? gVNext : gV));
            // Further down only the input's share of it is wanted; in time it goes on without the input's factor.
            TS.Store(VtoGI + t, TCurrent.IsNormalized && scaled ? TS.Multiply(inputFactor, gI) : gI);
            (gINext, gVNext) = (gI, gV);
        }
        TS.Store(carry, gVNext);
        TS.Store(carry + WeightPanels.Width, gINext);
        if (TThreshold.HasState)
            TS.Store(carry + (2 * WeightPanels.Width), gANext);
        TS.Store(carry + (ThresholdRow * WeightPanels.Width), sumTh);
        if (TMembrane.IsTrained)
            TS.Store(carry + (DecayRow * WeightPanels.Width), sumB);
        if (TCurrent.IsTrained)
            TS.Store(carry + (CurrentRow * WeightPanels.Width), sumA);
    }

    /// <summary>What passes through the reset, so that it and what is kept of the potential stay within ±1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TV Clipped<TS, TV>(TV throughReset, TV kept)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        TV least = TS.Subtract(TS.Broadcast(-1), kept),
            most = TS.Subtract(TS.Broadcast(1), kept);
        TV raised = TS.Select(TS.GreaterOrEqual(throughReset, least), throughReset, least);
        return TS.Select(TS.GreaterOrEqual(most, raised), raised, most);
    }
}
