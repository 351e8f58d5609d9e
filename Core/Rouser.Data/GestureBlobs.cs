namespace Rouser.Data;

/// <summary>
/// Gestures of two arms made of blobs before a simulated event camera: 128×128×2, eleven classes, 1.5 s, shaped like
/// DVS128 Gesture. It needs no download, and a sample depends on (seed, split, index) alone.
/// </summary>
/// <remarks>
/// The classes are those of DVS128 Gesture in their order: hand clapping, right hand wave, left hand wave, right arm
/// clockwise, right arm counter-clockwise, left arm clockwise, left arm counter-clockwise, arm roll (either way), air
/// drums, air guitar, other gestures. Directions are the viewer's. The same events on every machine, as for
/// <see cref="SaccadeDigits"/>.
/// </remarks>
public sealed class GestureBlobs : IEventGenerator
{
    /// <summary>Part of a data set's digest; changes whenever the same seed would give other events.</summary>
    public const int Version = 1;

    internal const int Size = 128;

    private const int ClassCount = 11,
        MeanNoiseEvents = 1_500;

    private readonly long _seed;
    private readonly EventCamera _camera;

    /// <summary>The data set of a seed. Both splits look through the same camera.</summary>
    public GestureBlobs(long seed)
    {
        _seed = seed;
        _camera = new(Size, MeanNoiseEvents, new RandomStream(seed, "gesture-blobs/camera"));
    }

    /// <inheritdoc/>
    public DatasetDescription Description => DatasetCatalog.GestureBlobs;

    int IEventGenerator.Version => Version;

    /// <summary>The class of a sample: 0 to 10 in turn.</summary>
    public int LabelOf(int index) => index % ClassCount;

    /// <summary>Makes one sample. Safe to call from several threads.</summary>
    /// <returns>The events in order of time, 0 ≤ time &lt; 1.5 s.</returns>
    public SensorEvent[] Record(DatasetSplit split, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        RandomStream random = new(_seed, $"gesture-blobs/{(split == DatasetSplit.Train ? "train" : "test")}/{index}");
        Gesture gesture = Gesture.Draw(LabelOf(index), random);
        double contrast = 0.8 + (0.1 * BellCurve.Next(random));
        return _camera.Record(new ArmPicture(gesture, random), contrast, random);
    }
}
