using Rouser.Core.Parameters;
using Rouser.Snn.Connections;
using Rouser.Snn.Currents;
using Rouser.Snn.Heterogeneities;
using Rouser.Snn.Losses;
using Rouser.Snn.Membranes;
using Rouser.Snn.Normalizations;
using Rouser.Snn.Optimizers;
using Rouser.Snn.Optimizers.Schedules;
using Rouser.Snn.Readouts;
using Rouser.Snn.Regularizers;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;

namespace Rouser.Snn;

/// <summary>How a network is trained, whatever its size and its data.</summary>
/// <param name="Surrogate">The surrogate gradient.</param>
/// <param name="Threshold">The threshold rule.</param>
/// <param name="Optimizer">How parameters move against their gradient.</param>
/// <param name="BatchSize">Samples per update.</param>
public record MethodSettings(
    NeuronSettings Neuron,
    Surrogate Surrogate,
    ThresholdRule Threshold,
    WeightSettings Weights,
    Loss Loss,
    Optimizer Optimizer,
    int BatchSize
)
{
    private static readonly Parameter WindowParameter = new(
        "bptt.window",
        new ParameterType.Integer(1, 100_000, OrAll: true),
        ParameterType.All,
        "Window n of truncated backpropagation through time: no gradient crosses the steps n, 2n, … `all`: "
            + "the exact gradient. The forward pass and the loss always cover the whole sample."
    );

    private static readonly Parameter EngineParameter = new(
        "engine",
        ParameterType.EnumChoice<EngineKind>(),
        "fused",
        "Training engine. Its name and version are part of a trial's identity.\n`fused`: Rouser's own "
            + "event-driven engine.\n`torch`: the same network, dense and by autograd on libtorch. It is installed "
            + "separately; `rouser doctor` says where and how.\n`noop`: trains nothing and reports made-up "
            + "numbers, to test a cluster."
    )
    {
        IsIdentity = false,
    };

    /// <summary>
    /// The parameters of the method, in the order of the documentation: the neuron's, the surrogate's and so on; then
    /// what the optimiser does.
    /// </summary>
    public static IReadOnlyList<Parameter> Parameters =>
        [
            .. NeuronSettings.Parameters,
            .. Surrogate.Family.Parameters,
            .. ThresholdRule.Family.Parameters,
            .. WeightSettings.Parameters,
            .. Normalizations.Normalization.Family.Parameters,
            .. Readouts.Readout.Family.Parameters,
            .. Loss.Family.Parameters,
            .. Regularizer.Family.Parameters,
            .. Regularizers.Dropout.Parameters,
            .. Recurrence.Parameters,
            .. SpikeDelays.Family.Parameters,
            .. Optimizer.Family.Parameters,
            .. Schedule.Family.Parameters,
            .. WeightAveraging.Family.Parameters,
            .. Quantizations.Family.Parameters,
            WindowParameter,
            BatchSizeParameter,
            EngineParameter,
        ];

    /// <summary>What methods ask of values beside their own, all of them.</summary>
    public static IEnumerable<Requirement> Requirements => Families.SelectMany(family => family.Requirements).Concat(Network);

    /// <summary>What trains it.</summary>
    public EngineKind Engine { get; init; }

    /// <summary>
    /// Truncated BPTT: no gradient of a state or a spike passes back over the steps n, 2n, … for this n; null for
    /// none, which is exact. The loss itself sees the whole sample.
    /// </summary>
    public int? GradientWindow { get; init; }

    /// <summary>How inputs of layers are normalised; null for not at all.</summary>
    public TdbnNormalization? Normalization { get; init; }

    /// <summary>What makes logits of the output layer; null where its spikes are compared and counted.</summary>
    public Readout? Readout { get; init; }

    /// <summary>
    /// Whether a layer of the network spikes: all do, but for the last one under some <see cref="Readout"/>s.
    /// </summary>
    /// <param name="layer">From 0.</param>
    /// <param name="layers">Layers of the network.</param>
    public bool HasSpikes(int layer, int layers) => Readout is null or { Spikes: true } || layer < layers - 1;

    /// <summary>The penalty on the activity of hidden layers; null for none.</summary>
    public Regularizer? Regularizer { get; init; }

    /// <summary>Which hidden neurons say nothing in training; null for none.</summary>
    public Dropout? Dropout { get; init; }

    /// <summary>Whether hidden layers hear their own spikes (<see cref="Recurrence"/>).</summary>
    public bool IsRecurrent { get; init; }

    /// <summary>Whether a layer hears its own spikes.</summary>
    /// <param name="layer">From 0.</param>
    /// <param name="layers">Layers of the network.</param>
    public bool HearsItself(int layer, int layers) => IsRecurrent && layer < layers - 1;

    /// <summary>The delays of spikes; null for none.</summary>
    public SpikeDelays? Delays { get; init; }

    /// <summary>How learning rates change over the training.</summary>
    public Schedule Schedule { get; init; } = new ConstantSchedule();

    /// <summary>Whether the network that is tested and kept is a mean over epochs; null for not.</summary>
    public WeightAveraging? Averaging { get; init; }

    /// <summary>The numbers that weights and states are rounded to.</summary>
    public Quantization Quantization { get; init; }

    /// <summary>Samples per update, which some methods look at.</summary>
    internal static Parameter BatchSizeParameter { get; } =
        new("batch_size", new ParameterType.Integer(1, 1_000_000), 32, "Samples per update.");

    /// <summary>The families whose methods a trial combines.</summary>
    public static IReadOnlyList<IMethodFamily> Families =>
        [
            Membrane.Family,
            Current.Family,
            Heterogeneity.Family,
            Surrogate.Family,
            ThresholdRule.Family,
            Normalizations.Normalization.Family,
            Readouts.Readout.Family,
            Loss.Family,
            Regularizer.Family,
            SpikeDelays.Family,
            Optimizer.Family,
            Schedule.Family,
            WeightAveraging.Family,
            Quantizations.Family,
        ];

    /// <summary>From a trial's values.</summary>
    /// <exception cref="ArgumentException">A value has another type or word than its parameter allows.</exception>
    public static MethodSettings From(ParameterSet set)
    {
        ThresholdRule rule = ThresholdRule.Family.Build(set);
        return new MethodSettings(
            NeuronSettings.From(set) with
            {
                Membrane = rule.MembraneFor(set),
            },
            rule.SurrogateFor(set),
            rule,
            WeightSettings.From(set),
            Loss.Family.Build(set),
            Optimizer.Family.Build(set),
            set.Int32(BatchSizeParameter)
        )
        {
            Engine = set.Choice<EngineKind>(EngineParameter),
            GradientWindow = set.Int32OrAll(WindowParameter),
            Normalization = Normalizations.Normalization.Family.Build(set),
            Readout = Readouts.Readout.Family.Build(set),
            Regularizer = Regularizer.Family.Build(set),
            Dropout = Regularizers.Dropout.From(set),
            IsRecurrent = Recurrence.From(set),
            Delays = SpikeDelays.Family.Build(set),
            Schedule = Schedule.Family.Build(set),
            Averaging = WeightAveraging.Family.Build(set),
            Quantization = Quantizations.Family.Build(set),
        };
    }

    /// <summary>What the methods that these values choose ask of them.</summary>
    public static IEnumerable<Requirement> RequirementsOf(ParameterSet set) =>
        Families.SelectMany(family => family.RequirementsOf(set)).Concat(Network);

    /// <summary>What the parts of a network ask that are no family.</summary>
    private static IEnumerable<Requirement> Network => [.. Regularizers.Dropout.Requirements, .. Recurrence.Requirements];
}
