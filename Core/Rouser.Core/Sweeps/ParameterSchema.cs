using Rouser.Core.Data;
using Rouser.Core.Parameters;
using Rouser.Core.Snn;
using static Rouser.Core.Parameters.ParameterType;

namespace Rouser.Core.Sweeps;

/// <summary>
/// The one table of every parameter. Validation, "did you mean", <c>--set</c>, trial identity, table columns,
/// <see cref="TrialSettings"/> and docs/sweep-file.md all come from it.
/// </summary>
public static class ParameterSchema
{
    /// <summary>The word for every sample of a set.</summary>
    internal const string All = ParameterType.All;

    /// <summary>The parameter that names the training engine.</summary>
    internal const string Engine = "engine";

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
                new Word([.. KnownDatasets.Recorded, .. KnownDatasets.Synthetic]),
                Of("saccade-digits"),
                "The data set. Recorded, read from files: `nmnist` (N-MNIST, 34×34×2, ten digits), `dvs128` (DVS128 "
                    + "Gesture, 128×128×2, eleven gestures), `shd` (Spiking Heidelberg Digits, 700 channels, twenty "
                    + "classes), `events` (your own recordings). Generated, so that no download is needed and every output "
                    + "says \"synthetic\": `saccade-digits`, `gesture-blobs`, `spoken-digits`, shaped like the first "
                    + "three. docs/data.md has them all."
            ),
            new(
                "dataset.root",
                new ParameterType.Path(),
                Of("data/nmnist"),
                "The folder of a recorded set; docs/data.md says what it holds. No part of a trial's identity: the digest of the recordings is.",
                Recorded
            ),
            new("dataset.steps", new Integer(1, 100_000), Of(300), "T, the steps per sample."),
            new("dataset.step_ms", Positive, Of(1.0), "Length of a step, ms."),
            new(
                "dataset.train_samples",
                Samples,
                Of(All),
                "Training samples to take, from the start of the set's fixed order; `all` of a generated set are "
                    + $"{KnownDatasets.SyntheticTrainSamples}."
            ),
            new(
                "dataset.test_samples",
                Samples,
                Of(All),
                $"Test samples to take; `all` of a generated set are {KnownDatasets.SyntheticTestSamples}."
            ),
            new(
                "dataset.seed",
                new Integer(0, long.MaxValue),
                Of(0),
                "The generator's seed: another one gives other samples.",
                Synthetic
            ),
            new("dataset.width", new Integer(1, 65_536), Of(128), "Columns of the sensor; of an ear, its channels.", Own),
            new("dataset.height", new Integer(1, 65_536), Of(128), "Rows of the sensor; 1 for an ear.", Own),
            new(
                "dataset.time_unit",
                new Word("us", "s", "ms", "ns"),
                Of("us"),
                "The unit of the times in files that do not say it (`.csv`, `.txt`, `.tsv`, `.npz`, `.npy`).",
                Own,
                SilentDefault: true
            ),
            new(
                "dataset.start",
                new Word("by_format", "first_event", "zero"),
                Of("by_format"),
                "Where a recording starts: at its `first_event`, or at time `zero` of its file; `by_format`: at the "
                    + "first event for formats with a camera's clock (`.aedat`, `.aedat4`, `.raw`, `.dat`), else at zero.",
                Own,
                SilentDefault: true
            ),
            new(
                "dataset.columns",
                new ColumnOrder(),
                Of(ColumnOrder.Named),
                "The columns of text files from left to right, such as `y,x,_,p,t`, with `_` for one that is passed "
                    + "over; `named`: their first line names them.",
                Own,
                SilentDefault: true
            ),
            new(
                "dataset.merge_polarities",
                new Truth(),
                new ParameterValue.Truth(false),
                "Whether ON and OFF events of a pixel share an input.",
                Polar,
                SilentDefault: true
            ),
            new(
                "dataset.crop",
                new Integer(0, 32_768),
                Of(0),
                "Pixels cut off each side; of an ear, channels cut off both ends.",
                SilentDefault: true
            ),
            new(
                "dataset.downsample",
                new Integer(1, 65_536),
                Of(1),
                "So many pixels per side, or neighbouring channels, become one: 2 makes 34×34 to 17×17, 5 makes 700 to 140.",
                SilentDefault: true
            ),
            new(
                "dataset.min_events",
                new Integer(1, 65_536),
                Of(1),
                "So many events of a pixel within a step make a spike; 1: any event does.",
                SilentDefault: true
            ),
            new(
                "dataset.events_per_step",
                new Integer(0, 1_000_000_000),
                Of(0),
                "A step is so many events instead of `step_ms`; 0: it is a time.",
                SilentDefault: true
            ),
            new(
                "augment.jitter_steps",
                new Integer(0, 99_999),
                Of(0),
                "Every spike of a training sample moves by −n to n steps at random, in every epoch anew; 0: none does.",
                SilentDefault: true
            ),
            new(
                "augment.shift",
                new Integer(0, 65_535),
                Of(0),
                "A training sample's picture moves by −n to n pixels along each axis at random, in every epoch anew; "
                    + "of an ear, by so many channels. Counted after `dataset.crop` and `dataset.downsample`. 0: it stays.",
                SilentDefault: true
            ),
            new(
                "network.hidden",
                new Integers(0, 16, 1, 65_536),
                new ParameterValue.Integers([500, 500]),
                "Neurons per hidden layer, from the input on, `[]` for none; the output layer has one neuron per class."
            ),
            .. MethodSettings.Parameters,
            new("epochs", new Integer(1, 1_000_000), Of(10), "Passes over the training samples."),
            new("noop.epoch_ms", NotNegative, Of(0.0), "How long an epoch that trains nothing takes, ms.", Noop),
        ]);

    /// <summary>Every parameter with its default.</summary>
    public static ParameterSet Defaults { get; } = new(Parameters.Select(p => KeyValuePair.Create(p.Name, p.Default)));

    private static readonly Dictionary<string, Parameter> ByName = Parameters.ToDictionary(p => p.Name, StringComparer.Ordinal);
    private static readonly Parameter[] Sorted = [.. Parameters.OrderBy(p => p.Name, StringComparer.Ordinal)];
    private static readonly HashSet<string> GroupNames =
    [
        .. Parameters.Where(p => p.Name.Contains('.', StringComparison.Ordinal)).Select(p => p.Name[..p.Name.LastIndexOf('.')]),
    ];

    /// <summary>The parameter of that name, or null.</summary>
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
        ReadOnlySpan<KeyValuePair<string, ParameterValue>> given = set.Sorted;
        foreach (Parameter parameter in Sorted)
        {
            // Both are in order, so one walk over them finds every value.
            while (!given.IsEmpty && string.CompareOrdinal(given[0].Key, parameter.Name) < 0)
                given = given[1..];
            if (!parameter.IsUsedBy(set))
                continue;
            ParameterValue value = !given.IsEmpty && given[0].Key == parameter.Name ? given[0].Value : parameter.Default;
            if (parameter.Kind == ParameterKind.Integer && value is ParameterValue.Word)
            {
                if (!synthetic || parameter.Name == "bptt.window")
                    continue;
                value = Of(
                    parameter.Name == "dataset.train_samples"
                        ? KnownDatasets.SyntheticTrainSamples
                        : KnownDatasets.SyntheticTestSamples
                );
            }
            if (parameter.Kind == ParameterKind.Real && value is ParameterValue.Word)
                continue;
            if (parameter.SilentDefault && value == parameter.Default)
                continue;
            used.Add(KeyValuePair.Create(parameter.Name, value));
        }
        return ParameterSet.FromSorted([.. used]);
    }

    /// <summary>Whether the set's data is generated.</summary>
    internal static bool IsSynthetic(ParameterSet set) =>
        ValueOf(set, "dataset.name") is ParameterValue.Word name && KnownDatasets.Synthetic.Contains(name.Value);

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

    private static ParameterValue.Word Of(string value) => new(value);
}
