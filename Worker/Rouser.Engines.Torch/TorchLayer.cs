using Rouser.Snn;
using Rouser.Snn.Optimizers;
using Rouser.Snn.Thresholds;
using static TorchSharp.torch;

namespace Rouser.Engines.Torch;

/// <summary>One layer's parameters, <c>[in × out]</c> and <c>[out]</c>.</summary>
internal sealed class TorchLayer : IDisposable
{
    private readonly ThresholdRule _rule;
    private readonly TorchParameter _weights,
        _thresholds;
    private readonly TorchParameter? _length;
    private readonly int _number,
        _inputs,
        _neurons;

    /// <summary>Draws the initial weights of layer <paramref name="number"/>, from 1.</summary>
    public TorchLayer(TrainingSettings settings, int number)
    {
        (_number, _inputs) = (number, number == 1 ? settings.InputCount : settings.LayerSizes[number - 2]);
        _neurons = settings.LayerSizes[number - 1];
        AdamOptimizer adam = (AdamOptimizer)settings.Optimizer;
        _rule = settings.Threshold;
        float[] w = InitialWeights.Draw(settings, number),
            p = new float[_rule is TrainedThreshold { PerLayer: true } ? 1 : _neurons];
        Array.Fill(p, (float)(_rule is TrainedThreshold trained ? trained.Parameter(_rule.Init) : _rule.Init));
        Neuron = new CubaLif(settings, number == 1);
        _weights = new TorchParameter(w, [_inputs, _neurons], adam, adam.LearningRate);
        _thresholds = new TorchParameter(p, [p.Length], adam, (_rule as TrainedThreshold)?.LearningRate);
        if (settings.Weights.Normalize)
            _length = new TorchParameter(Lengths(w), [_neurons], adam, adam.LearningRate);
    }

    /// <summary>The recurrences.</summary>
    public CubaLif Neuron { get; }

    /// <summary>
    /// Th, <c>[out]</c>, from what is kept of them: themselves, or the p of a <see cref="TrainedThreshold"/>.
    /// </summary>
    /// <returns>A tensor of the caller's.</returns>
    public Tensor Thresholds()
    {
        switch (_rule)
        {
            case LtmdThreshold ltmd:
                using (
                    Tensor bounded = _thresholds.Value.tanh(),
                        scaled = bounded * (float)ltmd.Bound
                )
                    return scaled.expand(_neurons);
            case TrsgThreshold:
                // log(1 + e^ζ) = max(ζ, 0) + log(1 + e^−|ζ|)
                using (
                    Tensor distance = _thresholds.Value.abs(),
                        decay = distance.neg(),
                        power = decay.exp(),
                        rest = power.log1p(),
                        positive = _thresholds.Value.relu(),
                        sum = positive + rest
                )
                    return sum.expand(_neurons);
            default:
                return _thresholds.Value.alias();
        }
    }

    /// <summary>
    /// W as the forward pass takes it: the weights themselves, or w_i = g_i v_i / ‖v_i‖ (Salimans and Kingma 2016,
    /// equation 2). A neuron whose v is all 0 has w = 0 and no gradient.
    /// </summary>
    /// <returns>A tensor of the caller's.</returns>
    public Tensor EffectiveWeights()
    {
        if (_length is null)
            return _weights.Value.alias();
        using Tensor square = _weights.Value.square(),
            squares = square.sum(0L),
            none = squares.eq(0),
            ones = ones_like(squares);
        using Tensor safe = where(none, ones, squares),
            lengths = safe.sqrt(),
            scale = _length.Value / lengths;
        return _weights.Value * scale;
    }

    /// <summary>The Euclidean norms of the last backward pass's gradients.</summary>
    /// <param name="W">What <see cref="EffectiveWeights"/> gave for that pass.</param>
    public (double Weights, double Thresholds) GradientNorms(Tensor W) => (Norm(W), Norm(_thresholds.Value));

    /// <summary>
    /// Update number <paramref name="update"/>, from 1, and what the threshold's rule does after a batch.
    /// </summary>
    /// <param name="update">From 1.</param>
    /// <param name="spikes">The spikes of each neuron in the batch.</param>
    /// <param name="samples">The batch's samples.</param>
    /// <param name="rateFactor">The schedule's factor of learning rates.</param>
    public void Update(long update, long[] spikes, int samples, double rateFactor)
    {
        _weights.Update(update, rateFactor);
        _length?.Update(update, rateFactor);
        if (_thresholds.Value.requires_grad)
            _thresholds.Update(update, rateFactor);
        if (_rule is TrainedThreshold { Bounds.Any: true } trained)
            Write(_thresholds.Value, "thresholds", [.. Read(_thresholds.Value).Select(p => (float)trained.Bounded(p))]);
        if (_rule is BatchwiseThreshold batchwise)
            Write(_thresholds.Value, "thresholds", Moved(batchwise, Read(_thresholds.Value), spikes, samples));
    }

    /// <summary>
    /// Whether the engine has the rule: those that follow spike counts are one function for all engines, and so are
    /// thresholds that are trained themselves; a function of what is trained needs its form here.
    /// </summary>
    public static bool Offers(ThresholdRule rule) =>
        rule is FixedThreshold or BatchwiseThreshold or LtmdThreshold or TrsgThreshold or TrainedThreshold { IsDirect: true };

    private static float[] Moved(BatchwiseThreshold rule, float[] th, long[] spikes, int samples)
    {
        long sum = spikes.Sum();
        return [.. th.Select((x, i) => (float)rule.Moved(x, spikes[i], sum, th.Length, samples))];
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
        using Tensor W = EffectiveWeights(),
            Th = Thresholds();
        return new LayerState(_inputs, _neurons, Read(W), Read(Th), Tensors().ToDictionary(t => t.Name, t => Read(t.Tensor)));
    }

    /// <summary>Goes on from an exported state.</summary>
    /// <exception cref="ArgumentException">The state is of another network.</exception>
    public void Import(LayerState state)
    {
        if (state.InputCount != _inputs || state.NeuronCount != _neurons)
        {
            throw new ArgumentException(
                $"The state's layer {_number} is {state.InputCount} × {state.NeuronCount}, the network's {_inputs} × {_neurons}.",
                nameof(state)
            );
        }
        if (_length is null)
            Write(_weights.Value, "weights", state.Weights);
        if (_rule is TrainedThreshold { PerLayer: true, IsDirect: true })
            Write(_thresholds.Value, "thresholds", state.Thresholds[..1]);
        else if (_rule is not TrainedThreshold { IsDirect: false })
            Write(_thresholds.Value, "thresholds", state.Thresholds);
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
        if (_rule is TrainedThreshold { IsDirect: false })
            yield return (TrainedThreshold.ParameterTensor, _thresholds.Value);
        yield return ("thresholds.m", _thresholds.M);
        yield return ("thresholds.v", _thresholds.V);
        if (_length is null)
            yield break;
        yield return ("direction", _weights.Value);
        yield return ("length", _length.Value);
        yield return ("length.m", _length.M);
        yield return ("length.v", _length.V);
    }

    private float[] Lengths(float[] w)
    {
        double[] squares = new double[_neurons];
        for (int k = 0; k < w.Length; k++)
            squares[k % _neurons] += (double)w[k] * w[k];
        return [.. squares.Select(square => (float)Math.Sqrt(square))];
    }

    private static double Norm(Tensor parameter)
    {
        using Tensor? g = parameter.grad;
        if (g is null)
            return 0;
        using Tensor squares = g.square(),
            sum = squares.sum(ScalarType.Float64);
        return Math.Sqrt(sum.item<double>());
    }

    private static float[] Read(Tensor source)
    {
        using Tensor values = source.detach(),
            local = values.cpu();
        return local.data<float>().ToArray();
    }

    private void Write(Tensor target, string name, float[] values)
    {
        if (values.Length != target.numel())
            throw new ArgumentException(
                $"The state's layer {_number} has {values.Length} values of {name}, the network {target.numel()}.",
                nameof(values)
            );
        using IDisposable still = no_grad();
        using Tensor source = tensor(values, target.shape);
        target.copy_(source);
    }
}
