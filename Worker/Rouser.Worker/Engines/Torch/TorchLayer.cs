using Rouser.Core.Snn;
using Rouser.Core.Snn.Thresholds;
using static TorchSharp.torch;

namespace Rouser.Worker.Engines.Torch;

/// <summary>One layer's parameters on the device, <c>[in × out]</c> and <c>[out]</c>.</summary>
internal sealed class TorchLayer : IDisposable
{
    private readonly TorchParameter _weights, _thresholds;
    private readonly TorchParameter? _length;
    private readonly int _number, _inputs, _neurons;

    /// <summary>Draws the initial weights of layer <paramref name="number"/>, from 1.</summary>
    public TorchLayer(TrainingSettings settings, int number, Device device)
    {
        (_number, _inputs) = (number, number == 1 ? settings.InputCount : settings.LayerSizes[number - 2]);
        _neurons = settings.LayerSizes[number - 1];
        AdamSettings adam = settings.Adam;
        float[] w = InitialWeights.Draw(settings, number), th = new float[_neurons];
        Array.Fill(th, (float)settings.Threshold.Init);
        Neuron = new CubaLif(settings, number == 1);
        _weights = new TorchParameter(w, [_inputs, _neurons], adam, adam.LearningRate, device);
        _thresholds = new TorchParameter(th, [_neurons], adam, (settings.Threshold as TrainedThreshold)?.LearningRate, device);
        if (settings.Weights.Normalize) _length = new TorchParameter(Lengths(w), [_neurons], adam, adam.LearningRate, device);
    }

    /// <summary>The recurrences.</summary>
    public CubaLif Neuron { get; }

    /// <summary>Th.</summary>
    public Tensor Thresholds => _thresholds.Value;

    /// <summary>
    /// W as the forward pass takes it: the weights themselves, or w_i = g_i v_i / ‖v_i‖ (Salimans and Kingma 2016, equation 2). A neuron whose v is all 0
    /// has w = 0 and no gradient.
    /// </summary>
    /// <returns>A tensor of the caller's.</returns>
    public Tensor EffectiveWeights()
    {
        if (_length is null) return _weights.Value.alias();
        using Tensor square = _weights.Value.square(), squares = square.sum(0L), none = squares.eq(0), ones = ones_like(squares);
        using Tensor safe = where(none, ones, squares), lengths = safe.sqrt(), scale = _length.Value / lengths;
        return _weights.Value * scale;
    }

    /// <summary>The Euclidean norms of the last backward pass's gradients.</summary>
    /// <param name="W">What <see cref="EffectiveWeights"/> gave for that pass.</param>
    public (double Weights, double Thresholds) GradientNorms(Tensor W) => (Norm(W), Norm(Thresholds));

    /// <summary>Adam update number <paramref name="update"/>, from 1.</summary>
    public void Update(long update)
    {
        _weights.Update(update);
        _length?.Update(update);
        if (Thresholds.requires_grad) _thresholds.Update(update);
    }

    /// <summary>What is not finite in layer and norms; null if all is.</summary>
    public string? NotFinite(double weightNorm, double thresholdNorm) =>
        !double.IsFinite(weightNorm) ? "the gradient of the weights"
        : !double.IsFinite(thresholdNorm) ? "the gradient of the thresholds"
        : !_weights.IsFinite || _length is { IsFinite: false } ? "a weight"
        : !_thresholds.IsFinite ? "a threshold"
        : null;

    /// <summary>The layer's state; a copy. The tensors have the names that the fused engine gives them.</summary>
    public LayerState Export()
    {
        using IDisposable still = no_grad();
        using Tensor W = EffectiveWeights();
        return new LayerState(_inputs, _neurons, Read(W), Read(Thresholds), Tensors().ToDictionary(t => t.Name, t => Read(t.Tensor)));
    }

    /// <summary>Goes on from an exported state.</summary>
    /// <exception cref="ArgumentException">The state is of another network.</exception>
    public void Import(LayerState state)
    {
        if (state.InputCount != _inputs || state.NeuronCount != _neurons)
        {
            throw new ArgumentException(
                $"The state's layer {_number} is {state.InputCount} × {state.NeuronCount}, the network's {_inputs} × {_neurons}.", nameof(state));
        }
        if (_length is null) Write(_weights.Value, "weights", state.Weights);
        Write(Thresholds, "thresholds", state.Thresholds);
        foreach ((string name, Tensor target) in Tensors())
        {
            if (!state.Tensors.TryGetValue(name, out float[]? values))
                throw new ArgumentException($"The state's layer {_number} lacks the tensor {name}.", nameof(state));
            Write(target, name, values);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Neuron.Dispose();
        _weights.Dispose();
        _thresholds.Dispose();
        _length?.Dispose();
    }

    private IEnumerable<(string Name, Tensor Tensor)> Tensors()
    {
        yield return ("weights.m", _weights.M);
        yield return ("weights.v", _weights.V);
        yield return ("thresholds.m", _thresholds.M);
        yield return ("thresholds.v", _thresholds.V);
        if (_length is null) yield break;
        yield return ("direction", _weights.Value);
        yield return ("length", _length.Value);
        yield return ("length.m", _length.M);
        yield return ("length.v", _length.V);
    }

    private float[] Lengths(float[] w)
    {
        double[] squares = new double[_neurons];
        for (int k = 0; k < w.Length; k++) squares[k % _neurons] += (double)w[k] * w[k];
        return [.. squares.Select(square => (float)Math.Sqrt(square))];
    }

    private static double Norm(Tensor parameter)
    {
        using Tensor? g = parameter.grad;
        if (g is null) return 0;
        using Tensor squares = g.square(), sum = squares.sum(ScalarType.Float64);
        return Math.Sqrt(sum.item<double>());
    }

    private static float[] Read(Tensor source)
    {
        using Tensor values = source.detach(), local = values.cpu();
        return local.data<float>().ToArray();
    }

    private void Write(Tensor target, string name, float[] values)
    {
        if (values.Length != target.numel())
            throw new ArgumentException($"The state's layer {_number} has {values.Length} values of {name}, the network {target.numel()}.", nameof(values));
        using IDisposable still = no_grad();
        using Tensor source = tensor(values, target.shape);
        target.copy_(source);
    }
}
