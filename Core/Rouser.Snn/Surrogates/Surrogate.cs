using Rouser.Core.Parameters;
using Rouser.Snn.Fused;
using Rouser.Snn.Thresholds;

namespace Rouser.Snn.Surrogates;

/// <summary>What a sweep file's scale of a surrogate means.</summary>
public enum SurrogateConvention
{
    /// <summary>The slope at the threshold is s/τ (paper, equation 4).</summary>
    Paper,

    /// <summary>
    /// A tenth of that: SLAYER 2.0 multiplies every surrogate by 0.1 (lava-dl, <c>neuron/cuba.py</c>,
    /// <c>SCALE_RHO_MULT</c>).
    /// </summary>
    Lava,
}

/// <summary>The derivative that stands for that of the spike, which has none.</summary>
/// <remarks>
/// Every kind is a shape g with g(0) = 1, stretched to the width τ and the height h:
/// <code>
/// ∂S/∂V = φ      ∂S/∂Th = −φ                 φ = h g(u),   u = (V − Th)/τ,       h = s/τ, or 0.1 s/τ in the convention of lava-dl
/// ∂S/∂V = φ/Th   ∂S/∂Th = −φ V/Th²           φ = h g(u),   u = (V/Th − 1)/τ,     for thresholds that are relative (diet, trsg)
/// </code>
/// So s/τ is the height at the threshold of all kinds, and they differ in shape and in area. Each file says what the
/// kind's own papers call their constants.
/// </remarks>
/// <param name="Tau">τ, the width, in units of the potential, or of the threshold where that is relative.</param>
/// <param name="Scale">s.</param>
public abstract record Surrogate(double Tau, double Scale)
{
    /// <summary>τ.</summary>
    public static Parameter TauParameter { get; } =
        new(
            "surrogate.tau",
            ParameterType.Positive,
            3.75,
            "Width τ of the surrogate in units of the membrane potential; the paper calls it steepness. For the "
                + "rules `diet` and `trsg`: in units of the threshold."
        );

    /// <summary>s.</summary>
    public static Parameter ScaleParameter { get; } =
        new("surrogate.scale", ParameterType.Positive, 1.5, "Scale s of the surrogate.");

    private static readonly Parameter ConventionParameter = new(
        "surrogate.convention",
        ParameterType.EnumChoice<SurrogateConvention>(),
        "paper",
        "Height of the surrogate at the threshold.\n`paper`: s/τ.\n`lava`: 0.1·s/τ, as in lava-dl."
    )
    {
        SilentDefault = true,
    };

    /// <summary>All surrogates: a new one is its file and a line here.</summary>
    public static MethodFamily<Surrogate> Family { get; } =
        new(
            "surrogate.kind",
            "exponential",
            "Shape g(u) of the surrogate derivative (s/τ)·g(u) of a spike, with u = (V − Th)/τ.\n{0}\nSee "
                + "docs/reference/methods.md for the names of the constants in other papers.",
            () =>
                [
                    ExponentialSurrogate.Method,
                    RectangleSurrogate.Method,
                    FastSigmoidSurrogate.Method,
                    ArctanSurrogate.Method,
                    TriangleSurrogate.Method,
                    GaussianSurrogate.Method,
                ]
        )
        {
            Common = [TauParameter, ScaleParameter, ConventionParameter],
        };

    /// <summary>What the scale means.</summary>
    public SurrogateConvention Convention { get; init; }

    /// <summary>h, the height at the threshold.</summary>
    public double Height => (Convention == SurrogateConvention.Lava ? 0.1 * Scale : Scale) / Tau;

    /// <summary>
    /// g(u), in double precision: what the reference engine takes, and every other form is held against.
    /// </summary>
    public abstract double Shape(double u);

    /// <summary>What the fused engine's kernel makes of a width, see <see cref="ISurrogateKernel.Factor"/>.</summary>
    internal abstract float KernelFactor(double tau);

    /// <summary>The kernels of a trial, compiled for this surrogate.</summary>
    internal abstract NeuronKernels Kernels<TS, TV, TArithmetic, TThreshold>(NeuronSettings neuron, bool isNormalized)
        where TS : ISimd<TV>
        where TV : unmanaged
        where TArithmetic : struct, IArithmetic
        where TThreshold : struct, IThresholdKernel;

    /// <summary>A surrogate's entry in the sweep file.</summary>
    /// <param name="shape">g(u), as a reader of the documentation would write it.</param>
    /// <param name="make">Makes it from τ and s.</param>
    protected static Method<Surrogate> Named(string word, string shape, Func<double, double, Surrogate> make) =>
        new(
            word,
            shape,
            [],
            set =>
                make(set.Real(TauParameter), set.Real(ScaleParameter)) with
                {
                    Convention = set.Choice<SurrogateConvention>(ConventionParameter),
                }
        );
}

/// <summary>A surrogate with its form in the fused engine.</summary>
/// <typeparam name="TKernel">That form.</typeparam>
/// <param name="Tau">τ.</param>
/// <param name="Scale">s.</param>
public abstract record Surrogate<TKernel>(double Tau, double Scale) : Surrogate(Tau, Scale)
    where TKernel : struct, ISurrogateKernel
{
    /// <inheritdoc/>
    internal sealed override float KernelFactor(double tau) => TKernel.Factor(tau);

    /// <inheritdoc/>
    internal sealed override NeuronKernels Kernels<TS, TV, TArithmetic, TThreshold>(NeuronSettings neuron, bool isNormalized) =>
        neuron.Membrane.Kernels<TS, TV, TArithmetic, TThreshold, TKernel>(neuron.Current, isNormalized);
}
