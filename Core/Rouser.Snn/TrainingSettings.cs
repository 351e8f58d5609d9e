using Rouser.Core.Parameters;

namespace Rouser.Snn;

/// <summary>The distribution that initial weights are drawn from.</summary>
public enum WeightInitKind
{
    /// <summary>Uniform in ±1/√fan_in, PyTorch's "Kaiming uniform" with a = √5.</summary>
    KaimingUniform,

    /// <summary>Normal with standard deviation √(2/fan_in).</summary>
    KaimingNormal,
}

/// <summary>The weights.</summary>
/// <param name="Init">The initial distribution.</param>
/// <param name="Normalize">Weight normalisation per output neuron, <c>w = g·v/‖v‖</c> (Salimans and Kingma
/// 2016).</param>
public sealed record WeightSettings(WeightInitKind Init, bool Normalize)
{
    private static readonly Parameter InitParameter = new(
        "weights.init",
        ParameterType.EnumChoice<WeightInitKind>(),
        "kaiming_uniform",
        "Distribution of the initial weights.\n`kaiming_uniform`: uniform in ±1/√fan_in.\n`kaiming_normal`: "
            + "normal with standard deviation √(2/fan_in)."
    );

    private static readonly Parameter NormalizeParameter = new(
        "weights.normalize",
        new ParameterType.Boolean(),
        false,
        "Whether the weights of each neuron are normalised, w = g·v/‖v‖ (Salimans and Kingma 2016)."
    );

    /// <summary>The parameters of a sweep file.</summary>
    public static IEnumerable<Parameter> Parameters => [InitParameter, NormalizeParameter];

    /// <summary>From a trial's values.</summary>
    public static WeightSettings From(ParameterSet set) =>
        new(set.Choice<WeightInitKind>(InitParameter), set.Boolean(NormalizeParameter));
}

/// <summary>Adam (Kingma and Ba 2015), with bias correction.</summary>
/// <param name="LearningRate">lr, for weights.</param>
/// <param name="Beta1">Decay of the first moment per update.</param>
/// <param name="Beta2">Decay of the second moment per update.</param>
/// <param name="Epsilon">Added to the root of the second moment.</param>
public sealed record AdamSettings(double LearningRate, double Beta1, double Beta2, double Epsilon)
{
    private static readonly Parameter KindParameter = new(
        "optimizer.kind",
        new ParameterType.Choice("adam"),
        "adam",
        "Optimiser.\n`adam`: Adam with bias correction (Kingma and Ba 2015)."
    );

    /// <summary>lr.</summary>
    public static Parameter LearningRateParameter { get; } =
        new("optimizer.learning_rate", ParameterType.Positive, 0.001, "Adam's learning rate for weights, lr.");

    private static readonly Parameter Beta1Parameter = new(
        "optimizer.beta1",
        ParameterType.Momentum,
        0.9,
        "Decay β₁ of the first moment per update."
    );

    private static readonly Parameter Beta2Parameter = new(
        "optimizer.beta2",
        ParameterType.Momentum,
        0.999,
        "Decay β₂ of the second moment per update."
    );

    private static readonly Parameter EpsilonParameter = new(
        "optimizer.epsilon",
        ParameterType.Positive,
        1e-8,
        "Constant ε that is added to the square root of the second moment."
    );

    /// <summary>The parameters of a sweep file.</summary>
    public static IEnumerable<Parameter> Parameters =>
        [KindParameter, LearningRateParameter, Beta1Parameter, Beta2Parameter, EpsilonParameter];

    /// <summary>From a trial's values.</summary>
    public static AdamSettings From(ParameterSet set) =>
        new(set.Real(LearningRateParameter), set.Real(Beta1Parameter), set.Real(Beta2Parameter), set.Real(EpsilonParameter));
}

/// <summary>Everything that the training core needs to know of a trial, besides its data.</summary>
public sealed record TrainingSettings : MethodSettings
{
    /// <summary>A method on a network.</summary>
    /// <param name="method">How it is trained.</param>
    /// <param name="inputCount">Neurons of the input raster.</param>
    /// <param name="layerSizes">Neurons per layer, the output layer last.</param>
    /// <param name="stepCount">T.</param>
    /// <param name="seed">The trial's seed.</param>
    public TrainingSettings(MethodSettings method, int inputCount, IReadOnlyList<int> layerSizes, int stepCount, long seed)
        : base(method) => (InputCount, LayerSizes, StepCount, Seed) = (inputCount, layerSizes, stepCount, seed);

    /// <summary>Neurons of the input raster.</summary>
    public int InputCount { get; init; }

    /// <summary>Neurons per layer, the output layer last.</summary>
    public IReadOnlyList<int> LayerSizes { get; init; }

    /// <summary>T.</summary>
    public int StepCount { get; init; }

    /// <summary>The trial's seed; initial weights come from its stream <c>weights/l</c>.</summary>
    public long Seed { get; init; }
}
