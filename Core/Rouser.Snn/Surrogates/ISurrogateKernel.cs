using Rouser.Snn.Fused;

namespace Rouser.Snn.Surrogates;

/// <summary>
/// A surrogate as the fused engine's pass back inlines it: φ(x), x being V − Th or V/Th − 1. What the settings say of
/// its width and scale stands in two numbers, its height and a factor.
/// </summary>
public interface ISurrogateKernel
{
    /// <summary>The factor for a width τ.</summary>
    static abstract float Factor(double tau);

    /// <summary>φ(x). NaN stays NaN, so that a potential that is no number ends in a gradient that is none.</summary>
    static abstract TV Run<TS, TV>(TV height, TV factor, TV x)
        where TS : ISimd<TV>
        where TV : unmanaged;
}
