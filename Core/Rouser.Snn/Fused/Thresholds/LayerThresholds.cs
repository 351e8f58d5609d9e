using Rouser.Snn.Reference;
using Rouser.Snn.Thresholds;

namespace Rouser.Snn.Fused.Thresholds;

/// <summary>
/// A layer's thresholds under a rule: what the kernels take of them, and what a batch makes of them. The rules' own
/// files have the equations.
/// </summary>
internal abstract unsafe class LayerThresholds : IDisposable
{
    /// <summary>Above any potential: the padded neurons never spike.</summary>
    protected const float OutOfReach = 1e30f;

    private readonly bool _quantized;

    /// <summary>Starts all thresholds from Th_init, if there are any.</summary>
    protected LayerThresholds(TrainingSettings settings, int neurons, bool hasValues = true)
    {
        _quantized = settings.Quantization == Quantization.Lava;
        Parameter = new LayerParameter(
            "thresholds",
            settings.Threshold is TrainedThreshold { PerLayer: true } ? 1 : neurons,
            settings.Optimizer
        );
        Values = new NativeBuffer<float>(hasValues ? neurons : 0);
        Effective = new NativeBuffer<float>((nint)WeightPanels.Count(neurons) * WeightPanels.Width);
        Values.Span.Fill((float)settings.Threshold.Init);
        Effective.Span.Fill(OutOfReach);
        ApplyThresholds();
    }

    /// <summary>The thresholds, <c>[N]</c>; empty where the layer has none.</summary>
    public NativeBuffer<float> Values { get; }

    /// <summary>
    /// As the kernels take them, <c>[32·panels]</c>: rounded if states are, and out of reach where a neuron is none.
    /// </summary>
    public NativeBuffer<float> Effective { get; }

    /// <summary>
    /// What a checkpoint keeps besides the thresholds themselves. The moments are 0 where no gradient moves them.
    /// </summary>
    public virtual IEnumerable<LayerTensor> Tensors => Parameter.Moments;

    /// <summary>What a gradient moves, if one does.</summary>
    protected LayerParameter Parameter { get; }

    /// <summary>What a panel's neurons have of them.</summary>
    public virtual NeuronPanel PanelOf(int panel) => new() { Th = Effective.Pointer + (panel * WeightPanels.Width) };

    /// <summary>Takes the gradient of the next update, if one moves them.</summary>
    /// <returns>Its squared norm; 0 if there is none.</returns>
    public virtual double TakeGradient(FusedLayer layer, int samples) => 0;

    /// <summary>Changes the thresholds after a batch, by the gradient that was taken or by what the layer did.</summary>
    public void Update(FusedLayer layer, UpdateStep step, int samples)
    {
        Move(layer, step, samples);
        ApplyThresholds();
    }

    /// <summary>Goes on from thresholds, after <see cref="Tensors"/> have been read.</summary>
    public void Import(float[] thresholds)
    {
        thresholds.CopyTo(Values.Span);
        Imported();
        ApplyThresholds();
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        Parameter.Dispose();
        Values.Dispose();
        Effective.Dispose();
    }

    /// <summary>Changes <see cref="Values"/>.</summary>
    protected abstract void Move(FusedLayer layer, UpdateStep step, int samples);

    /// <summary>The thresholds are another network's now.</summary>
    protected virtual void Imported() { }

    private void ApplyThresholds()
    {
        for (int i = 0; i < Values.Length; i++)
            Effective.Pointer[i] = _quantized ? (float)LavaFixedPoint.Threshold(Values.Pointer[i]) : Values.Pointer[i];
    }
}
