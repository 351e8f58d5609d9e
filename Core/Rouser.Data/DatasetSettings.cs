using Rouser.Core.Parameters;
using Rouser.Data.Formats;
using Rouser.Data.Splits;

namespace Rouser.Data;

/// <summary>Which data, and how it is binned.</summary>
/// <param name="Name">Its name in the catalogue: <c>nmnist</c>.</param>
/// <param name="Root">The folder of a recorded set; null for a generated one. Not part of a trial's identity: the
/// data's digest is.</param>
/// <param name="Steps">T.</param>
/// <param name="StepMilliseconds">Length of a step, ms.</param>
/// <param name="TrainSamples">How many training samples to take, from the start of the set's fixed order; null for
/// all (of a generated set: 1,000).</param>
/// <param name="TestSamples">How many test samples; null for all (of a generated set: 200).</param>
/// <param name="Seed">The seed of a generator or of a simulated sensor; 0 for a recorded set.</param>
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
    /// <summary>The most steps of a sample: a raster holds an offset for each.</summary>
    public const int MaxSteps = 100_000;

    /// <summary>The most samples of a split.</summary>
    public const int MaxSamples = 1_000_000;

    /// <summary>How many samples <c>all</c> are in a generated set.</summary>
    public const int GeneratedTrainSamples = 1_000,
        GeneratedTestSamples = 200;

    private static readonly ParameterType.Integer Samples = new(1, MaxSamples, OrAll: true);

    /// <summary>Where a recorded set lies.</summary>
    public static Parameter RootParameter { get; } =
        new(
            "dataset.root",
            new ParameterType.FolderPath(),
            "data/nmnist",
            "Folder of a set that is read from files. `--data` overrides it. It is no part of a trial's identity: the digest of "
                + "the recordings is. See docs/reference/data-formats.md."
        );

    private static readonly Parameter StepsParameter = new(
        "dataset.steps",
        new ParameterType.Integer(1, MaxSteps),
        300,
        "Steps per sample, T."
    );

    private static readonly Parameter StepMillisecondsParameter = new(
        "dataset.step_ms",
        ParameterType.Positive,
        1.0,
        "Length of a step in milliseconds."
    );

    private static readonly Parameter TrainSamplesParameter = new(
        "dataset.train_samples",
        Samples,
        ParameterType.All,
        "Number of training samples, taken from the start of the set's fixed order. `all` of a generated set "
            + $"means {GeneratedTrainSamples}."
    );

    private static readonly Parameter TestSamplesParameter = new(
        "dataset.test_samples",
        Samples,
        ParameterType.All,
        $"Number of test samples. `all` of a generated set means {GeneratedTestSamples}."
    );

    internal static Parameter SeedParameter { get; } =
        new(
            "dataset.seed",
            new ParameterType.Integer(0, long.MaxValue),
            0,
            "Seed of the generator or of the simulated sensor. Another seed gives other events."
        );

    private static readonly Parameter WidthParameter = new(
        "dataset.width",
        new ParameterType.Integer(1, SpikeRaster.MaxNeurons),
        128,
        "Width of the sensor in pixels. For audio: the number of channels."
    );

    private static readonly Parameter HeightParameter = new(
        "dataset.height",
        new ParameterType.Integer(1, SpikeRaster.MaxNeurons),
        128,
        "Height of the sensor in pixels. For audio: 1, which means one row of channels without polarity."
    );

    private static readonly Parameter TimeUnitParameter = new(
        "dataset.time_unit",
        ParameterType.EnumChoice<TimeUnit>(),
        "us",
        "Unit of the times in files that do not state it (`.csv`, `.tsv`, `.npz`, `.npy`)."
    )
    {
        SilentDefault = true,
    };

    private static readonly Parameter StartParameter = new(
        "dataset.start",
        ParameterType.EnumChoice<RecordingStart>(),
        "by_format",
        "Where the time of a recording starts.\n`by_format`: at the first event for formats with a camera's "
            + "clock (`.aedat`, `.aedat4`, `.raw`, `.dat`), at zero for the others.\n`first_event`: at the first "
            + "event.\n`zero`: at time 0 of the file."
    )
    {
        SilentDefault = true,
    };

    private static readonly Parameter ColumnsParameter = new(
        "dataset.columns",
        new ParameterType.ColumnOrder(),
        ParameterType.ColumnOrder.Named,
        "Columns of text files from left to right, such as `y,x,_,p,t`; `_` marks a column to skip. `named`: "
            + "the first line of the file names them."
    )
    {
        SilentDefault = true,
    };

    internal static Parameter MergePolaritiesParameter { get; } =
        new(
            "dataset.merge_polarities",
            new ParameterType.Boolean(),
            false,
            "Whether the ON and OFF events of a pixel feed the same input."
        )
        {
            SilentDefault = true,
        };

    private static readonly Parameter CropParameter = new(
        "dataset.crop",
        new ParameterType.Integer(0, 32_768),
        0,
        "Pixels removed at each side. For audio: channels removed at both ends."
    )
    {
        SilentDefault = true,
    };

    private static readonly Parameter DownsampleParameter = new(
        "dataset.downsample",
        new ParameterType.Integer(1, 65_536),
        1,
        "Factor n by which the resolution is reduced: n × n pixels, or n neighbouring channels, become one "
            + "input. 2 turns 34×34 into 17×17; 5 turns 700 channels into 140."
    )
    {
        SilentDefault = true,
    };

    private static readonly Parameter MinEventsParameter = new(
        "dataset.min_events",
        new ParameterType.Integer(1, 65_536),
        1,
        "Minimum number of events per pixel and step that produce a spike."
    )
    {
        SilentDefault = true,
    };

    private static readonly Parameter EventsPerStepParameter = new(
        "dataset.events_per_step",
        new ParameterType.Integer(0, 1_000_000_000),
        0,
        "Number of events per step. 0: steps have a fixed length, `dataset.step_ms`."
    )
    {
        SilentDefault = true,
    };

    private static readonly Parameter GroupsParameter = new(
        "dataset.groups",
        new ParameterType.GroupPattern(),
        ParameterType.None,
        "Where the subject or speaker stands in the name of a recording, its folder and ending left out. `<group>` stands for "
            + "it, `*` for as little other text as there can be: `*_<group>_*` finds george in 0_george_12.npz. `none`: the "
            + "set's own, which `dvs128` (subjects) and `shd` (speakers) have."
    )
    {
        SilentDefault = true,
    };

    /// <summary>What is held out of the training samples, to choose by.</summary>
    public static SplitParameters ValidationParameters { get; } =
        new(
            "dataset.validation",
            ParameterType.None,
            "Part of the training samples that is not trained on. All that is chosen is chosen by it: epochs, settings and "
                + "trials to end early. The test set then only measures.\n`none`: no such part; nothing can be chosen.",
            "validation"
        );

    /// <summary>What is held out of a user's own recordings, to test on.</summary>
    public static SplitParameters SplitParameters { get; } =
        new(
            "dataset.split",
            "folders",
            "For `events`: which recordings are the test set.\n`folders`: those in the folder Test. With the other words, all "
                + "recordings of a class are divided, those in Train and Test as well as those in a folder of the class itself.",
            "testing"
        );

    /// <summary>Parameters that every data set has.</summary>
    internal static IReadOnlyList<Parameter> Common =>
        [
            StepsParameter,
            StepMillisecondsParameter,
            TrainSamplesParameter,
            TestSamplesParameter,
            CropParameter,
            DownsampleParameter,
            MinEventsParameter,
            EventsPerStepParameter,
            GroupsParameter,
            .. ValidationParameters.All,
            .. SplitParameters.All,
        ];

    /// <summary>What a user says of own recordings, because no catalogue does.</summary>
    internal static IReadOnlyList<Parameter> OwnParameters =>
        [WidthParameter, HeightParameter, TimeUnitParameter, StartParameter, ColumnsParameter];

    /// <summary>From a trial's values.</summary>
    /// <exception cref="ArgumentException">A value has another type or word than its parameter allows, or the catalogue
    /// has no such set.</exception>
    public static DatasetSettings From(ParameterSet set)
    {
        DatasetDescription description = DatasetCatalog.Family.Build(set);
        string columns = set.Text(ColumnsParameter);
        return new DatasetSettings(
            description.Name,
            description.NeedsFolder ? set.Text(RootParameter) : null,
            set.Int32(StepsParameter),
            set.Real(StepMillisecondsParameter),
            set.Int32OrAll(TrainSamplesParameter),
            set.Int32OrAll(TestSamplesParameter),
            description.Synthetic ? set.Int64(SeedParameter) : 0
        )
        {
            Width = set.Int32(WidthParameter),
            Height = set.Int32(HeightParameter),
            Files = new EventFileOptions(
                set.Choice<TimeUnit>(TimeUnitParameter),
                columns is ParameterType.ColumnOrder.Named ? null : columns
            ),
            Start = set.Choice<RecordingStart>(StartParameter),
            Groups = set.Text(GroupsParameter) is var groups and not ParameterType.None ? groups : null,
            Validation = ValidationParameters.From(set),
            Split = SplitParameters.From(set),
            Raster = new RasterOptions(
                set.Boolean(MergePolaritiesParameter),
                set.Int32(CropParameter),
                set.Int32(DownsampleParameter),
                set.Int32(MinEventsParameter),
                set.Int32(EventsPerStepParameter)
            ),
        };
    }

    /// <summary>Columns of the sensor of a user's own recordings; other sets know theirs.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Its rows.</summary>
    public int Height { get; init; } = 128;

    /// <summary>What a user's own files do not say themselves.</summary>
    public EventFileOptions Files { get; init; } = EventFileOptions.Plain;

    /// <summary>Where a user's own recordings start.</summary>
    public RecordingStart Start { get; init; }

    /// <summary>Where the subject or speaker stands in a recording's name; null for the set's own.</summary>
    public string? Groups { get; init; }

    /// <summary>What of the training samples is held out for validation; null for nothing.</summary>
    public SplitRule? Validation { get; init; }

    /// <summary>What of a user's own recordings is held out for testing; null where folders say it.</summary>
    public SplitRule? Split { get; init; }

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
