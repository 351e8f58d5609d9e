using Rouser.Snn.Thresholds;

namespace Rouser.Snn.Fused.Thresholds;

/// <summary>
/// <see cref="DsAtgoThreshold"/>: a threshold and a width of the surrogate for each step, and the running average
/// that evaluation takes.
/// </summary>
internal sealed unsafe class SteppedThresholds : LayerThresholds
{
    private readonly DsAtgoThreshold _rule;
    private readonly TrainingSettings _settings;
    private readonly NativeBuffer<float> _running,
        _height,
        _factor,
        _rows,
        _lastRows;
    private readonly float[] _batch;
    private readonly bool[] _hasSpread;
    private readonly int _lastPanel,
        _lastColumns;

    /// <summary>Starts the running average from Th_init.</summary>
    public SteppedThresholds(DsAtgoThreshold rule, TrainingSettings settings, int neurons)
        : base(settings, neurons)
    {
        (_rule, _settings) = (rule, settings);
        int steps = settings.StepCount;
        (_running, _height, _factor) = (new(steps), new(steps), new(steps));
        (_rows, _lastRows) = (new((nint)steps * WeightPanels.Width), new((nint)steps * WeightPanels.Width));
        (_batch, _hasSpread) = (new float[steps], new bool[steps]);
        _lastPanel = WeightPanels.Count(neurons) - 1;
        _lastColumns = neurons - (_lastPanel * WeightPanels.Width);
        _lastRows.Span.Fill(OutOfReach);
        _running.Span.Fill((float)rule.Init);
    }

    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> Tensors =>
        [.. base.Tensors, new("thresholds.running", _running, 1, _settings.StepCount)];

    /// <summary>Takes the running average for all steps.</summary>
    public void UseRunningStatistics()
    {
        for (int t = 0; t < _batch.Length; t++)
            SetRow(t, _running.Pointer[t]);
    }

    /// <summary>Takes a step of a batch as its potentials are distributed.</summary>
    public void UseBatchStatistics(int t, double mean, double deviation)
    {
        _hasSpread[t] = deviation != 0;
        _batch[t] = _hasSpread[t] ? (float)(_rule.Factor * (mean + deviation)) : _running.Pointer[t];
        SetRow(t, _batch[t]);
        double width = DsAtgoThreshold.Width(deviation);
        _height.Pointer[t] = (float)(_settings.Surrogate.Height / width);
        _factor.Pointer[t] = _settings.Surrogate.KernelFactor(_settings.Surrogate.Tau * width);
    }

    /// <inheritdoc/>
    public override NeuronPanel PanelOf(int panel) =>
        new()
        {
            Th = (panel == _lastPanel ? _lastRows : _rows).Pointer,
            Height = _height.Pointer,
            Factor = _factor.Pointer,
        };

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        foreach (NativeBuffer<float> buffer in (ReadOnlySpan<NativeBuffer<float>>)[_running, _height, _factor, _rows, _lastRows])
            buffer.Dispose();
    }

    /// <inheritdoc/>
    protected override void Move(FusedLayer layer, UpdateStep step, int samples)
    {
        for (int t = 0; t < _batch.Length; t++)
        {
            if (_hasSpread[t])
                _running.Pointer[t] = (float)((_rule.Momentum * _running.Pointer[t]) + ((1 - _rule.Momentum) * _batch[t]));
        }
        double sum = 0;
        foreach (float th in _running.Span)
            sum += th;
        Values.Span.Fill((float)(sum / _batch.Length));
    }

    private void SetRow(int t, float th)
    {
        new Span<float>(_rows.Pointer + ((nint)t * WeightPanels.Width), WeightPanels.Width).Fill(th);
        new Span<float>(_lastRows.Pointer + ((nint)t * WeightPanels.Width), _lastColumns).Fill(th);
    }
}
