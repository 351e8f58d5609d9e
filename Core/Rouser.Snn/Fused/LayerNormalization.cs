using Rouser.Snn.Normalizations;

namespace Rouser.Snn.Fused;

/// <summary>
/// The normalisation of a layer's input; <see cref="TdbnNormalization"/> has the equations. What it does to a step is one
/// multiplication and addition, because y = g z + k with g and k of a neuron.
/// </summary>
internal sealed unsafe class LayerNormalization : IDisposable
{
    private readonly TdbnNormalization _tdbn;
    private readonly LayerParameter _gain,
        _bias;
    private readonly NativeBuffer<float> _runningMean,
        _runningVariance,
        _factors,
        _constants,
        _gradientFactors,
        _z;
    private readonly NativeBuffer<double> _sums;
    private readonly float[] _gainGradient,
        _biasGradient;
    private readonly double[] _mean,
        _variance;
    private readonly Func<double, double> _one = static _ => 1;
    private readonly double _scale;
    private readonly int _neurons,
        _panels,
        _samples,
        _steps;
    private long _count;

    /// <summary>Starts from λ = 1, β = 0 and running statistics of 0 and 1.</summary>
    public LayerNormalization(TdbnNormalization tdbn, TrainingSettings settings, int neurons)
    {
        (_tdbn, _neurons, _panels) = (tdbn, neurons, WeightPanels.Count(neurons));
        (_samples, _steps, _scale) = (settings.BatchSize, settings.StepCount, tdbn.Alpha * settings.Threshold.Init);
        nint row = (nint)_panels * WeightPanels.Width;
        _gain = new LayerParameter("normalization.gain", neurons, settings.Optimizer);
        _bias = new LayerParameter("normalization.bias", neurons, settings.Optimizer);
        (_runningMean, _runningVariance) = (new(neurons), new(neurons));
        (_factors, _constants, _gradientFactors) = (new(row), new(row), new(3 * row));
        _z = new(row * _samples * _steps);
        _sums = new(2 * row * _samples);
        (_gainGradient, _biasGradient) = (new float[neurons], new float[neurons]);
        (_mean, _variance) = (new double[neurons], new double[neurons]);
        _gain.Values.Span.Fill(1);
        _runningVariance.Span.Fill(1);
    }

    /// <summary>What a checkpoint keeps.</summary>
    public IEnumerable<LayerTensor> Tensors =>
        [
            new("normalization.gain", _gain.Values, 1, _neurons),
            .. _gain.Moments,
            new("normalization.bias", _bias.Values, 1, _neurons),
            .. _bias.Moments,
            new("normalization.mean", _runningMean, 1, _neurons),
            new("normalization.variance", _runningVariance, 1, _neurons),
        ];

    /// <summary>Whether λ, β and the running statistics are finite.</summary>
    public bool IsFinite
    {
        get
        {
            bool finite = true;
            for (int i = 0; i < _neurons; i++)
            {
                finite &=
                    float.IsFinite(_gain[i])
                    && float.IsFinite(_bias[i])
                    && float.IsFinite(_runningMean.Pointer[i])
                    && float.IsFinite(_runningVariance.Pointer[i]);
            }
            return finite;
        }
    }

    /// <summary>∂L/∂λ of the last batch.</summary>
    public ReadOnlySpan<float> GainGradient => _gainGradient;

    /// <summary>∂L/∂β.</summary>
    public ReadOnlySpan<float> BiasGradient => _biasGradient;

    /// <summary>g of a panel's neurons, <c>[32]</c>; 0 where a neuron is none.</summary>
    public float* Factors(int panel) => _factors.Pointer + (panel * WeightPanels.Width);

    /// <summary>k likewise.</summary>
    public float* Constants(int panel) => _constants.Pointer + (panel * WeightPanels.Width);

    /// <summary>g, k₁ and k₀ of the way back, <c>[3 × 32]</c>.</summary>
    public float* GradientFactors(int panel) => _gradientFactors.Pointer + (3 * panel * WeightPanels.Width);

    /// <summary>z of a panel and a sample, <c>[T × 32]</c>.</summary>
    public float* Z(int panel, int sample) => _z.Pointer + ((((nint)panel * _samples) + sample) * _steps * WeightPanels.Width);

    /// <summary>Sums of a panel over the steps of a sample, <c>[2 × 32]</c>.</summary>
    public double* Sums(int panel, int sample) => _sums.Pointer + (2 * (((nint)panel * _samples) + sample) * WeightPanels.Width);

    /// <summary>Takes the running statistics.</summary>
    public void UseRunningStatistics()
    {
        for (int i = 0; i < _neurons; i++)
            SetFactors(i, _runningMean.Pointer[i], _runningVariance.Pointer[i]);
    }

    /// <summary>Takes those of a batch, from Σz and Σz² of each sample.</summary>
    public void UseBatchStatistics(int samples)
    {
        _count = (long)samples * _steps;
        for (int i = 0; i < _neurons; i++)
        {
            (double sum, double squares) = Total(i, samples);
            _mean[i] = sum / _count;
            _variance[i] = Math.Max((squares / _count) - (_mean[i] * _mean[i]), 0);
            SetFactors(i, _mean[i], _variance[i]);
        }
    }

    /// <summary>Takes the gradients of λ and β and the factors of gz, from Σgy and Σgy z of each sample.</summary>
    public void UseBatchGradients(int samples)
    {
        for (int i = 0; i < _neurons; i++)
        {
            (double sum, double product) = Total(i, samples);
            double inverse = 1 / Math.Sqrt(_variance[i] + TdbnNormalization.Epsilon),
                along = inverse * (product - (_mean[i] * sum)),
                factor = _gain[i] * _scale * inverse;
            (_biasGradient[i], _gainGradient[i]) = ((float)sum, (float)(_scale * along));
            float* f = GradientFactors(i / WeightPanels.Width) + (i % WeightPanels.Width);
            double slope = -factor * inverse * along / _count;
            f[0] = (float)factor;
            f[WeightPanels.Width] = (float)slope;
            f[2 * WeightPanels.Width] = (float)((-factor * sum / _count) - (slope * _mean[i]));
        }
    }

    /// <summary>Takes the gradients of the next update.</summary>
    /// <returns>Their squared norm.</returns>
    public double TakeGradient() => _gain.SetGradient(_gainGradient, _one) + _bias.SetGradient(_biasGradient, _one);

    /// <summary>Moves λ and β against their gradients, and the running statistics.</summary>
    public void Update(UpdateStep step)
    {
        _gain.Update(step, _tdbn.LearningRate);
        _bias.Update(step, _tdbn.LearningRate);
        double unbiased = _count > 1 ? _count / (_count - 1.0) : 1;
        for (int i = 0; i < _neurons; i++)
        {
            Move(ref _runningMean.Pointer[i], _mean[i]);
            Move(ref _runningVariance.Pointer[i], _variance[i] * unbiased);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gain.Dispose();
        _bias.Dispose();
        _sums.Dispose();
        foreach (
            NativeBuffer<float> buffer in (ReadOnlySpan<NativeBuffer<float>>)
                [_runningMean, _runningVariance, _factors, _constants, _gradientFactors, _z]
        )
            buffer.Dispose();
    }

    private void Move(ref float running, double batch) =>
        running = (float)((_tdbn.Momentum * running) + ((1 - _tdbn.Momentum) * batch));

    /// <summary>A neuron's two sums over the samples, in their order.</summary>
    private (double First, double Second) Total(int i, int samples)
    {
        (int panel, int column) = Math.DivRem(i, WeightPanels.Width);
        double first = 0,
            second = 0;
        for (int b = 0; b < samples; b++)
        {
            double* sums = Sums(panel, b);
            first += sums[column];
            second += sums[WeightPanels.Width + column];
        }
        return (first, second);
    }

    private void SetFactors(int i, double mean, double variance)
    {
        double factor = _gain[i] * _scale / Math.Sqrt(variance + TdbnNormalization.Epsilon);
        _factors.Pointer[i] = (float)factor;
        _constants.Pointer[i] = (float)(_bias[i] - (factor * mean));
    }
}
