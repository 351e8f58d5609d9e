using Rouser.Snn.Membranes;
using Rouser.Snn.Reference;

namespace Rouser.Snn.Fused;

/// <summary>
/// b, the decays of a layer's membrane potentials; <see cref="TrainedMembrane"/> has those that are trained.
/// </summary>
internal sealed unsafe class LayerMembrane : IDisposable
{
    private readonly TrainedMembrane? _membrane;
    private readonly LayerParameter? _w;
    private readonly Func<double, double> _slope;
    private readonly int _neurons;
    private readonly bool _lava;

    /// <summary>Starts from the trial's decay.</summary>
    public LayerMembrane(TrainingSettings settings, int neurons)
    {
        (_membrane, _neurons, _slope) = (settings.Neuron.Membrane as TrainedMembrane, neurons, Slope);
        Decays = new NativeBuffer<float>((nint)WeightPanels.Count(neurons) * WeightPanels.Width);
        _lava = settings.Quantization == Quantization.Lava;
        double decay = settings.Neuron.VoltageFactor;
        Decays.Span.Fill(Round(decay));
        if (_membrane is null)
            return;
        _w = new LayerParameter("membrane", _membrane.PerNeuron ? neurons : 1, settings.Optimizer);
        _w.Values.Span.Fill((float)_membrane.Parameter(decay));
        Spread();
    }

    /// <summary>b of each neuron, <c>[32·panels]</c>.</summary>
    public NativeBuffer<float> Decays { get; }

    /// <summary>Whether they have a gradient.</summary>
    public bool IsTrained => _w is not null;

    /// <summary>What a checkpoint keeps.</summary>
    public IEnumerable<LayerTensor> Tensors =>
        _w is null ? [] : [new("membrane.w", _w.Values, 1, (int)_w.Values.Length), .. _w.Moments];

    /// <summary>Takes the gradient of the next update, from ∂L/∂b of each neuron.</summary>
    /// <returns>The squared norm of ∂L/∂w.</returns>
    public double TakeGradient(ReadOnlySpan<float> gradient) => _w!.SetGradient(gradient, _slope);

    /// <summary>Moves the decays against the gradient that was taken.</summary>
    public void Update(UpdateStep step)
    {
        _w!.Update(step, _membrane!.LearningRate);
        foreach (ref float w in _w.Values.Span)
            w = (float)_membrane.Bounded(w);
        Spread();
    }

    /// <summary>Makes the decays from w.</summary>
    public void Spread()
    {
        if (_w is null)
            return;
        for (int i = 0; i < _neurons; i++)
            Decays.Pointer[i] = Round(_membrane!.Decay(_w[i]));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Decays.Dispose();
        _w?.Dispose();
    }

    private float Round(double decay) => (float)(_lava ? LavaFixedPoint.Decay(decay) : decay);

    private double Slope(double w) => _membrane!.Slope(_membrane.Decay(w));
}
