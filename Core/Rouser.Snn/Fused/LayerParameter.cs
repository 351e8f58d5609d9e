namespace Rouser.Snn.Fused;

/// <summary>
/// A trained parameter p of a layer besides its weights, with Adam's moments: one for each neuron, or one that all of
/// them share.
/// </summary>
/// <param name="name">The prefix of its tensors' names.</param>
/// <param name="count">Values: the layer's neurons, or 1.</param>
internal sealed unsafe class LayerParameter(string name, int count) : IDisposable
{
    private readonly NativeBuffer<float> _m = new(count),
        _v = new(count);

    /// <summary>p, <c>[count]</c>.</summary>
    public NativeBuffer<float> Values { get; } = new(count);

    /// <summary>Adam's moments, for a checkpoint.</summary>
    public IEnumerable<LayerTensor> Moments => [new($"{name}.m", _m, 1, count), new($"{name}.v", _v, 1, count)];

    /// <summary>Neuron i's p.</summary>
    public float this[int i] => Values.Pointer[count == 1 ? 0 : i];

    /// <summary>One Adam update by the chain rule; what neurons share, they add up in their order.</summary>
    /// <param name="adam">The update's constants.</param>
    /// <param name="gradient">The gradient by what each neuron makes of p; overwritten.</param>
    /// <param name="slope">The derivative of that by p.</param>
    /// <returns>The norm of the gradient by p.</returns>
    public double Update(in AdamConstants adam, Span<float> gradient, Func<double, double> slope)
    {
        if (count == 1)
        {
            double sum = 0;
            foreach (float g in gradient)
                sum += g;
            gradient[0] = (float)(slope(Values.Pointer[0]) * sum);
        }
        else
        {
            for (int i = 0; i < count; i++)
                gradient[i] = (float)(slope(Values.Pointer[i]) * gradient[i]);
        }
        double squares = 0;
        for (int i = 0; i < count; i++)
        {
            squares += (double)gradient[i] * gradient[i];
            AdamKernel.Run<SimdScalar, float>(adam, gradient[i], Values.Pointer + i, _m.Pointer + i, _v.Pointer + i);
        }
        return Math.Sqrt(squares);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Values.Dispose();
        _m.Dispose();
        _v.Dispose();
    }
}
