using System.Globalization;
using Rouser.Core.Parameters;
using Rouser.Data.Formats;

namespace Rouser.Data;

/// <summary>What there is to know about a data set before it is loaded.</summary>
/// <param name="Name">Its name in the sweep file.</param>
/// <param name="Summary">What it is, in one line.</param>
/// <param name="Width">Columns of its sensor; of an ear, its channels. 0 where the settings say it.</param>
/// <param name="Height">Rows of its sensor; 1 of an ear.</param>
/// <param name="Polar">Whether its events have two polarities.</param>
/// <param name="ClassCount">The classes; 0 where the data says it.</param>
/// <param name="Licence">The licence of the recordings.</param>
/// <param name="Layout">What <c>dataset.root</c> must hold; empty for a synthetic set.</param>
public sealed record DatasetDescription(
    string Name,
    string Summary,
    int Width,
    int Height,
    bool Polar,
    int ClassCount,
    string Licence,
    string Layout
)
{
    /// <summary>Makes the generator of a seed; null for a recorded set.</summary>
    public Func<long, IEventGenerator>? Generator { get; init; }

    /// <summary>What a simulated sensor looks at: <c>MNIST</c>; null where no recorded set is simulated from.</summary>
    public string? SimulatedFrom { get; init; }

    /// <summary>Whether its events were made by a program; outputs that rest on it then say so.</summary>
    public bool Synthetic => !NeedsFolder || SimulatedFrom is not null;

    /// <summary>Whether it is read from files; if not, a generator makes it.</summary>
    public bool NeedsFolder => Generator is null;

    /// <summary>What outputs say of its events: <c>synthetic</c>, <c>simulated from MNIST</c>; null of recordings.</summary>
    public string? Mark =>
        SimulatedFrom is { } pictures ? $"simulated from {pictures}"
        : Synthetic ? "synthetic"
        : null;

    /// <summary>The recorded set that a synthetic one is shaped like, and can stand in for; null for none.</summary>
    public string? ShapedLike { get; init; }

    /// <summary>Parameters that it uses besides those that its kind of set has.</summary>
    public IReadOnlyList<Parameter> Parameters { get; init; } = [];

    /// <summary>N, the input channels before anything is cropped, merged or scaled down.</summary>
    public int InputCount => (Polar ? 2 : 1) * Width * Height;

    /// <summary>Its classes in their order; where they have no name, their numbers.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } =
    [.. Enumerable.Range(0, ClassCount).Select(c => c.ToString(CultureInfo.InvariantCulture))];

    /// <summary>Its entry in the sweep file.</summary>
    public Method<DatasetDescription> Method =>
        new(
            Name,
            $"{Summary}.",
            [
                .. NeedsFolder ? [DatasetSettings.RootParameter] : Array.Empty<Parameter>(),
                .. Synthetic ? [DatasetSettings.SeedParameter] : Array.Empty<Parameter>(),
                .. Parameters,
                .. Polar ? [DatasetSettings.MergePolaritiesParameter] : Array.Empty<Parameter>(),
            ],
            _ => this
        );

    /// <summary>A set that a generator makes.</summary>
    /// <param name="name">Its name in the sweep file.</param>
    /// <param name="summary">What it is, in one line.</param>
    /// <param name="width">Columns of its sensor; of an ear, its channels.</param>
    /// <param name="height">Rows of its sensor; 1 of an ear.</param>
    /// <param name="polar">Whether its events have two polarities.</param>
    /// <param name="classCount">The classes.</param>
    /// <param name="generator">Makes the generator of a seed.</param>
    public static DatasetDescription Generated(
        string name,
        string summary,
        int width,
        int height,
        bool polar,
        int classCount,
        Func<long, IEventGenerator> generator
    ) => new(name, summary, width, height, polar, classCount, "made by a generator; no recordings", "") { Generator = generator };

    /// <summary>How its events become a raster.</summary>
    public EventBinning Binning(int steps, double stepMilliseconds, RasterOptions options) =>
        new(Width, Height, steps, stepMilliseconds) { Options = Polar ? options : options with { MergePolarities = true } };
}

/// <summary>The data sets that a sweep can name.</summary>
public static class DatasetCatalog
{
    /// <summary>N-MNIST recordings.</summary>
    public static DatasetDescription NMnist { get; } =
        new(
            "nmnist",
            "handwritten digits before a saccading event camera, 34×34×2, 60,000 and 10,000 recordings (Orchard et al. 2015)",
            NMnistDecoder.SensorSize,
            NMnistDecoder.SensorSize,
            Polar: true,
            ClassCount: 10,
            "CC BY-SA 4.0",
            "Train/<digit>/<id>.bin and Test/<digit>/<id>.bin, digits 0 to 9, as Train.zip and Test.zip unpack"
        );

    /// <summary>DVS128 Gesture recordings.</summary>
    public static DatasetDescription Dvs128 { get; } =
        new(
            "dvs128",
            "hand and arm gestures before an event camera, 128×128×2, 1,176 and 288 samples (Amir et al. 2017)",
            128,
            128,
            Polar: true,
            ClassCount: 11,
            "CC BY 4.0",
            "trials_to_train.txt, trials_to_test.txt, and for each recording that they name the .aedat file and its _labels.csv, as "
                + "DvsGesture.tar.gz unpacks"
        )
        {
            ClassNames =
            [
                "hand_clapping",
                "right_hand_wave",
                "left_hand_wave",
                "right_arm_clockwise",
                "right_arm_counter_clockwise",
                "left_arm_clockwise",
                "left_arm_counter_clockwise",
                "arm_roll",
                "air_drums",
                "air_guitar",
                "other_gestures",
            ],
        };

    /// <summary>Spiking Heidelberg Digits.</summary>
    public static DatasetDescription Shd { get; } =
        new(
            "shd",
            "spoken digits in German and English through a model of the inner ear, 700 channels, 8,156 and 2,264 samples (Cramer et al. 2020)",
            SpikingSpeechFile.Channels,
            1,
            Polar: false,
            SpikingSpeechFile.Classes,
            "CC BY 4.0",
            "shd_train.h5 and shd_test.h5, as the two .zip files unpack"
        );

    /// <summary>A user's own recordings.</summary>
    public static DatasetDescription Events { get; } =
        new(
            "events",
            "your own recordings, one file each, in folders named by their class",
            0,
            0,
            Polar: true,
            ClassCount: 0,
            "yours",
            $"Train/<class>/ and Test/<class>/ with files that end in {EventFormat.Endings}"
        )
        {
            Parameters = DatasetSettings.OwnParameters,
        };

    /// <summary>All of them: a new one is its description, here or beside its generator, and a word in this list.</summary>
    public static MethodFamily<DatasetDescription> Family { get; } =
        new(
            "dataset.name",
            "saccade-digits",
            "Data set.\n{0}\nThose that take `dataset.root` are read from files; those that take `dataset.seed` are made by a "
                + "program, and every output says so of their results. See docs/reference/data-formats.md.",
            () =>
                [
                    NMnist.Method,
                    Dvs128.Method,
                    Shd.Method,
                    Events.Method,
                    SaccadeDigits.Description.Method,
                    MnistSaccades.Description.Method,
                    GestureBlobs.Description.Method,
                    SpokenDigits.Description.Method,
                ]
        )
        {
            Common = DatasetSettings.Common,
        };

    private static readonly Lazy<IReadOnlyList<DatasetDescription>> Built = new(() =>
        [.. Family.Methods.Select(method => method.Build(ParameterSet.Empty))]
    );

    /// <summary>All of them.</summary>
    public static IReadOnlyList<DatasetDescription> All => Built.Value;

    /// <summary>The data set of a name, or null.</summary>
    public static DatasetDescription? Find(string name) => All.FirstOrDefault(d => d.Name == name);

    /// <summary>The plug-in that brings a data set; null for the program's own.</summary>
    public static Plugin? PluginOf(string name) => Family.Methods.FirstOrDefault(method => method.Name == name)?.Plugin;

    /// <summary>The generated set that is shaped like a recorded one; null if there is none.</summary>
    public static DatasetDescription? StandInFor(string name) => All.FirstOrDefault(d => d.ShapedLike == name && !d.NeedsFolder);

    /// <summary>
    /// The same for what rests on these sets: <c> (synthetic data)</c>, <c> (data simulated from MNIST)</c>; empty where
    /// all are recorded.
    /// </summary>
    /// <param name="sets">The sets, each with what its results say.</param>
    public static string DataMarkOf(IEnumerable<(string? Name, bool Synthetic)> sets)
    {
        string[] marks =
        [
            .. sets.Where(set => set.Synthetic)
                .Select(set => set.Name is null ? null : Find(set.Name)?.SimulatedFrom)
                .Select(pictures => pictures is null ? "synthetic data" : $"data simulated from {pictures}")
                .Distinct(),
        ];
        return marks.Length == 0 ? "" : $" ({string.Join(", ", marks)})";
    }

    /// <summary>
    /// What outputs say of the events of a set, in brackets after a blank: <c> (synthetic)</c>; empty of recordings.
    /// </summary>
    /// <param name="name">The set; one that nobody knows any more is synthetic where its results say so.</param>
    /// <param name="synthetic">What the results say.</param>
    public static string MarkOf(string? name, bool synthetic) =>
        !synthetic ? ""
        : name is not null && Find(name)?.Mark is { } mark ? $" ({mark})"
        : " (synthetic)";
}
