using Rouser.Snn.Optimizers;

namespace Rouser.Snn.Fused;

/// <summary>
/// A trained parameter p of a layer besides its weights, with the optimiser's moments: one for each neuron, or one that
/// all of them share.
/// </summary>
/// <param name="name">The prefix of its tensors' names.</param>
/// <param name="count">Values: the layer's neurons, or 1.</param>
/// <param name="optimizer">What moves it.</param>
internal sealed unsafe class LayerParameter(string name, int count, Optimizer optimizer) : IDisposable
{
    private readonly UpdateKernels _kernels = optimizer.Kernels<SimdScalar, float>();
    private readonly NativeBuffer<float> _m = new(count),
        _v = new(count),
        _gradient = new(count);

    /// <summary>p, <c>[count]</c>.</summary>
    public NativeBuffer<float> Values { get; } = new(count);

    /// <summary>The optimiser's moments, for a checkpoint.</summary>
    public IEnumerable<LayerTensor> Moments => [new($"{name}.m", _m, 1, count), new($"{name}.v", _v, 1, count)];

    /// <summary>Neuron i's p.</summary>
    public float this[int i] => Values.Pointer[count == 1 ? 0 : i];

    /// <summary>
    /// Takes the gradient of the next update by the chain rule; what neurons share, they add up in their order.
    /// </summary>
    /// <param name="gradient">The gradient by what each neuron makes of p.</param>
    /// <param name="slope">The derivative of that by p.</param>
    /// <returns>The squared norm of the gradient by p.</returns>
    public double SetGradient(ReadOnlySpan<float> gradient, Func<double, double> slope)
    {
        Span<float> own = _gradient.Span;
        if (count == 1)
        {
            double sum = 0;
            foreach (float g in gradient)
                sum += g;
            own[0] = (float)(slope(Values.Pointer[0]) * sum);
        }
        else
        {
            for (int i = 0; i < count; i++)
                own[i] = (float)(slope(Values.Pointer[i]) * gradient[i]);
        }
        double squares = 0;
        foreach (float g in own)
            squares += (double)g * g;
        return squares;
    }

    /// <summary>One update against the gradient that was set.</summary>
    /// <param name="step">Which.</param>
    /// <param name="learningRate">p's own.</param>
    public void Update(UpdateStep step, double learningRate)
    {
        UpdateConstants c = optimizer.ForNeurons(step, learningRate);
        for (int i = 0; i < count; i++)
            _kernels.Step(c, c.GradientFactor * _gradient.Pointer[i], Values.Pointer + i, _m.Pointer + i, _v.Pointer + i);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Values.Dispose();
        _m.Dispose();
        _v.Dispose();
        _gradient.Dispose();
    }
}
