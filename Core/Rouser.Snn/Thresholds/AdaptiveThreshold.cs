using System.Runtime.CompilerServices;
using Rouser.Core.Parameters;
using Rouser.Snn.Fused;
using Rouser.Snn.Reference;

namespace Rouser.Snn.Thresholds;

/// <summary>
/// Every spike raises its neuron's threshold for a while (LSNN and SFA; Bellec et al. 2018; Yin, Corradi and Bohté
/// 2020).
/// </summary>
/// <remarks>
/// A[t] is 0 before the first step:
/// <code>
/// A[t] = ρ A[t−1] + (1 − ρ) S[t−1]      Th[t] = Th_init + β A[t]      S[t] = 1 if V[t] ≥ Th[t] else 0
/// </code>
/// A soft reset subtracts Th[t], the threshold that was crossed. Backward, with gTh[t] = ∂L/∂Th[t] as
/// <see cref="ReferenceLayer"/> has it:
/// <code>
/// gA[t] = ρ gA[t+1] + β gTh[t]          ∂L/∂S[t] gains (1 − ρ) gA[t+1], whatever the reset's gradient follows
/// </code>
/// Th_init is not trained, and it is what the thresholds are reported as.
/// </remarks>
/// <param name="Init">Th_init.</param>
/// <param name="Rho">ρ, the decay of the adaptation per step, below 1.</param>
/// <param name="Beta">β, its strength.</param>
public sealed record AdaptiveThreshold(double Init, double Rho, double Beta) : ThresholdRule(Init)
{
    private static readonly Parameter BetaParameter = new(
        "threshold.adaptation",
        ParameterType.NotNegative,
        1.8,
        "Strength β of the adaptation: the threshold of a neuron that fires at every step rises by β."
    );

    private static readonly Parameter TauParameter = new(
        "threshold.adaptation_tau",
        ParameterType.Positive,
        200.0,
        "Time constant τ of the adaptation in steps; ρ = exp(−1/τ)."
    );

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<ThresholdRule> Method { get; } =
        new(
            "adaptive",
            "each spike raises the neuron's threshold, which then decays to its initial value (ALIF).",
            [BetaParameter, TauParameter],
            set => new AdaptiveThreshold(
                set.Real(InitParameter),
                PortableMath.Exp(-1 / set.Real(TauParameter)),
                set.Real(BetaParameter)
            )
        );

    /// <inheritdoc/>
    internal override ThresholdForm Form => ThresholdForm.Of<Kernel>();

    /// <summary>ρ, 1 − ρ and β.</summary>
    internal override ThresholdConstants Constants => new((float)Rho, (float)(1 - Rho), (float)Beta);

    /// <inheritdoc/>
    internal override ReferenceThreshold ForReference(TrainingSettings settings, ReferenceLayer layer) =>
        new Reference(this, layer);

    /// <summary>The equations above, with A, gA[t+1] and −gTh[t].</summary>
    private readonly struct Kernel : IThresholdKernel
    {
        /// <inheritdoc/>
        public static bool HasState => true;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Threshold<TS, TV>(in ThresholdConstants<TV> c, TV init, TV state)
            where TS : ISimd<TV>
            where TV : unmanaged => TS.MultiplyAdd(c.C, state, init);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Next<TS, TV>(in ThresholdConstants<TV> c, TV state, TV spike)
            where TS : ISimd<TV>
            where TV : unmanaged => Subnormal.Flush<TS, TV>(TS.MultiplyAdd(c.A, state, TS.Select(spike, c.B, TS.Broadcast(0))));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV SpikeGradient<TS, TV>(in ThresholdConstants<TV> c, TV gStateNext, TV gS)
            where TS : ISimd<TV>
            where TV : unmanaged => TS.MultiplyAdd(c.B, gStateNext, gS);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV StateGradient<TS, TV>(in ThresholdConstants<TV> c, TV gStateNext, TV minusGTh)
            where TS : ISimd<TV>
            where TV : unmanaged =>
            Subnormal.Flush<TS, TV>(TS.MultiplyAdd(c.A, gStateNext, TS.Multiply(TS.Subtract(TS.Broadcast(-0f), c.C), minusGTh)));
    }

    private sealed class Reference(AdaptiveThreshold rule, ReferenceLayer layer) : ReferenceThreshold(layer)
    {
        private double[][] _a = [];
        private readonly double[] _gANext = new double[layer.Neurons];

        /// <inheritdoc/>
        public override double ToSpike(int i) => (1 - rule.Rho) * _gANext[i];

        /// <inheritdoc/>
        public override void Start(int samples) => _a = [.. Enumerable.Range(0, samples).Select(_ => new double[Th.Length])];

        /// <inheritdoc/>
        public override double At(int sample, int t, int i) => Th[i] + (rule.Beta * _a[sample][i]);

        /// <inheritdoc/>
        public override void Spiked(int sample, int i, double S) =>
            _a[sample][i] = (rule.Rho * _a[sample][i]) + ((1 - rule.Rho) * S);

        /// <inheritdoc/>
        public override void Cut() => Array.Clear(_gANext);

        /// <inheritdoc/>
        public override void Back(int i, double gTh) => _gANext[i] = (rule.Rho * _gANext[i]) + (rule.Beta * gTh);
    }
}
