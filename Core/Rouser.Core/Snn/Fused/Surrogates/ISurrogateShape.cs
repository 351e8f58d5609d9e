namespace Rouser.Core.Snn.Fused.Surrogates;

/// <summary>
/// A surrogate's shape as the backward kernel inlines it: φ(x), x being V − Th or V/Th − 1. What the settings say of its width and scale stands in two numbers,
/// its height and a factor that each shape defines; <see cref="NeuronConstants"/> makes them.
/// </summary>
internal interface ISurrogateShape
{
    /// <summary>φ(x). NaN stays NaN, so that a potential that is no number ends in a gradient that is none.</summary>
    static abstract TV Run<TS, TV>(TV height, TV factor, TV x)
        where TS : ISimd<TV>
        where TV : unmanaged;
}
