using Rouser.Core.Parameters;
using Rouser.Data;
using Rouser.Snn;
using static Rouser.Core.Parameters.ParameterType;

namespace Rouser.Sweeps;

/// <summary>
/// The one table of every parameter. Validation, "did you mean", <c>--set</c>, trial identity, table columns,
/// <see cref="TrialSettings"/> and docs/reference/sweep-file.md all come from it.
/// </summary>
public static class ParameterSchema
{
    /// <summary>The word for every sample of a set.</summary>
    internal const string All = ParameterType.All;

    /// <summary>The parameter that names the training engine.</summary>
    public const string Engine = "engine";

    private static readonly UsedIf Recorded = new("dataset.name", KnownDatasets.Recorded);
    private static readonly UsedIf Noop = new(Engine, "noop");
    private static readonly UsedIf Own = new("dataset.name", DatasetCatalog.Events.Name);
    private static readonly UsedIf Polar = new("dataset.name", KnownDatasets.Polar);
    private static readonly UsedIf Synthetic = new("dataset.name", KnownDatasets.Synthetic);

    private static readonly Integer Samples = new(1, 1_000_000, OrAll: true);

    /// <summary>Every parameter, in the order of the documentation.</summary>
    public static IReadOnlyList<Parameter> Parameters { get; } =
        Merged([
            new(
                "dataset.name",
                new Choice([.. KnownDatasets.Recorded, .. KnownDatasets.Synthetic]),
                Of("saccade-digits"),
                "Data set.\nRecorded: `nmnist` (N-MNIST, 34×34×2, 10 classes), `dvs128` (DVS128 Gesture, 128×128×2, "
                    + "11 classes), `shd` (Spiking Heidelberg Digits, 700 channels, 20 classes), `events` (your own "
                    + "recordings).\nGenerated, without a download: `saccade-digits`, `gesture-blobs` and `spoken-digits`, "
                    + "shaped like the first three. Every output marks their results as synthetic.\nSee "
                    + "docs/reference/data-formats.md."
            ),
            new(
                "dataset.root",
                new ParameterType.FolderPath(),
                Of("data/nmnist"),
                "Folder of a recorded set. `--data` overrides it. It is no part of a trial's identity: the digest of "
                    + "the recordings is. See docs/reference/data-formats.md.",
                Recorded
            ),
            new("dataset.steps", new Integer(1, 100_000), Of(300), "Steps per sample, T."),
            new("dataset.step_ms", Positive, Of(1.0), "Length of a step in milliseconds."),
            new(
                "dataset.train_samples",
                Samples,
                Of(All),
                "Number of training samples, taken from the start of the set's fixed order. `all` of a generated set "
                    + $"means {KnownDatasets.SyntheticTrainSamples}."
            ),
            new(
                "dataset.test_samples",
                Samples,
                Of(All),
                $"Number of test samples. `all` of a generated set means {KnownDatasets.SyntheticTestSamples}."
            ),
            new(
                "dataset.seed",
                new Integer(0, long.MaxValue),
                Of(0),
                "Seed of the generator. Another seed gives other samples.",
                Synthetic
            ),
            new(
                "dataset.width",
                new Integer(1, 65_536),
                Of(128),
                "Width of the sensor in pixels. For audio: the number of channels.",
                Own
            ),
            new(
                "dataset.height",
                new Integer(1, 65_536),
                Of(128),
                "Height of the sensor in pixels. For audio: 1, which means one row of channels without polarity.",
                Own
            ),
            new(
                "dataset.time_unit",
                new Choice("us", "s", "ms", "ns"),
                Of("us"),
                "Unit of the times in files that do not state it (`.csv`, `.tsv`, `.npz`, `.npy`).",
                Own,
                SilentDefault: true
            ),
            new(
                "dataset.start",
                new Choice("by_format", "first_event", "zero"),
                Of("by_format"),
                "Where the time of a recording starts.\n`by_format`: at the first event for formats with a camera's "
                    + "clock (`.aedat`, `.aedat4`, `.raw`, `.dat`), at zero for the others.\n`first_event`: at the first "
                    + "event.\n`zero`: at time 0 of the file.",
                Own,
                SilentDefault: true
            ),
            new(
                "dataset.columns",
                new ColumnOrder(),
                Of(ColumnOrder.Named),
                "Columns of text files from left to right, such as `y,x,_,p,t`; `_` marks a column to skip. `named`: "
                    + "the first line of the file names them.",
                Own,
                SilentDefault: true
            ),
            new(
                "dataset.merge_polarities",
                new ParameterType.Boolean(),
                new ParameterValue.Boolean(false),
                "Whether the ON and OFF events of a pixel feed the same input.",
                Polar,
                SilentDefault: true
            ),
            new(
                "dataset.crop",
                new Integer(0, 32_768),
                Of(0),
                "Pixels removed at each side. For audio: channels removed at both ends.",
                SilentDefault: true
            ),
            new(
                "dataset.downsample",
                new Integer(1, 65_536),
                Of(1),
                "Factor n by which the resolution is reduced: n × n pixels, or n neighbouring channels, become one "
                    + "input. 2 turns 34×34 into 17×17; 5 turns 700 channels into 140.",
                SilentDefault: true
            ),
            new(
                "dataset.min_events",
                new Integer(1, 65_536),
                Of(1),
                "Minimum number of events per pixel and step that produce a spike.",
                SilentDefault: true
            ),
            new(
                "dataset.events_per_step",
                new Integer(0, 1_000_000_000),
                Of(0),
                "Number of events per step. 0: steps have a fixed length, `dataset.step_ms`.",
                SilentDefault: true
            ),
            new(
                "augment.jitter_steps",
                new Integer(0, 99_999),
                Of(0),
                "Temporal jitter n: each spike of a training sample moves by a random number of steps from −n to n, "
                    + "drawn anew in every epoch. 0: no jitter.",
                SilentDefault: true
            ),
            new(
                "augment.shift",
                new Integer(0, 65_535),
                Of(0),
                "Spatial shift n: each training sample moves by a random number of pixels from −n to n along each "
                    + "axis, drawn anew in every epoch. For audio: channels. Pixels are counted after `dataset.crop` and "
                    + "`dataset.downsample`. 0: no shift.",
                SilentDefault: true
            ),
            new(
                "network.hidden",
                new Integers(0, 16, 1, 65_536),
                new ParameterValue.Integers([500, 500]),
                "Neurons of each hidden layer, from input to output; `[]` for none. The output layer has one neuron "
                    + "per class."
            ),
            .. MethodSettings.Parameters,
            new("epochs", new Integer(1, 1_000_000), Of(10), "Passes over the training samples."),
            new("noop.epoch_ms", NotNegative, Of(0.0), "Duration of an epoch of the `noop` engine in milliseconds.", Noop),
        ]);

    /// <summary>Every parameter with its default.</summary>
    public static ParameterSet Defaults { get; } = new(Parameters.Select(p => KeyValuePair.Create(p.Name, p.Default)));

    private static readonly Dictionary<string, Parameter> ByName = Parameters
        .SelectMany(p => new[] { p.Name, p.IdentityName }.Distinct(), (parameter, name) => (parameter, name))
        .ToDictionary(p => p.name, p => p.parameter, StringComparer.Ordinal);
    private static readonly Parameter[] Sorted = [.. Parameters.OrderBy(p => p.Name, StringComparer.Ordinal)];
    private static readonly HashSet<string> GroupNames =
    [
        .. Parameters.Where(p => p.Name.Contains('.', StringComparison.Ordinal)).Select(p => p.Name[..p.Name.LastIndexOf('.')]),
    ];

    /// <summary>The parameters that were renamed.</summary>
    internal static IReadOnlyList<Parameter> Renamed { get; } = [.. Parameters.Where(p => p.FormerName is not null)];

    /// <summary>The parameters of a trial's identity, in the order of their names there.</summary>
    internal static IReadOnlyList<Parameter> InIdentity { get; } =
    [.. Parameters.Where(p => p.IsIdentity).OrderBy(p => p.IdentityName, StringComparer.Ordinal)];

    /// <summary>The parameter of that name, or of that former name; null if there is none.</summary>
    public static Parameter? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The parameter of that name, for code that names one which is there.</summary>
    /// <exception cref="ArgumentException">There is none: it was renamed, and the code was not.</exception>
    public static Parameter Declared(string name) =>
        Find(name) ?? throw new ArgumentException($"No parameter is called {name}.", nameof(name));

    /// <summary>
    /// What two trainings differ in, by name. What is no part of a trial's identity, such as a folder, is left out.
    /// </summary>
    public static IEnumerable<string> IdentityDifferences(ParameterSet a, ParameterSet b) =>
        a.NamesOfDifferences(b).Where(name => Find(name) is not { IsIdentity: false });

    /// <summary>Groups of parameters: <c>surrogate</c>.</summary>
    internal static IReadOnlySet<string> Groups => GroupNames;

    /// <summary>Whether a method with these values uses the parameter.</summary>
    internal static bool IsUsedBy(this Parameter parameter, ParameterSet set) =>
        parameter.Condition?.Holds(name => ValueOf(set, name)) != false;

    /// <summary>The value in the set, or the default.</summary>
    internal static ParameterValue ValueOf(ParameterSet set, string name) => set.Find(name) ?? ByName[name].Default;

    /// <summary>
    /// What the method uses of these values, with defaults for what is missing. Two sets that mean the same training
    /// give the same values: <c>all</c> samples of a generated set become their number, those of a recorded one are
    /// left out, as are <c>all</c> steps.
    /// </summary>
    public static ParameterSet Used(ParameterSet set)
    {
        bool synthetic = IsSynthetic(set);
        List<KeyValuePair<string, ParameterValue>> used = new(Sorted.Length);
        ReadOnlySpan<KeyValuePair<string, ParameterValue>> given = set.AsSpan();
        foreach (Parameter parameter in Sorted)
        {
            // Both are in order, so one walk over them finds every value.
            while (!given.IsEmpty && string.CompareOrdinal(given[0].Key, parameter.Name) < 0)
                given = given[1..];
            if (!parameter.IsUsedBy(set))
                continue;
            ParameterValue value = !given.IsEmpty && given[0].Key == parameter.Name ? given[0].Value : parameter.Default;
            if (parameter.Kind == ParameterKind.Integer && value is ParameterValue.Text)
            {
                if (!synthetic || parameter.Name == "bptt.window")
                    continue;
                value = Of(
                    parameter.Name == "dataset.train_samples"
                        ? KnownDatasets.SyntheticTrainSamples
                        : KnownDatasets.SyntheticTestSamples
                );
            }
            if (parameter.Kind == ParameterKind.Real && value is ParameterValue.Text)
                continue;
            if (parameter.SilentDefault && value == parameter.Default)
                continue;
            used.Add(KeyValuePair.Create(parameter.Name, value));
        }
        return ParameterSet.FromSorted([.. used]);
    }

    /// <summary>Whether the set's data is generated.</summary>
    internal static bool IsSynthetic(ParameterSet set) =>
        ValueOf(set, "dataset.name") is ParameterValue.Text name && KnownDatasets.Synthetic.Contains(name.Value);

    /// <summary>
    /// Of a parameter that several methods use the first stands for all, under the conditions of all.
    /// </summary>
    private static List<Parameter> Merged(IEnumerable<Parameter> parameters) =>
        [
            .. parameters
                .GroupBy(p => p.Name)
                .Select(same =>
                    same.Aggregate((first, next) => first with { Condition = first.Condition! with { Or = next.Condition } })
                ),
        ];

    private static ParameterValue.Real Of(double value) => new(value);

    private static ParameterValue.Integer Of(int value) => new(value);

    private static ParameterValue.Text Of(string value) => new(value);
}
