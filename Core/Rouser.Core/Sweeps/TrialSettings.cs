using Rouser.Core.Data;
using Rouser.Core.Data.Formats;
using Rouser.Core.Parameters;
using Rouser.Core.Snn;

namespace Rouser.Core.Sweeps;

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

        string Word(string name) => set.Word(Find(name));

        int Whole(string name) => set.Int32(Find(name));

        int? WholeOrAll(string name) => set.Int32OrAll(Find(name));

        double Real(string name) => set.Real(Find(name));

        TEnum Kind<TEnum>(string name)
            where TEnum : struct, Enum => set.Choice<TEnum>(Find(name));
    }
}

/// <summary>Which data, and how it is binned.</summary>
/// <param name="Name">Its name in the catalogue: <c>nmnist</c>.</param>
/// <param name="Root">The folder of a recorded set; null for a generated one. Not part of a trial's identity: the
/// data's digest is.</param>
/// <param name="Steps">T.</param>
/// <param name="StepMilliseconds">Length of a step, ms.</param>
/// <param name="TrainSamples">How many training samples to take, from the start of the set's fixed order; null for
/// all (of a generated set: 1,000).</param>
/// <param name="TestSamples">How many test samples; null for all (of a generated set: 200).</param>
/// <param name="Seed">The generator's seed; 0 for a recorded set.</param>
public sealed record DatasetSettings(
    string Name,
    string? Root,
    int Steps,
    double StepMilliseconds,
    int? TrainSamples,
    int? TestSamples,
    long Seed
)
{
    /// <summary>Columns of the sensor of a user's own recordings; other sets know theirs.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Its rows.</summary>
    public int Height { get; init; } = 128;

    /// <summary>What a user's own files do not say themselves.</summary>
    public EventFileOptions Files { get; init; } = EventFileOptions.Plain;

    /// <summary>Where a user's own recordings start.</summary>
    public RecordingStart Start { get; init; }

    /// <summary>What is done to the sensor's addresses, and how steps are counted.</summary>
    public RasterOptions Raster { get; init; } = RasterOptions.Plain;

    /// <summary>How its events become rasters.</summary>
    /// <exception cref="InvalidOperationException">The catalogue has no such set.</exception>
    public EventBinning Binning() =>
        DatasetCatalog.Find(Name) switch
        {
            null => throw new InvalidOperationException($"There is no data set {Name}."),
            { Width: > 0 } known => known.Binning(Steps, StepMilliseconds, Raster),
            // An ear, of one row, has no polarity.
            _ => new(Width, Height, Steps, StepMilliseconds)
            {
                Options = Height == 1 ? Raster with { MergePolarities = true } : Raster,
            },
        };
}

/// <summary>Where the time of a recording starts.</summary>
public enum RecordingStart
{
    /// <summary>At the first event for formats with a camera's clock, else at time 0 of the file.</summary>
    ByFormat,

    /// <summary>At the first event.</summary>
    FirstEvent,

    /// <summary>At time 0 of the file.</summary>
    Zero,
}
