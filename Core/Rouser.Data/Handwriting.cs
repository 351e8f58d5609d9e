namespace Rouser.Data;

/// <summary>
/// Writes digits as different hands would: a style, control points that tremble, an affine change, and a pen.
/// </summary>
internal static class Handwriting
{
    /// <summary>Segments per span of a spline; a span is about 8 px long.</summary>
    private const int PiecesPerSpan = 4;

    /// <summary>
    /// How far a control point strays, in digit heights. It sets how hard the digits are to tell apart.
    /// </summary>
    private const double Tremble = 0.066;

    /// <summary>
    /// Writes a digit on the sensor; every number that is drawn comes from <paramref name="random"/>.
    /// </summary>
    public static InkField Write(int digit, RandomStream random)
    {
        IReadOnlyList<Point[][]> styles = DigitStrokes.Of(digit);
        Point[][] style = styles[random.NextInt(styles.Count)];
        Affine hand = Affine.Draw(random);
        List<List<Point>> paths = [];
        foreach (Point[] stroke in style)
        {
            Point[] points = new Point[stroke.Length];
            for (int i = 0; i < points.Length; i++)
                points[i] = hand.Apply(
                    new(stroke[i].X + (Tremble * BellCurve.Next(random)), stroke[i].Y + (Tremble * BellCurve.Next(random)))
                );
            List<Point> path = [];
            DigitStrokes.Trace(points, PiecesPerSpan, path);
            paths.Add(path);
        }
        // The recordings' events lie around (16.7, 17.2); the saccades bring half a pixel of that.
        Centre(paths, new(17.2 + (0.4 * BellCurve.Next(random)), 17.6 + (0.4 * BellCurve.Next(random))));
        // Pixels. Narrower strokes leave too few events, wider ones close the loops of 6, 8 and 9.
        double pen = Math.Clamp(2.9 + (0.7 * BellCurve.Next(random)), 1.4, 5.0);
        return new(paths, pen);
    }

    /// <summary>
    /// Moves the paths so that their mean, by length, is at <paramref name="centre"/>, as MNIST centres its digits by
    /// mass.
    /// </summary>
    private static void Centre(List<List<Point>> paths, Point centre)
    {
        double x = 0,
            y = 0,
            mass = 0;
        foreach (List<Point> path in paths)
        {
            for (int i = 0; i + 1 < path.Count; i++)
            {
                Point a = path[i],
                    b = path[i + 1];
                double length = Math.Sqrt(((b.X - a.X) * (b.X - a.X)) + ((b.Y - a.Y) * (b.Y - a.Y)));
                (x, y, mass) = (x + (length * (a.X + b.X) / 2), y + (length * (a.Y + b.Y) / 2), mass + length);
            }
        }
        double dx = centre.X - (x / mass),
            dy = centre.Y - (y / mass);
        foreach (List<Point> path in paths)
        {
            for (int i = 0; i < path.Count; i++)
                path[i] = new(path[i].X + dx, path[i].Y + dy);
        }
    }

    /// <summary>Digit heights to pixels: size, slant and turn of a hand.</summary>
    private readonly record struct Affine(double Xx, double Xy, double Yx, double Yy)
    {
        public static Affine Draw(RandomStream random)
        {
            double height = 16.8 + (1.0 * BellCurve.Next(random)),
                width = height * (1.08 + (0.17 * BellCurve.Next(random)));
            double slant = -0.16 + (0.22 * BellCurve.Next(random));
            // A rotation by 2·atan(h), without trigonometry.
            double h = 0.06 * BellCurve.Next(random),
                norm = 1 + (h * h),
                cos = (1 - (h * h)) / norm,
                sin = 2 * h / norm;
            return new(
                cos * width,
                (cos * slant * height) - (sin * height),
                sin * width,
                (sin * slant * height) + (cos * height)
            );
        }

        public Point Apply(Point p) => new((Xx * p.X) + (Xy * p.Y), (Yx * p.X) + (Yy * p.Y));
    }
}
