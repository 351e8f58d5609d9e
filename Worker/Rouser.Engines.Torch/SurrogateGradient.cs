using Rouser.Snn;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;
using TorchSharp;
using static TorchSharp.torch;

namespace Rouser.Engines.Torch;

/// <summary>
/// The surrogates of <c>Core/Rouser.Snn/Surrogates</c>, which state the equations, as tensor operations.
/// </summary>
/// <param name="settings">The trial's.</param>
internal sealed class SurrogateGradient(TrainingSettings settings) : IDisposable
{
    // csharpier-ignore
    private static readonly Dictionary<Type, Func<SurrogateGradient, Tensor, Tensor>> Shapes = new()
    {
        [typeof(ExponentialSurrogate)] = (_, u) => u.abs().neg_().exp_(),
        [typeof(RectangleSurrogate)] = (g, u) => g.Rectangle(u),
        [typeof(FastSigmoidSurrogate)] = (g, u) => u.abs().add_(g._one).pow_(g._two).reciprocal_(),
        [typeof(ArctanSurrogate)] = (g, u) => u.square().add_(g._one).reciprocal_(),
        [typeof(TriangleSurrogate)] = (g, u) => u.abs().neg_().add_(g._one).relu_(),
        [typeof(GaussianSurrogate)] = (g, u) => u.square().mul_(g._minusHalf).exp_(),
    };

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

    /// <summary>Whether the engine has a form of the surrogate.</summary>
    public static bool Offers(Surrogate surrogate) => Shapes.ContainsKey(surrogate.GetType());

    /// <summary>g(u).</summary>
    private Tensor Shape(Tensor u) => Shapes[_surrogate.GetType()](this, u);

    private Tensor Rectangle(Tensor u)
    {
        using Tensor distance = u.abs(),
            inside = distance.lt(_half);
        return inside.to_type(u.dtype);
    }
}
