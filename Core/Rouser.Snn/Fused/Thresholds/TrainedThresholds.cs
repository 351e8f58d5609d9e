using Rouser.Snn.Thresholds;

namespace Rouser.Snn.Fused.Thresholds;

/// <summary><see cref="TrainedThreshold"/>: all rules that follow a gradient.</summary>
internal sealed unsafe class TrainedThresholds : LayerThresholds
{
    private readonly TrainedThreshold _rule;
    private readonly Func<double, double> _slope;

    /// <summary>Starts p from Th_init.</summary>
    public TrainedThresholds(TrainedThreshold rule, TrainingSettings settings, int neurons)
        : base(settings, neurons)
    {
        (_rule, _slope) = (rule, rule.Slope);
        Parameter.Values.Span.Fill((float)rule.Parameter(rule.Init));
    }

    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> Tensors =>
        _rule.IsDirect
            ? base.Tensors
            : [new(TrainedThreshold.ParameterTensor, Parameter.Values, 1, (int)Parameter.Values.Length), .. base.Tensors];

    /// <inheritdoc/>
    public override double TakeGradient(FusedLayer layer, int samples) =>
        _rule.IsFrozen ? 0 : Parameter.SetGradient(layer.MeanThresholdGradient(samples), _slope);

    /// <inheritdoc/>
    protected override void Move(FusedLayer layer, UpdateStep step, int samples)
    {
        if (_rule.IsFrozen)
            return;
        Parameter.Update(step, _rule.LearningRate);
        foreach (ref float p in Parameter.Values.Span)
            p = (float)_rule.Bounded(p);
        for (int i = 0; i < Values.Length; i++)
            Values.Pointer[i] = (float)_rule.Threshold(Parameter[i]);
    }

    /// <inheritdoc/>
    protected override void Imported()
    {
        if (_rule.IsDirect)
            Values.Span[..(int)Parameter.Values.Length].CopyTo(Parameter.Values.Span);
    }
}
