using Rouser.Core.Parameters;
using Rouser.Snn.Layers;
using Rouser.Snn.Optimizers.Schedules;

namespace Rouser.Snn;

/// <summary>The distribution that initial weights are drawn from.</summary>
public enum WeightInitKind
{
    /// <summary>
    /// Uniform in ±1/√fan_in: what PyTorch's linear layers start from, by its "Kaiming uniform" with a = √5. Not He's.
    /// </summary>
    KaimingUniform,

    /// <summary>Normal with standard deviation √(2/fan_in) (He et al. 2015).</summary>
    KaimingNormal,

    /// <summary>Uniform in ±√(6/fan_in), with the same deviation (He et al. 2015).</summary>
    HeUniform,
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
        "Distribution of the initial weights.\n`kaiming_uniform`: uniform in ±1/√fan_in, as PyTorch's linear layers "
            + "(a = √5).\n`kaiming_normal`: normal with standard deviation √(2/fan_in).\n`he_uniform`: uniform in "
            + "±√(6/fan_in), 2.45 times wider than `kaiming_uniform`."
    );

    /// <summary>Whether weights are normalised, which some methods look at.</summary>
    internal static Parameter NormalizeParameter { get; } =
        new(
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

    /// <summary>
    /// How each layer is connected to the one below; null where all of them are dense (<see cref="NetworkLayers"/>).
    /// </summary>
    public IReadOnlyList<LayerConnection>? Connections { get; init; }

    /// <summary>How layer <paramref name="number"/> (from 1) is connected to what lies below it.</summary>
    public LayerConnection ConnectionOf(int number) =>
        Connections?[number - 1]
        ?? new LayerConnection(number == 1 ? InputCount : LayerSizes[number - 2], LayerSizes[number - 1])
        {
            IsFirst = number == 1,
        };

    /// <summary>T.</summary>
    public int StepCount { get; init; }

    /// <summary>The trial's seed; initial weights come from its stream <c>weights/l</c>.</summary>
    public long Seed { get; init; }

    /// <summary>How long the training is, which some schedules ask.</summary>
    public TrainingLength Length { get; init; } = new(1, 1);

    /// <summary>
    /// Whether the samples of a batch depend on each other at each step, so that all of it has to be worked on at once.
    /// </summary>
    internal bool NeedsWholeBatch => Threshold.NeedsWholeBatch || Normalization is not null;

    /// <summary>
    /// Whether all gradients of an update have to be known before the first weight moves, so that they are written down.
    /// </summary>
    internal bool UpdatesLater => Weights.Normalize || Optimizer.ClipNorm is not null;
}
