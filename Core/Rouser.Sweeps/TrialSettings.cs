using Rouser.Core.Parameters;
using Rouser.Data;
using Rouser.Snn;
using Rouser.Snn.Layers;
using Rouser.Snn.Optimizers.Schedules;

namespace Rouser.Sweeps;

/// <summary>
/// A trial's parameters in their types: what <see cref="ParameterSet"/> says, as the training core takes it.
/// </summary>
public sealed record TrialSettings : MethodSettings
{
    /// <summary>A method on a data set.</summary>
    /// <param name="method">How the network is trained.</param>
    /// <param name="dataset">The data.</param>
    /// <param name="hidden">Neurons per hidden layer.</param>
    /// <param name="epochs">Passes over the training samples.</param>
    public TrialSettings(MethodSettings method, DatasetSettings dataset, IReadOnlyList<int> hidden, int epochs)
        : base(method) => (Dataset, Hidden, Epochs) = (dataset, hidden, epochs);

    /// <summary>Neurons of each hidden layer.</summary>
    internal static Parameter HiddenParameter { get; } =
        new(
            "network.hidden",
            new ParameterType.Integers(0, 16, 1, 65_536),
            new ParameterValue.Integers([500, 500]),
            "Neurons of each hidden layer, from input to output; `[]` for none. The output layer has one neuron per class."
        )
        {
            Condition = new UsedIf(NetworkLayers.Name, ParameterType.None),
        };

    /// <summary>Passes over the training samples.</summary>
    internal static Parameter EpochsParameter { get; } =
        new("epochs", new ParameterType.Integer(1, 1_000_000), 10, "Passes over the training samples.");

    /// <summary>How long an epoch of engine noop takes.</summary>
    internal static Parameter NoopEpochParameter { get; } =
        new("noop.epoch_ms", ParameterType.NotNegative, 0.0, "Duration of an epoch of the `noop` engine in milliseconds.")
        {
            Condition = new UsedIf(ParameterSchema.Engine, "noop"),
        };

    /// <summary>The data.</summary>
    public DatasetSettings Dataset { get; init; }

    /// <summary>Neurons per hidden layer; the output layer has one per class.</summary>
    public IReadOnlyList<int> Hidden { get; init; }

    /// <summary>
    /// The layers in words where some are no dense ones; <see cref="Hidden"/> then has their neurons. Null where all are
    /// dense.
    /// </summary>
    public IReadOnlyList<LayerWord>? Layers { get; init; }

    /// <summary>Passes over the training samples.</summary>
    public int Epochs { get; init; }

    /// <summary>How long an epoch of engine noop takes, ms.</summary>
    public double NoopEpochMs { get; init; }

    /// <summary>What is changed at random in training samples.</summary>
    public Augmentation Augmentation { get; init; } = Augmentation.None;

    /// <summary>
    /// Types the values. What is missing, or not used by the method, has its default, so that the same trial has the
    /// same settings; a fixed threshold has the learning rate 0.
    /// </summary>
    /// <exception cref="ArgumentException">A value has another type or word than <see cref="ParameterSchema"/>
    /// says.</exception>
    public static new TrialSettings From(ParameterSet parameters) => FromUsed(ParameterSchema.Used(parameters));

    /// <summary>What the training core needs to know of the trial on data of a shape.</summary>
    /// <param name="inputs">Neurons of the input raster.</param>
    /// <param name="classes">Classes, each with an output neuron.</param>
    /// <param name="steps">T.</param>
    /// <param name="samples">Training samples.</param>
    /// <param name="seed">The trial's seed.</param>
    public TrainingSettings ForData(int inputs, int classes, int steps, int samples, long seed) =>
        new(this, inputs, [.. Hidden, classes], steps, seed)
        {
            Connections = Layers is null ? null : NetworkLayers.Connections(Layers, PlaneOf(Dataset), classes),
            Length = new TrainingLength(Epochs, Math.Max(1, (samples + BatchSize - 1) / BatchSize)),
        };

    /// <summary>The same for values that <see cref="ParameterSchema.Used"/> gave.</summary>
    internal static TrialSettings FromUsed(ParameterSet set)
    {
        DatasetSettings data = DatasetSettings.From(set);
        IReadOnlyList<LayerWord>? layers = NetworkLayers.Of(set);
        IReadOnlyList<int> hidden = layers is null
            ? set.Int32s(HiddenParameter)
            : [.. NetworkLayers.Connections(layers, PlaneOf(data), classes: 1).SkipLast(1).Select(layer => layer.Neurons)];
        return new(MethodSettings.From(set), data, hidden, set.Int32(EpochsParameter))
        {
            Layers = layers,
            NoopEpochMs = set.Real(NoopEpochParameter),
            Augmentation = Augmentation.From(set),
        };
    }

    /// <exception cref="ArgumentException">The data has none, which conv layers need.</exception>
    private static Plane PlaneOf(DatasetSettings data) =>
        data.Binning().Plane ?? throw new ArgumentException($"{data.Name} has no plane.", nameof(data));
}
