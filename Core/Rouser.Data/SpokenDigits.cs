using Rouser.Data.Audio;
using Rouser.Data.Recordings;

namespace Rouser.Data;

/// <summary>
/// Digits spoken by synthetic voices in English and in German, heard by <see cref="InnerEar"/>: 700 channels, twenty
/// classes, about 0.5 s, shaped like the Spiking Heidelberg Digits. It needs no download, and a sample depends on
/// (seed, split, index) alone.
/// </summary>
/// <remarks>
/// Classes 0 to 9 are zero to nine, 10 to 19 null to neun. Every sample has a speaker of its own, so the test
/// speakers are never those of training.
/// </remarks>
public sealed class SpokenDigits : IEventGenerator
{
    /// <summary>Part of a data set's digest; changes whenever the same seed would give other events.</summary>
    public const int Version = 1;

    private static readonly string[] Words =
    [
        "zIro",
        "wAn",
        "-tu",
        "Tri",
        "fOr",
        "faIv",
        "sI-ks",
        "sEv@n",
        "eI-t",
        "naIn",
        "nUl",
        "aIns",
        "-tsvaI",
        "draI",
        "fi@",
        "fynf",
        "zE-ks",
        "ziv@n",
        "ax-t",
        "nOIn",
    ];

    /// <summary>Its entry in the catalogue.</summary>
    public static DatasetDescription Description { get; } =
        DatasetDescription.Generated(
            "spoken-digits",
            "digits spoken by synthetic voices in English and German through a model of the inner ear, 700 channels, any number "
                + "of samples, made from a seed",
            InnerEar.Channels,
            1,
            polar: false,
            Words.Length,
            seed => new SpokenDigits(seed)
        ) with
        {
            ShapedLike = DatasetCatalog.Shd.Name,
        };

    private readonly long _seed;
    private readonly InnerEar _ear = new();

    /// <summary>The data set of a seed.</summary>
    public SpokenDigits(long seed) => _seed = seed;

    int IEventGenerator.Version => (100 * InnerEar.Version) + Version;

    /// <summary>The class of a sample: 0 to 19 in turn.</summary>
    public int LabelOf(int index) => index % Words.Length;

    /// <summary>Makes one sample. Safe to call from several threads.</summary>
    public SensorEvent[] Record(DatasetSplit split, int index) => _ear.Listen(Speak(split, index));

    /// <summary>
    /// The sound of a sample, at <see cref="InnerEar.SampleRate"/> and <see cref="InnerEar.Loudness"/>.
    /// </summary>
    public float[] Speak(DatasetSplit split, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        RandomStream random = new(_seed, $"spoken-digits/{(split == DatasetSplit.Train ? "train" : "test")}/{index}");
        float[] sound = new Voice(random).Say(Words[LabelOf(index)]);
        InnerEar.Normalize(sound);
        return sound;
    }
}
