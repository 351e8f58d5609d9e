using Rouser.Core.Parameters;
using Rouser.Snn.Thresholds;

namespace Rouser.Snn.Normalizations;

/// <summary>Which layers are normalised.</summary>
public enum NormalizedLayers
{
    /// <summary>All but the output.</summary>
    Hidden,

    /// <summary>All.</summary>
    All,
}

/// <summary>
/// Threshold-dependent batch normalisation (tdBN; Zheng, Wu, Deng, Hu and Li, AAAI 2021, arXiv 2011.05280, equations 5
/// to 8).
/// </summary>
/// <remarks>
/// For each neuron i, with z_i[t] = Σ_j w_ji S_j[t−d], 0 before the first input, over the n = B·T samples and steps of a
/// batch. V_th is Th_init, a constant also where thresholds are trained:
/// <code>
/// training      x̂ = (z − m)/√(v + ε)      m, v: mean and variance (divisor n) of z_i over the batch
///               run_m ← μ run_m + (1 − μ) m,  run_v ← μ run_v + (1 − μ) v n/(n − 1),  from 0 and 1
/// evaluation    x̂ = (z − run_m)/√(run_v + ε)
/// both          y = λ α V_th x̂ + β         takes the place of z in the current: I[t] = a I[t−1] + y[t]
/// backward      gy = gI      gβ = Σ gy      gλ = α V_th Σ gy x̂
///               gz = λ α V_th/√(v + ε) · (gy − Σ gy/n − x̂ Σ gy x̂/n)      gz takes the place of gI in gW and gS_in
/// folded        w ← w λ α V_th/√(run_v + ε),  bias = β − run_m λ α V_th/√(run_v + ε), added at every step
/// </code>
/// ε is 10⁻⁵; λ starts from 1 and β from 0. The statistics are of all steps, also of those that no input has reached yet,
/// so that what is folded is the same at every step. The paper normalises the input of its neurons, which have no current
/// filter: `neuron.current_factor: 0` is its neuron.
/// </remarks>
/// <param name="Alpha">α.</param>
/// <param name="Momentum">μ.</param>
/// <param name="LearningRate">The learning rate of λ and β.</param>
/// <param name="Layers">Which layers.</param>
public sealed record TdbnNormalization(double Alpha, double Momentum, double LearningRate, NormalizedLayers Layers)
{
    /// <summary>ε.</summary>
    public const double Epsilon = 1e-5;

    private static readonly Parameter AlphaParameter = new(
        "normalization.alpha",
        ParameterType.Positive,
        1.0,
        "Factor α: the input of a neuron starts with a standard deviation of α·Th_init."
    );

    private static readonly Parameter MomentumParameter = new(
        "normalization.momentum",
        ParameterType.Momentum,
        0.9,
        "Decay μ of the running mean and variance per batch."
    );

    private static readonly Parameter LearningRateParameter = new(
        "normalization.learning_rate",
        ParameterType.NotNegative,
        0.001,
        "Learning rate of λ and β."
    );

    private static readonly Parameter LayersParameter = new(
        "normalization.layers",
        ParameterType.EnumChoice<NormalizedLayers>(),
        "hidden",
        "Which layers are normalised.\n`hidden`: all but the output.\n`all`: the output as well."
    );

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<TdbnNormalization?> Method { get; } =
        new(
            "tdbn",
            "over batch and time, to a standard deviation of α·Th_init (tdBN, Zheng et al. 2021).",
            [AlphaParameter, MomentumParameter, LearningRateParameter, LayersParameter],
            set => new TdbnNormalization(
                set.Real(AlphaParameter),
                set.Real(MomentumParameter),
                set.Real(LearningRateParameter),
                set.Choice<NormalizedLayers>(LayersParameter)
            )
        )
        {
            Requirements =
            [
                new(
                    WeightSettings.NormalizeParameter.Name,
                    set =>
                        set.Boolean(WeightSettings.NormalizeParameter)
                            ? "weights.normalize (true) has no place beside normalization.kind tdbn, under which the length of a "
                                + "neuron's weights has no effect; use one of them"
                            : null
                ),
                new(
                    ThresholdRule.InitParameter.Name,
                    set =>
                        set.Real(ThresholdRule.InitParameter) <= 0
                            ? "threshold.init (0) must be positive for normalization.kind tdbn, which scales inputs by it"
                            : null
                ),
            ],
        };

    /// <summary>Whether a layer is normalised.</summary>
    /// <param name="number">From 1.</param>
    /// <param name="layers">Layers of the network.</param>
    public bool Normalizes(int number, int layers) => Layers == NormalizedLayers.All || number < layers;
}
