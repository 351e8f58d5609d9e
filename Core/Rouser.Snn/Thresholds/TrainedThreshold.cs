using Rouser.Core.Parameters;
using Rouser.Snn.Fused.Thresholds;
using Rouser.Snn.Reference;

namespace Rouser.Snn.Thresholds;

/// <summary>A threshold that follows its gradient: a function of a parameter p that the optimiser moves.</summary>
/// <remarks>
/// With g_i = ∂L/∂Th_i of neuron i, summed over steps and averaged over the batch:
/// <code>
/// Th_i = f(p)      ∂L/∂p = f′(p) · g_i          if every neuron has a p of its own
///                  ∂L/∂p = f′(p) · Σ_i g_i      if the layer shares one
/// </code>
/// The norm that an epoch reports is that of ∂L/∂p.
/// </remarks>
/// <param name="Init">Th_init; p starts at f⁻¹(Th_init).</param>
/// <param name="LearningRate">lr_Th, The learning rate of p.</param>
public abstract record TrainedThreshold(double Init, double LearningRate) : ThresholdRule(Init)
{
    /// <summary>lr_Th; where nothing is learned, 0 says so too.</summary>
    public static Parameter LearningRateParameter { get; } =
        new("threshold.learning_rate", ParameterType.NotNegative, 0.01, "Learning rate for thresholds, lr_Th.")
        {
            Neutral = new ParameterValue.Real(0),
        };

    /// <summary>The tensor of a <see cref="LayerState"/> that has p, where p is not the threshold itself.</summary>
    public const string ParameterTensor = "thresholds.p";

    /// <summary>After which epoch thresholds stay; null where all epochs train them.</summary>
    public ThresholdFreeze? Freeze { get; init; }

    /// <summary>Whether they stay now: then they have no part in an update, nor in the norm that gradients are clipped by.</summary>
    public bool IsFrozen { get; init; }

    /// <inheritdoc/>
    public override bool StaysFixed => new ParameterValue.Real(LearningRate) == LearningRateParameter.Neutral;

    /// <summary>Whether the neurons of a layer share one p.</summary>
    public abstract bool PerLayer { get; }

    /// <summary>Whether p is the threshold itself, f(p) = p: then no tensor keeps p beside the thresholds.</summary>
    public virtual bool IsDirect => true;

    /// <summary>f(p), the threshold.</summary>
    public virtual double Threshold(double p) => p;

    /// <summary>f′(p).</summary>
    public virtual double Slope(double p) => 1;

    /// <summary>f⁻¹(Th).</summary>
    public virtual double Parameter(double threshold) => threshold;

    /// <summary>p after an update, within <see cref="ThresholdRule.Bounds"/>.</summary>
    public virtual double Bounded(double p)
    {
        if (!Bounds.Any)
            return p;
        double th = Threshold(p),
            bounded = Bounds.Apply(th);
        return bounded == th ? p : Parameter(bounded);
    }

    /// <inheritdoc/>
    internal override LayerThresholds ForLayer(TrainingSettings settings, int neurons) =>
        new TrainedThresholds(this, settings, neurons);

    /// <inheritdoc/>
    internal override ReferenceThreshold ForReference(TrainingSettings settings, ReferenceLayer layer) =>
        new Reference(this, settings, layer);

    private sealed class Reference : ReferenceThreshold
    {
        private readonly TrainedThreshold _rule;
        private readonly ReferenceOptimizer _optimizer;
        private readonly double[] _p;

        /// <summary>Starts from the layer's thresholds.</summary>
        public Reference(TrainedThreshold rule, TrainingSettings settings, ReferenceLayer layer)
            : base(layer)
        {
            _rule = rule;
            _p = [.. (rule.PerLayer ? Th.Take(1) : Th).Select(rule.Parameter)];
            _optimizer = settings.Optimizer.ForReference(_p.Length);
        }

        /// <inheritdoc/>
        public override double[] Gradient(double[] gTh)
        {
            double[] g = _rule.PerLayer ? [gTh.Sum()] : [.. gTh];
            for (int k = 0; k < g.Length; k++)
                g[k] *= _rule.IsDirect ? 1 : _rule.Slope(_p[k]);
            return g;
        }

        /// <inheritdoc/>
        public override void Update(double[] gTh, IReadOnlyList<ReferenceTrace> traces, double rateFactor)
        {
            // Directly trained thresholds may have been set from outside since.
            if (_rule.IsDirect)
                Th.AsSpan(0, _p.Length).CopyTo(_p);
            _optimizer.Update(_p, Gradient(gTh), _rule.LearningRate * rateFactor);
            for (int k = 0; k < _p.Length; k++)
                _p[k] = _rule.Bounded(_p[k]);
            for (int i = 0; i < Th.Length; i++)
                Th[i] = _rule.Threshold(_p[_rule.PerLayer ? 0 : i]);
        }
    }
}
