using Rouser.Core.Parameters;
using Rouser.Snn.Fused.Thresholds;
using Rouser.Snn.Reference;

namespace Rouser.Snn.Thresholds;

/// <summary>
/// A threshold per layer and step that follows the potentials of the batch, and a surrogate as wide as they spread
/// (DS-ATGO; arXiv 2511.13050 and its authors' code).
/// </summary>
/// <remarks>
/// In each layer and at each step, with the mean m[t] and the standard deviation σ[t] (divisor n − 1) of the n = B·N
/// potentials V[t] of the batch and the layer. Both are constants to the gradient:
/// <code>
/// training      Th[t] = f (m[t] + σ[t])      run[t] ← μ run[t] + (1 − μ) Th[t], from Th_init
/// evaluation    Th[t] = run[t]
/// surrogate     its width τ becomes κ[t] τ, its scale s stays: (s/(κτ)) g((V − Th)/(κτ)),      κ[t] = 1 + tanh(σ[t] − 1)
/// </code>
/// Where σ[t] is 0, all potentials are the same and there is nothing to adapt to, as in the steps before the first
/// input arrives: there Th[t] = run[t], run[t] stays, and κ[t] = 1 + tanh(−1). Otherwise every neuron of a resting
/// layer, V = 0 ≥ Th = 0, would fire.
/// <para>
/// The paper has f = 1, μ = 0.9, run from 1, a hard reset and the rectangle of τ = 1 and s = 1, so of width κ and
/// height 1/κ. A threshold is reported as the mean of run over the steps. run is part of the layer's state as the
/// tensor <c>thresholds.running</c>, <c>[T]</c>.
/// </para>
/// </remarks>
/// <param name="Init">Th_init, where run starts.</param>
/// <param name="Factor">f.</param>
/// <param name="Momentum">μ.</param>
public sealed record DsAtgoThreshold(double Init, double Factor, double Momentum) : ThresholdRule(Init)
{
    private static readonly Parameter FactorParameter = new(
        "threshold.factor",
        ParameterType.Positive,
        1.0,
        "Factor f in Th = f·(mean + standard deviation)."
    );

    private static readonly Parameter MomentumParameter = new(
        "threshold.momentum",
        ParameterType.Momentum,
        0.9,
        "Decay μ of the running average per batch."
    );

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<ThresholdRule> Method { get; } =
        new(
            "ds_atgo",
            "at each step, the mean plus the standard deviation of the batch's potentials (DS-ATGO).",
            [FactorParameter, MomentumParameter],
            set => new DsAtgoThreshold(set.Real(InitParameter), set.Real(FactorParameter), set.Real(MomentumParameter))
        )
        {
            Requirements =
            [
                new(
                    MethodSettings.BatchSizeParameter.Name,
                    set =>
                        set.Int64(MethodSettings.BatchSizeParameter) == 1
                            ? "batch_size (1) is too small for threshold.rule ds_atgo, whose thresholds are statistics over a batch; give 2 or more"
                            : null
                ),
            ],
        };

    /// <inheritdoc/>
    internal override ThresholdForm Form => ThresholdForm.Of<Kernel>();

    /// <summary>κ for the standard deviation σ.</summary>
    public static double Width(double deviation)
    {
        double e = PortableMath.Exp(-2 * Math.Abs(deviation - 1));
        return 1 + Math.CopySign((1 - e) / (1 + e), deviation - 1);
    }

    /// <inheritdoc/>
    internal override LayerThresholds ForLayer(TrainingSettings settings, int neurons) =>
        new SteppedThresholds(this, settings, neurons);

    /// <inheritdoc/>
    internal override ReferenceThreshold ForReference(TrainingSettings settings, ReferenceLayer layer) =>
        new Reference(this, settings.StepCount, layer);

    private readonly struct Kernel : IThresholdKernel
    {
        /// <inheritdoc/>
        public static bool IsPerStep => true;
    }

    private sealed class Reference(DsAtgoThreshold rule, int steps, ReferenceLayer layer) : ReferenceThreshold(layer)
    {
        private BatchStatistics? _used;

        /// <inheritdoc/>
        public override double[] Running { get; } = [.. Enumerable.Repeat(rule.Init, steps)];

        /// <inheritdoc/>
        public override void Step(ReferenceTrace[] traces, int t, bool isTraining, BatchStatistics? given)
        {
            _used = traces[0].Statistics;
            double[] V = [.. traces.SelectMany(trace => Enumerable.Range(0, Th.Length).Select(i => trace.V[t, i]))];
            double mean = V.Average(),
                sigma = V.Length > 1 ? Math.Sqrt(V.Sum(v => (v - mean) * (v - mean)) / (V.Length - 1)) : 0;
            _used.Th[t] =
                given is not null ? given.Th[t]
                : isTraining && sigma != 0 ? rule.Factor * (mean + sigma)
                : Running[t];
            _used.Width[t] = given is not null ? given.Width[t] : Width(sigma);
            _used.HasSpread[t] = sigma != 0;
        }

        /// <inheritdoc/>
        public override double At(int sample, int t, int i) => _used!.Th[t];

        /// <inheritdoc/>
        public override double WidthAt(ReferenceTrace trace, int t) => trace.Statistics.Width[t];

        /// <inheritdoc/>
        public override void Update(double[] gTh, IReadOnlyList<ReferenceTrace> traces, double rateFactor)
        {
            BatchStatistics statistics = traces[0].Statistics;
            for (int t = 0; t < Running.Length; t++)
            {
                if (statistics.HasSpread[t])
                    Running[t] = (rule.Momentum * Running[t]) + ((1 - rule.Momentum) * statistics.Th[t]);
            }
        }
    }
}
