using Rouser.Snn.Optimizers;
using static TorchSharp.torch;

namespace Rouser.Engines.Torch;

/// <summary>
/// A tensor that Adam moves, with its moments. <see cref="AdamOptimizer"/> has the equations.
/// </summary>
internal sealed class TorchParameter : IDisposable
{
    private readonly AdamOptimizer _adam;
    private readonly double _learningRate;

    /// <summary>Starts from the values, with moments of 0.</summary>
    /// <param name="values">In C order.</param>
    /// <param name="shape">The tensor's shape.</param>
    /// <param name="adam">The optimiser.</param>
    /// <param name="learningRate">lr; null if the values stay as they are.</param>
    public TorchParameter(float[] values, long[] shape, AdamOptimizer adam, double? learningRate)
    {
        (_adam, _learningRate) = (adam, learningRate ?? 0);
        Value = tensor(values, shape).requires_grad_(learningRate is not null);
        (M, V) = (zeros(shape), zeros(shape));
    }

    /// <summary>θ.</summary>
    public Tensor Value { get; }

    /// <summary>m, the first moment.</summary>
    public Tensor M { get; }

    /// <summary>v, the second moment.</summary>
    public Tensor V { get; }

    /// <summary>Whether every value is finite.</summary>
    public bool IsFinite
    {
        get
        {
            using Tensor finite = Value.isfinite(),
                all = finite.all();
            return all.item<bool>();
        }
    }

    /// <summary>
    /// Update number <paramref name="update"/>, from 1, with the gradient that the backward pass left; none counts as
    /// 0. Forgets it then.
    /// </summary>
    public void Update(long update, double rateFactor)
    {
        using IDisposable still = no_grad();
        using Tensor g = Value.grad ?? zeros_like(Value);
        M.mul_(_adam.Beta1).add_(g, 1 - _adam.Beta1);
        V.mul_(_adam.Beta2).addcmul_(g, g, 1 - _adam.Beta2);
        double correction1 = 1 - Math.Pow(_adam.Beta1, update),
            correction2 = 1 - Math.Pow(_adam.Beta2, update);
        using Tensor divisor = V.sqrt().mul_(1 / Math.Sqrt(correction2)).add_(_adam.Epsilon);
        Value.addcdiv_(M, divisor, -(_learningRate * rateFactor) / correction1);
        Value.grad = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Value.Dispose();
        M.Dispose();
        V.Dispose();
    }
}
