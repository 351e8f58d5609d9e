using System.Globalization;
using Rouser.Data.Audio;
using Rouser.Data.Formats;

namespace Rouser.Data;

/// <summary>What there is to know about a data set before it is loaded.</summary>
/// <param name="Name">Its name in the sweep file.</param>
/// <param name="Summary">What it is, in one line.</param>
/// <param name="Synthetic">Whether a generator makes it; then it needs no folder, and outputs that rest on it say
/// "synthetic".</param>
/// <param name="Width">Columns of its sensor; of an ear, its channels. 0 where the settings say it.</param>
/// <param name="Height">Rows of its sensor; 1 of an ear.</param>
/// <param name="Polar">Whether its events have two polarities.</param>
/// <param name="ClassCount">The classes; 0 where the data says it.</param>
/// <param name="Licence">The licence of the recordings.</param>
/// <param name="Layout">What <c>dataset.root</c> must hold; empty for a synthetic set.</param>
public sealed record DatasetDescription(
    string Name,
    string Summary,
    bool Synthetic,
    int Width,
    int Height,
    bool Polar,
    int ClassCount,
    string Licence,
    string Layout
)
{
    /// <summary>N, the input channels before anything is cropped, merged or scaled down.</summary>
    public int InputCount => (Polar ? 2 : 1) * Width * Height;

    /// <summary>Its classes in their order; where they have no name, their numbers.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } =
    [.. Enumerable.Range(0, ClassCount).Select(c => c.ToString(CultureInfo.InvariantCulture))];

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
            Synthetic: false,
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
            Synthetic: false,
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
            Synthetic: false,
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
            Synthetic: false,
            0,
            0,
            Polar: true,
            ClassCount: 0,
            "yours",
            $"Train/<class>/ and Test/<class>/ with files that end in {EventFormat.Endings}"
        );

    /// <summary>The embedded generator of digits before a camera.</summary>
    public static DatasetDescription SaccadeDigits { get; } =
        new(
            "saccade-digits",
            "drawn digits before a simulated saccading event camera, 34×34×2, any number of samples, made from a seed",
            Synthetic: true,
            NMnistDecoder.SensorSize,
            NMnistDecoder.SensorSize,
            Polar: true,
            ClassCount: 10,
            "made by Rouser; no recordings",
            ""
        );

    /// <summary>The embedded generator of gestures before a camera.</summary>
    public static DatasetDescription GestureBlobs { get; } =
        new(
            "gesture-blobs",
            "moving arms of blobs before a simulated event camera, 128×128×2, any number of samples, made from a seed",
            Synthetic: true,
            128,
            128,
            Polar: true,
            ClassCount: 11,
            "made by Rouser; no recordings",
            ""
        );

    /// <summary>The embedded generator of spoken digits.</summary>
    public static DatasetDescription SpokenDigits { get; } =
        new(
            "spoken-digits",
            "digits spoken by synthetic voices in English and German through a model of the inner ear, 700 channels, any number of samples, made "
                + "from a seed",
            Synthetic: true,
            InnerEar.Channels,
            1,
            Polar: false,
            ClassCount: 20,
            "made by Rouser; no recordings",
            ""
        );

    /// <summary>All of them.</summary>
    public static IReadOnlyList<DatasetDescription> All { get; } =
    [NMnist, Dvs128, Shd, Events, SaccadeDigits, GestureBlobs, SpokenDigits];

    /// <summary>The data set of a name, or null.</summary>
    public static DatasetDescription? Find(string name) => All.FirstOrDefault(d => d.Name == name);

    /// <summary>The generated set that is shaped like a recorded one; null if there is none.</summary>
    public static DatasetDescription? StandInFor(string name) =>
        name switch
        {
            "nmnist" => SaccadeDigits,
            "dvs128" => GestureBlobs,
            "shd" => SpokenDigits,
            _ => null,
        };
}
