using Rouser.Core.Parameters;
using Rouser.Data;
using Rouser.Data.Formats;
using Rouser.Snn;

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

    /// <summary>The data.</summary>
    public DatasetSettings Dataset { get; init; }

    /// <summary>Neurons per hidden layer; the output layer has one per class.</summary>
    public IReadOnlyList<int> Hidden { get; init; }

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
    /// <param name="seed">The trial's seed.</param>
    public TrainingSettings ForData(int inputs, int classes, int steps, long seed) =>
        new(this, inputs, [.. Hidden, classes], steps, seed);

    /// <summary>The same for values that <see cref="ParameterSchema.Used"/> gave.</summary>
    internal static TrialSettings FromUsed(ParameterSet set)
    {
        bool synthetic = ParameterSchema.IsSynthetic(set);
        return new TrialSettings(
            MethodSettings.From(set),
            new DatasetSettings(
                Word("dataset.name"),
                synthetic ? null : Word("dataset.root"),
                Whole("dataset.steps"),
                Real("dataset.step_ms"),
                WholeOrAll("dataset.train_samples"),
                WholeOrAll("dataset.test_samples"),
                synthetic ? set.Int64(Find("dataset.seed")) : 0
            )
            {
                Width = Whole("dataset.width"),
                Height = Whole("dataset.height"),
                Files = new EventFileOptions(
                    Kind<TimeUnit>("dataset.time_unit"),
                    Word("dataset.columns") is ParameterType.ColumnOrder.Named ? null : Word("dataset.columns")
                ),
                Start = Kind<RecordingStart>("dataset.start"),
                Raster = new RasterOptions(
                    Truth("dataset.merge_polarities"),
                    Whole("dataset.crop"),
                    Whole("dataset.downsample"),
                    Whole("dataset.min_events"),
                    Whole("dataset.events_per_step")
                ),
            },
            set.Int32s(Find("network.hidden")),
            Whole("epochs")
        )
        {
            NoopEpochMs = Real("noop.epoch_ms"),
            Augmentation = new(Whole("augment.jitter_steps"), Whole("augment.shift")),
        };

        static Parameter Find(string name) => ParameterSchema.Find(name)!;

        bool Truth(string name) => set.Boolean(Find(name));

        string Word(string name) => set.Text(Find(name));

        int Whole(string name) => set.Int32(Find(name));

        int? WholeOrAll(string name) => set.Int32OrAll(Find(name));

        double Real(string name) => set.Real(Find(name));

        TEnum Kind<TEnum>(string name)
            where TEnum : struct, Enum => set.Choice<TEnum>(Find(name));
    }
}
