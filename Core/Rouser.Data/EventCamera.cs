namespace Rouser.Data;

/// <summary>
/// A simulated event camera: a pixel reports when its log intensity has moved by its threshold since it last
/// reported.
/// </summary>
/// <remarks>
/// After Lichtsteiner, Posch and Delbruck 2008 and the linear interpolation of ESIM (Rebecq et al. 2018). Log
/// intensity is L = −contrast·ink: dark strokes on a bright ground, since in the recordings OFF events lead and ON
/// events trail. After a report the pixel is blind for the refractory time and then starts from the intensity it
/// finds. Thresholds differ between pixels and stay with the camera; every report is late by a random latency;
/// background reports come at any time and place.
/// </remarks>
internal sealed class EventCamera
{
    /// <summary>
    /// Change of log intensity per event: six events for an edge of contrast 1, less what the refractory time
    /// swallows.
    /// </summary>
    private const double Threshold = 0.15;

    /// <summary>
    /// Deviation of a pixel's threshold from that of the camera, and half-range of the noise on it from event to
    /// event; relative.
    /// </summary>
    private const double Mismatch = 0.12,
        ThresholdNoise = 0.4;

    /// <summary>
    /// Dead time of a pixel after an event, and the most that an event is late, ms; an interval in a burst is then 2
    /// to 4 ms.
    /// </summary>
    private const double RefractoryMs = 0.9,
        LatencyMs = 1.0;

    /// <summary>How many background events are ON.</summary>
    private const double NoiseOnShare = 0.62;

    private readonly int _size,
        _meanNoiseEvents;
    private readonly double[] _mismatch;

    /// <summary>A camera of size × size pixels with its own mismatch.</summary>
    /// <param name="size">Columns and rows.</param>
    /// <param name="meanNoiseEvents">Background events per recording.</param>
    /// <param name="random">What the mismatch is drawn from.</param>
    public EventCamera(int size, int meanNoiseEvents, RandomStream random)
    {
        (_size, _meanNoiseEvents, _mismatch) = (size, meanNoiseEvents, new double[size * size]);
        for (int i = 0; i < _mismatch.Length; i++)
            _mismatch[i] = 1 + (Mismatch * BellCurve.Next(random));
    }

    /// <summary>Records a moving picture.</summary>
    /// <returns>The events in order of time, then row, column and polarity.</returns>
    public SensorEvent[] Record(IMovingPicture picture, double contrast, RandomStream random)
    {
        List<long> keys = new(8192);
        AddMovement(picture, contrast, random, keys);
        AddNoise(picture.Microseconds, random, keys);
        keys.Sort();
        SensorEvent[] events = new SensorEvent[keys.Count];
        for (int i = 0; i < events.Length; i++)
            events[i] = FromKey(keys[i]);
        return events;
    }

    private void AddMovement(IMovingPicture picture, double contrast, RandomStream random, List<long> keys)
    {
        int frames = (int)(picture.Microseconds / (1000 * picture.FrameMs));
        (int left, int width) = picture.Columns.GetOffsetAndLength(_size);
        (int top, int height) = picture.Rows.GetOffsetAndLength(_size);
        double[] before = new double[width * height],
            after = new double[width * height];
        Pixel[] pixels = new Pixel[width * height];
        picture.Look(0, before);
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = new(-contrast * before[i], 0, 1);
        for (int frame = 0; frame < frames; frame++)
        {
            Interval time = new(frame * picture.FrameMs, picture.FrameMs, picture.Microseconds);
            picture.Look(time.Start + time.Length, after);
            for (int row = 0, i = 0; row < height; row++)
            {
                int sensorPixel = ((top + row) * _size) + left;
                for (int column = 0; column < width; column++, i++, sensorPixel++)
                {
                    if (before[i] != after[i])
                        Watch(ref pixels[i], sensorPixel, -contrast * before[i], -contrast * after[i], time, random, keys);
                }
            }
            (before, after) = (after, before);
        }
    }

    /// <summary>
    /// One pixel over one frame, in which L moves linearly from <paramref name="l0"/> to <paramref name="l1"/>.
    /// </summary>
    private void Watch(ref Pixel pixel, int index, double l0, double l1, Interval time, RandomStream random, List<long> keys)
    {
        (double start, double length, long limit) = time;
        double end = start + length,
            slope = (l1 - l0) / length,
            threshold = Threshold * _mismatch[index];
        while (pixel.BlindUntil < end)
        {
            // A pixel that wakes within this frame takes what it then sees as its reference.
            if (pixel.BlindUntil > start)
                pixel.Reference = l0 + ((pixel.BlindUntil - start) * slope);
            double level = pixel.Reference + ((slope > 0 ? threshold : -threshold) * pixel.Noise);
            if (slope > 0 ? l1 < level : l1 > level)
                return;
            double crossing = Math.Max(start + ((level - l0) / slope), Math.Max(start, pixel.BlindUntil));
            Add(keys, limit, crossing + random.NextDouble(0, LatencyMs), index, slope > 0);
            pixel = new(level, crossing + RefractoryMs, 1 + (ThresholdNoise * random.NextDouble(-1, 1)));
        }
    }

    /// <summary>
    /// Background events, half to one and a half times their mean number. On a real sensor leak currents cause most,
    /// so more are ON.
    /// </summary>
    private void AddNoise(long microseconds, RandomStream random, List<long> keys)
    {
        int count = (_meanNoiseEvents / 2) + random.NextInt(_meanNoiseEvents + 1);
        for (int i = 0; i < count; i++)
            Add(
                keys,
                microseconds,
                random.NextDouble(0, microseconds / 1000.0),
                random.NextInt(_size * _size),
                random.NextDouble() < NoiseOnShare
            );
    }

    private void Add(List<long> keys, long limit, double milliseconds, int pixel, bool on)
    {
        long microseconds = (long)(milliseconds * 1000);
        if (microseconds < limit)
            keys.Add((((microseconds * _size * _size) + pixel) * 2) + (on ? 1 : 0));
    }

    private SensorEvent FromKey(long key)
    {
        (long microseconds, long pixel) = Math.DivRem(key / 2, _size * _size);
        return new(microseconds, (ushort)(pixel % _size), (ushort)(pixel / _size), key % 2 == 1);
    }

    /// <summary>A frame, ms, and when the recording ends, µs.</summary>
    private readonly record struct Interval(double Start, double Length, long Limit);

    /// <summary>
    /// A pixel's state: the log intensity it compares with, when it sees again (ms), and the noise on its next
    /// threshold.
    /// </summary>
    private record struct Pixel(double Reference, double BlindUntil, double Noise);
}

/// <summary>What a camera looks at: how much ink lies on each of its pixels, over time.</summary>
internal interface IMovingPicture
{
    /// <summary>The length of the recording, µs.</summary>
    long Microseconds { get; }

    /// <summary>Between two looks, ms: little enough that an edge moves less than a pixel.</summary>
    double FrameMs { get; }

    /// <summary>The columns on which something changes.</summary>
    Range Columns { get; }

    /// <summary>The rows on which something changes.</summary>
    Range Rows { get; }

    /// <summary>The ink on these rows and columns at a time, row by row; times never fall from call to call.</summary>
    void Look(double milliseconds, Span<double> ink);
}
