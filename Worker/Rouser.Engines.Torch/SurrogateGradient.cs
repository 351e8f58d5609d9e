using Rouser.Snn;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;
using TorchSharp;
using static TorchSharp.torch;

namespace Rouser.Engines.Torch;

/// <summary>
/// The surrogates of <c>Core/Rouser.Core/Snn/Surrogates</c>, which state the equations, as tensor operations.
/// </summary>
/// <param name="settings">The trial's.</param>
internal sealed class SurrogateGradient(TrainingSettings settings) : IDisposable
{
    private readonly Surrogate _surrogate = settings.Surrogate;
    private readonly bool _isRelative = settings.Threshold is TrainedThreshold { IsRelative: true };
    private readonly Scalar _height = (float)settings.Surrogate.Height,
        _inverseTau = (float)(1 / settings.Surrogate.Tau);
    private readonly Scalar _one = 1f,
        _minusOne = -1f,
        _minusHalf = -0.5f,
        _half = 0.5f,
        _two = 2f;

    /// <summary>φ = ∂S/∂V for potentials <c>[T·B × N]</c> and thresholds <c>[N]</c>.</summary>
    public Tensor ByPotential(Tensor V, Tensor Th)
    {
        using Tensor u = _isRelative ? V.div(Th).add_(_minusOne) : V.sub(Th);
        u.mul_(_inverseTau);
        Tensor phi = Shape(u).mul_(_height);
        return _isRelative ? phi.div_(Th) : phi;
    }

    /// <summary>ψ = −∂S/∂Th from φ.</summary>
    public Tensor ByThreshold(Tensor phi, Tensor V, Tensor Th) => _isRelative ? phi.mul(V).div_(Th) : phi.alias();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Scalar scalar in (Scalar[])[_height, _inverseTau, _one, _minusOne, _minusHalf, _half, _two])
            scalar.Dispose();
    }

    /// <summary>g(u).</summary>
    private Tensor Shape(Tensor u)
    {
        switch (_surrogate)
        {
            case ExponentialSurrogate:
                return u.abs().neg_().exp_();
            case RectangleSurrogate:
                using (
                    Tensor distance = u.abs(),
                        inside = distance.lt(_half)
                )
                    return inside.to_type(u.dtype);
            case FastSigmoidSurrogate:
                return u.abs().add_(_one).pow_(_two).reciprocal_();
            case ArctanSurrogate:
                return u.square().add_(_one).reciprocal_();
            case TriangleSurrogate:
                return u.abs().neg_().add_(_one).relu_();
            case GaussianSurrogate:
                return u.square().mul_(_minusHalf).exp_();
            default:
                throw new ArgumentOutOfRangeException(nameof(u), _surrogate, "Unknown surrogate.");
        }
    }
}
