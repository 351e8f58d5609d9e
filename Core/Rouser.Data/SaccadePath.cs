namespace Rouser.Data;

/// <summary>
/// Where the picture is over time: three saccades along a triangle, 0–105, 105–210 and 210–315 ms, as the N-MNIST rig
/// moved.
/// </summary>
/// <remarks>
/// Read off the recordings: the centre of the events and the offset between ON and OFF events per 5 ms. The picture
/// falls, then slides right; slides on, rises, slides right; and returns left. Each movement is a minimum-jerk step
/// (Flash and Hogan 1985), s(u) = u³(10 − 15u + 6u²).
/// </remarks>
internal sealed class SaccadePath
{
    /// <summary>The length of a recording, µs.</summary>
    public const long Microseconds = 315_000;

    private static readonly Movement[] Triangle =
    [
        new(4, 84, X: 0, Y: 4.8),
        new(38, 62, X: 2.2, Y: 0),
        new(100, 56, X: 1.4, Y: 0),
        new(113, 80, X: 0, Y: -4.8),
        new(160, 62, X: 1.3, Y: 0),
        new(214, 74, X: -3.7, Y: 0),
        new(244, 60, X: -1.2, Y: 0),
    ];

    private readonly double _amplitude,
        _delay;

    /// <summary>A path with this sample's small differences in size and timing.</summary>
    public SaccadePath(RandomStream random)
    {
        _amplitude = 1 + (0.04 * BellCurve.Next(random));
        _delay = 1.0 * BellCurve.Next(random);
    }

    /// <summary>The shift of the picture at a time, pixels.</summary>
    public Point At(double milliseconds)
    {
        double x = -2.5,
            y = -2.3;
        foreach (Movement m in Triangle)
        {
            double u = Math.Clamp((milliseconds - _delay - m.Start) / m.Duration, 0, 1);
            double s = u * u * u * (10 - (u * (15 - (6 * u))));
            x += s * m.X;
            y += s * m.Y;
        }
        return new(_amplitude * x, _amplitude * y);
    }

    private readonly record struct Movement(double Start, double Duration, double X, double Y);
}

/// <summary>A bell-shaped random number of mean 0 and variance 1 within ±3: the sum of three uniform ones.</summary>
/// <remarks>Unlike a normal number it needs no logarithm, whose last bit differs between platforms.</remarks>
internal static class BellCurve
{
    public static double Next(RandomStream random) =>
        random.NextDouble(-1, 1) + random.NextDouble(-1, 1) + random.NextDouble(-1, 1);
}
