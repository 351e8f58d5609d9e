namespace Rouser.Core.Data;

/// <summary>A simulated event camera: a pixel reports when its log intensity has moved by its threshold since it last reported.</summary>
/// <remarks>
/// After Lichtsteiner, Posch and Delbruck 2008 and the linear interpolation of ESIM (Rebecq et al. 2018). Log intensity is
/// L = −contrast·ink: dark strokes on a bright ground, since in the recordings OFF events lead and ON events trail. After a report
/// the pixel is blind for the refractory time and then starts from the intensity it finds. Thresholds differ between pixels and stay
/// with the camera; every report is late by a random latency; background reports come at any time and place.
/// </remarks>
internal sealed class EventCamera
{
    private const int Size = NMnistDecoder.SensorSize;

    /// <summary>Change of log intensity per event: six events for an edge of contrast 1, less what the refractory time swallows.</summary>
    private const double Threshold = 0.15;

    /// <summary>Deviation of a pixel's threshold from that of the camera, and half-range of the noise on it from event to event; relative.</summary>
    private const double Mismatch = 0.12, ThresholdNoise = 0.4;

    /// <summary>Dead time of a pixel after an event, and the most that an event is late, ms; an interval in a burst is then 2 to 4 ms.</summary>
    private const double RefractoryMs = 0.9, LatencyMs = 1.0;

    /// <summary>Between two pictures, ms; at full speed the picture moves a third of a pixel in that time.</summary>
    private const double FrameMs = 3;

    /// <summary>Background events per recording, as in the quiet corners of the real ones, and how many of them are ON.</summary>
    private const int MeanNoiseEvents = 110;
    private const double NoiseOnShare = 0.62;

    private readonly double[] _mismatch = new double[Size * Size];

    /// <summary>A camera with its own mismatch.</summary>
    public EventCamera(RandomStream random)
    {
        for (int i = 0; i < _mismatch.Length; i++) _mismatch[i] = 1 + (Mismatch * Bell.Next(random));
    }

    /// <summary>Records the picture along the path.</summary>
    /// <returns>The events in order of time, then row, column and polarity.</returns>
    public SensorEvent[] Record(InkField ink, double contrast, SaccadePath path, RandomStream random)
    {
        List<long> keys = new(8192);
        AddMovement(ink, contrast, path, random, keys);
        AddNoise(random, keys);
        keys.Sort();
        SensorEvent[] events = new SensorEvent[keys.Count];
        for (int i = 0; i < events.Length; i++) events[i] = FromKey(keys[i]);
        return events;
    }

    private void AddMovement(InkField ink, double contrast, SaccadePath path, RandomStream random, List<long> keys)
    {
        const int Frames = (int)(SaccadePath.Microseconds / (1000 * FrameMs));
        (int left, int width) = ink.Columns.GetOffsetAndLength(Size);
        (int top, int height) = ink.Rows.GetOffsetAndLength(Size);
        double[] before = new double[width * height], after = new double[width * height];
        Pixel[] pixels = new Pixel[width * height];
        Look(before, path.At(0));
        for (int i = 0; i < pixels.Length; i++) pixels[i] = new(-contrast * before[i], 0, 1);
        for (int frame = 0; frame < Frames; frame++)
        {
            double start = frame * FrameMs;
            Look(after, path.At(start + FrameMs));
            for (int row = 0, i = 0; row < height; row++)
            {
                int sensorPixel = ((top + row) * Size) + left;
                for (int column = 0; column < width; column++, i++, sensorPixel++)
                {
                    if (before[i] != after[i]) Watch(ref pixels[i], sensorPixel, -contrast * before[i], -contrast * after[i], start, random, keys);
                }
            }
            (before, after) = (after, before);
        }

        void Look(double[] picture, Point shift)
        {
            for (int row = 0; row < height; row++) ink.Row(left, top + row, shift, picture.AsSpan(row * width, width));
        }
    }

    /// <summary>One pixel over one frame, in which L moves linearly from <paramref name="l0"/> to <paramref name="l1"/>.</summary>
    private void Watch(ref Pixel pixel, int index, double l0, double l1, double start, RandomStream random, List<long> keys)
    {
        double end = start + FrameMs, slope = (l1 - l0) / FrameMs, threshold = Threshold * _mismatch[index];
        while (pixel.BlindUntil < end)
        {
            // A pixel that wakes within this frame takes what it then sees as its reference.
            if (pixel.BlindUntil > start) pixel.Reference = l0 + ((pixel.BlindUntil - start) * slope);
            double level = pixel.Reference + ((slope > 0 ? threshold : -threshold) * pixel.Noise);
            if (slope > 0 ? l1 < level : l1 > level) return;
            double crossing = Math.Max(start + ((level - l0) / slope), Math.Max(start, pixel.BlindUntil));
            Add(keys, crossing + random.NextDouble(0, LatencyMs), index, slope > 0);
            pixel = new(level, crossing + RefractoryMs, 1 + (ThresholdNoise * random.NextDouble(-1, 1)));
        }
    }

    /// <summary>Background events, half to one and a half times their mean number. On a real sensor leak currents cause most, so more are ON.</summary>
    private static void AddNoise(RandomStream random, List<long> keys)
    {
        int count = (MeanNoiseEvents / 2) + random.NextInt(MeanNoiseEvents + 1);
        for (int i = 0; i < count; i++)
            Add(keys, random.NextDouble(0, SaccadePath.Microseconds / 1000.0), random.NextInt(Size * Size), random.NextDouble() < NoiseOnShare);
    }

    private static void Add(List<long> keys, double milliseconds, int pixel, bool on)
    {
        long microseconds = (long)(milliseconds * 1000);
        if (microseconds < SaccadePath.Microseconds) keys.Add((((microseconds * Size * Size) + pixel) * 2) + (on ? 1 : 0));
    }

    private static SensorEvent FromKey(long key)
    {
        (long microseconds, long pixel) = Math.DivRem(key / 2, Size * Size);
        return new(microseconds, (ushort)(pixel % Size), (ushort)(pixel / Size), key % 2 == 1);
    }

    /// <summary>A pixel's state: the log intensity it compares with, when it sees again (ms), and the noise on its next threshold.</summary>
    private record struct Pixel(double Reference, double BlindUntil, double Noise);
}
