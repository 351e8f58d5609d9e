using Rouser.Data.Formats;
using Rouser.Data.Recordings;

namespace Rouser.Data;

/// <summary>
/// Handwritten digits of MNIST before the simulated event camera of <see cref="SaccadeDigits"/>, moved along N-MNIST's
/// three saccades: 34×34×2, 315 ms. The hands are real, the events are not. A sample depends on its image and on
/// (seed, split, index) alone, on every machine.
/// </summary>
/// <remarks>
/// Fitted to the 1,000 real recordings that the tests read, by coordinate search over the constants below, with 1,000
/// images of the first 7,000; in brackets the real ones: 4,133 ± 1,170 events (4,133 ± 1,154), from 1,240 to 7,513
/// (1,112 to 7,152), 49.5 % ON (49.8 %), 37, 36 and 27 % of them in the three saccades (36, 33 and 31 %), spread 4.95 ×
/// 6.27 px (4.96 × 6.28), 439 active pixels (448), 78.6 % of a pixel's successive events of one polarity (78.1 %), its
/// intervals shorter than 5, 10 and 20 ms for 46, 71 and 82 % (48, 69 and 82 %). 8.5 % of the events would have to move
/// in time, by 10 ms bins, to give the real histogram, and 12 % in place. What is not simulated: hot pixels (0.016 % of
/// events share a cell of 1 ms, 0.13 % do in the recordings) and a last saccade that is stronger than the others.
/// </remarks>
public sealed class MnistSaccades
{
    /// <summary>Part of a data set's digest; changes whenever the same image would give other events.</summary>
    public const int Version = 1;

    /// <summary>Its entry in the catalogue.</summary>
    public static DatasetDescription Description { get; } =
        new(
            "mnist-saccades",
            "handwritten digits of MNIST (LeCun et al. 1998) before a simulated saccading event camera, 34×34×2, 60,000 and 10,000 images",
            NMnistDecoder.SensorSize,
            NMnistDecoder.SensorSize,
            Polar: true,
            ClassCount: 10,
            "CC BY-SA 3.0",
            "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, as published, each "
                + "plain or with .gz"
        )
        {
            SimulatedFrom = "MNIST",
            ShapedLike = DatasetCatalog.NMnist.Name,
        };

    /// <summary>Columns and rows of the sensor per column and row of an image.</summary>
    private const double Columns = 1.09,
        Rows = 0.99;

    /// <summary>Where the middle of an image is before the first saccade has moved it, and how far it strays, pixels.</summary>
    private const double MiddleX = 16.6,
        MiddleY = 17.3,
        Stray = 0.4;

    /// <summary>Log intensity between ground and full ink, and its deviation from recording to recording.</summary>
    private const double Contrast = 1.06,
        ContrastDeviation = 0.18;

    private readonly long _seed;
    private readonly EventCamera _camera;

    /// <summary>The data set of a seed. Both splits look through the same camera.</summary>
    public MnistSaccades(long seed)
    {
        _seed = seed;
        _camera = new(NMnistDecoder.SensorSize, SaccadeDigits.MeanNoiseEvents, new RandomStream(seed, "mnist-saccades/camera"));
    }

    /// <summary>Records one image. Safe to call from several threads.</summary>
    /// <param name="image">Its <see cref="IdxFile.ImageSize"/>² bytes, row by row; 255 is full ink.</param>
    /// <param name="split">The split that it is of.</param>
    /// <param name="index">Its place in it.</param>
    /// <returns>The events in order of time, 0 ≤ time &lt; 315 ms.</returns>
    public SensorEvent[] Record(ReadOnlySpan<byte> image, DatasetSplit split, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        RandomStream random = new(_seed, $"mnist-saccades/{(split == DatasetSplit.Train ? "train" : "test")}/{index}");
        double contrast = Contrast + (ContrastDeviation * BellCurve.Next(random));
        Point middle = new(MiddleX + (Stray * BellCurve.Next(random)), MiddleY + (Stray * BellCurve.Next(random)));
        InkField ink = InkField.OfImage(image, IdxFile.ImageSize, middle, Columns, Rows);
        return _camera.Record(new SaccadingPicture(ink, new SaccadePath(random)), contrast, random);
    }
}
