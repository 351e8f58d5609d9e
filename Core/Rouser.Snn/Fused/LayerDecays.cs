using Rouser.Snn.Membranes;
using Rouser.Snn.Reference;

namespace Rouser.Snn.Fused;

/// <summary>
/// The decays of a layer's membrane potentials, b, or of its currents, a; <see cref="ITrainedDecay"/> has those that are
/// trained.
/// </summary>
internal sealed unsafe class LayerDecays : IDisposable
{
    private readonly ITrainedDecay? _trained;
    private readonly LayerParameter? _w;
    private readonly Func<double, double> _slope;
    private readonly string _name;
    private readonly int _neurons;
    private readonly bool _lava,
        _isDrawn;

    /// <summary>Starts from the given decays.</summary>
    /// <param name="settings">The trial's.</param>
    /// <param name="name">The prefix of its tensors' names.</param>
    /// <param name="trained">How they are trained; null if they stay.</param>
    /// <param name="initial">One for each neuron.</param>
    /// <param name="isDrawn">Whether they differ before training.</param>
    public LayerDecays(TrainingSettings settings, string name, ITrainedDecay? trained, double[] initial, bool isDrawn)
    {
        (_trained, _name, _neurons, _isDrawn, _slope) = (trained, name, initial.Length, isDrawn, Slope);
        _lava = settings.Quantization == Quantization.Lava;
        Values = new NativeBuffer<float>((nint)WeightPanels.Count(_neurons) * WeightPanels.Width);
        Values.Span.Fill(Round(initial[0]));
        for (int i = 0; i < _neurons; i++)
            Values.Pointer[i] = Round(initial[i]);
        if (trained is null)
            return;
        _w = new LayerParameter(name, trained.PerNeuron ? _neurons : 1, settings.Optimizer);
        for (int i = 0; i < _w.Values.Length; i++)
            _w.Values.Pointer[i] = (float)trained.Parameter(initial[i]);
        Spread();
    }

    /// <summary>Each neuron's, <c>[32·panels]</c>.</summary>
    public NativeBuffer<float> Values { get; }

    /// <summary>Whether they have a gradient.</summary>
    public bool IsTrained => _w is not null;

    /// <summary>
    /// What a checkpoint keeps: what training moves, or what was drawn. Decays that are the settings' own are not kept.
    /// </summary>
    public IEnumerable<LayerTensor> Tensors =>
        _w is not null ? [new($"{_name}.w", _w.Values, 1, (int)_w.Values.Length), .. _w.Moments]
        : _isDrawn ? [new($"{_name}.decay", Values, 1, _neurons)]
        : [];

    /// <summary>Takes the gradient of the next update, from that by each neuron's decay.</summary>
    /// <returns>The squared norm of ∂L/∂w.</returns>
    public double TakeGradient(ReadOnlySpan<float> gradient) => _w!.SetGradient(gradient, _slope);

    /// <summary>Moves the decays against the gradient that was taken.</summary>
    public void Update(UpdateStep step)
    {
        _w!.Update(step, _trained!.LearningRate);
        foreach (ref float w in _w.Values.Span)
            w = (float)_trained.Bounded(w);
        Spread();
    }

    /// <summary>Makes the decays from w.</summary>
    public void Spread()
    {
        if (_w is null)
            return;
        for (int i = 0; i < _neurons; i++)
            Values.Pointer[i] = Round(_trained!.Decay(_w[i]));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Values.Dispose();
        _w?.Dispose();
    }

    private float Round(double decay) => (float)(_lava ? LavaFixedPoint.Decay(decay) : decay);

    private double Slope(double w) => _trained!.Slope(_trained.Decay(w));
}
