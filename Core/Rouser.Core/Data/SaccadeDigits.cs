namespace Rouser.Core.Data;

/// <summary>Which part of a data set a sample belongs to.</summary>
public enum DatasetSplit
{
    /// <summary>Samples to train on.</summary>
    Train,

    /// <summary>Samples to test on.</summary>
    Test,
}

/// <summary>
/// The embedded data set: digits written by chance, moved along three saccades before a simulated event camera. 34×34×2, 315 ms, shaped
/// like N-MNIST. It needs no download, and a sample depends on (seed, split, index) alone, so a smaller set is a prefix of a larger one.
/// </summary>
/// <remarks>
/// The same events on every machine: integers, and of the floating-point operations only + − · / and the square root, which IEEE 754
/// rounds exactly and .NET neither reorders nor contracts. No exponential, logarithm or sine is used, whose last bit differs between
/// platforms; a rotation is made from its half-angle tangent.
/// </remarks>
public sealed class SaccadeDigits
{
    /// <summary>Part of a data set's digest; changes whenever the same seed would give other events.</summary>
    public const int Version = 1;

    private const int ClassCount = 10;
    private const int PiecesPerSpan = 4;

    private readonly long _seed;
    private readonly EventCamera _camera;

    /// <summary>The data set of a seed. Both splits look through the same camera.</summary>
    public SaccadeDigits(long seed)
    {
        _seed = seed;
        _camera = new(new RandomStream(seed, "saccade-digits/camera"));
    }

    /// <summary>The class of a sample: 0 to 9 in turn, so that every ten samples hold each once.</summary>
    public static int LabelOf(int index) => index % ClassCount;

    /// <summary>Makes one sample. Safe to call from several threads.</summary>
    /// <returns>The events in order of time, 0 ≤ time &lt; 315 ms.</returns>
    public IReadOnlyList<SensorEvent> Record(DatasetSplit split, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        RandomStream random = new(_seed, $"saccade-digits/{(split == DatasetSplit.Train ? "train" : "test")}/{index}");
        InkField ink = Write(LabelOf(index), random);
        double contrast = 1.06 + (0.13 * Bell.Next(random));
        return _camera.Record(ink, contrast, new SaccadePath(random), random);
    }

    /// <summary>Writes a digit: a style, control points that tremble, an affine change, and a pen.</summary>
    private static InkField Write(int digit, RandomStream random)
    {
        IReadOnlyList<Point[][]> styles = DigitStrokes.Of(digit);
        Point[][] style = styles[random.NextInt(styles.Count)];
        Affine hand = Affine.Draw(random);
        List<List<Point>> paths = [];
        foreach (Point[] stroke in style)
        {
            Point[] points = new Point[stroke.Length];
            for (int i = 0; i < points.Length; i++)
                points[i] = hand.Apply(new(stroke[i].X + (Tremble * Bell.Next(random)), stroke[i].Y + (Tremble * Bell.Next(random))));
            List<Point> path = [];
            DigitStrokes.Trace(points, PiecesPerSpan, path);
            paths.Add(path);
        }
        Centre(paths, new(17.2 + (0.4 * Bell.Next(random)), 17.6 + (0.4 * Bell.Next(random))));
        double pen = Math.Clamp(2.9 + (0.7 * Bell.Next(random)), 1.4, 5.0);
        return new(paths, pen);
    }

    /// <summary>How far a control point strays, in digit heights.</summary>
    private const double Tremble = 0.066;

    /// <summary>Moves the paths so that their mean, by length, is at <paramref name="centre"/>, as MNIST centres its digits by mass.</summary>
    private static void Centre(List<List<Point>> paths, Point centre)
    {
        double x = 0, y = 0, mass = 0;
        foreach (List<Point> path in paths)
        {
            for (int i = 0; i + 1 < path.Count; i++)
            {
                Point a = path[i], b = path[i + 1];
                double length = Math.Sqrt(((b.X - a.X) * (b.X - a.X)) + ((b.Y - a.Y) * (b.Y - a.Y)));
                (x, y, mass) = (x + (length * (a.X + b.X) / 2), y + (length * (a.Y + b.Y) / 2), mass + length);
            }
        }
        double dx = centre.X - (x / mass), dy = centre.Y - (y / mass);
        foreach (List<Point> path in paths)
        {
            for (int i = 0; i < path.Count; i++) path[i] = new(path[i].X + dx, path[i].Y + dy);
        }
    }

    /// <summary>Digit heights to pixels: size, slant and turn of a hand.</summary>
    private readonly record struct Affine(double Xx, double Xy, double Yx, double Yy)
    {
        public static Affine Draw(RandomStream random)
        {
            double height = 16.8 + (1.0 * Bell.Next(random)), width = height * (1.08 + (0.17 * Bell.Next(random)));
            double slant = -0.16 + (0.22 * Bell.Next(random));
            // A rotation by 2·atan(h), without trigonometry.
            double h = 0.06 * Bell.Next(random), norm = 1 + (h * h), cos = (1 - (h * h)) / norm, sin = 2 * h / norm;
            return new(cos * width, (cos * slant * height) - (sin * height), sin * width, (sin * slant * height) + (cos * height));
        }

        public Point Apply(Point p) => new((Xx * p.X) + (Xy * p.Y), (Yx * p.X) + (Yy * p.Y));
    }
}
