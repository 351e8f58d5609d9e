using System.Globalization;

namespace Rouser.Data;

/// <summary>
/// How the digits are written: for each digit a few styles, each a list of strokes through control points.
/// </summary>
/// <remarks>
/// Points are x,y in hundredths of the digit's height, y down. A stroke is a Catmull–Rom spline through its points
/// (Catmull and Rom 1974, uniform, end points doubled); strokes are separated by <c>|</c>, which is also how a corner
/// is written.
/// </remarks>
internal static class DigitStrokes
{
    private static readonly string[][] Styles =
    [
        ["35,0 15,10 3,45 10,85 30,100 52,90 62,52 54,14 35,0", "45,4 24,5 6,38 6,80 24,99 46,86 58,48 52,16 38,0"],
        ["33,0 32,50 30,100", "33,0 32,50 30,100", "18,22 36,0|36,0 34,50 33,100", "16,22 35,0|35,0 34,50 34,100|12,100 56,100"],
        [
            "6,22 18,4 40,0 56,16 52,38 30,68 4,98|4,98 34,95 64,98",
            "8,20 26,2 50,8 54,32 34,64 14,92 4,94 8,80 22,82 42,94 64,92",
        ],
        ["8,10 30,0 52,10 48,34 24,46|24,46 52,52 60,78 36,100 6,90", "10,4 56,4|56,4 28,42|28,42 56,54 58,82 34,100 6,90"],
        [
            "14,2 6,56|6,56 62,52|48,8 46,54 42,100",
            "44,0 4,62|4,62 64,60|44,0 44,50 42,100",
            "10,4 6,40 24,54 52,40|54,4 50,40 44,100",
        ],
        ["14,4 10,42|10,42 36,36 58,56 52,88 26,100 4,90|14,4 60,2", "58,4 20,6 12,40 36,42 54,62 48,88 22,100 4,92"],
        ["48,0 22,24 6,60 10,90 32,100 54,86 54,64 34,54 10,70", "36,0 14,36 6,70 18,96 42,98 56,76 42,58 20,64 8,80"],
        ["4,6 60,4|60,4 40,48 26,100", "4,8 32,4 60,6|60,6 36,50 28,100|18,52 54,48", "6,20 8,6 60,4|60,4 44,40 34,100"],
        [
            "52,14 32,0 12,14 18,36 44,56 56,78 34,100 8,82 18,58 44,38 52,14",
            "33,0 14,12 16,36 34,46 52,34 52,12 33,0|34,46 8,62 8,88 32,100 58,88 58,62 34,46",
        ],
        [
            "52,18 34,2 12,12 10,38 30,48 50,34 54,16|54,16 52,56 46,100",
            "54,14 32,0 10,18 18,44 42,42 54,14|54,14 56,60 40,96 12,98",
        ],
    ];

    private static readonly Point[][][][] Parsed = [.. Styles.Select(styles => styles.Select(Parse).ToArray())];

    /// <summary>The styles of a digit; each is a list of strokes, each a list of control points.</summary>
    public static IReadOnlyList<Point[][]> Of(int digit) => Parsed[digit];

    /// <summary>
    /// Samples the spline through <paramref name="points"/> at <paramref name="pieces"/> points per span, both ends
    /// included.
    /// </summary>
    public static void Trace(ReadOnlySpan<Point> points, int pieces, List<Point> path)
    {
        path.Add(points[0]);
        for (int span = 0; span + 1 < points.Length; span++)
        {
            Point a = points[Math.Max(span - 1, 0)],
                b = points[span],
                c = points[span + 1],
                d = points[Math.Min(span + 2, points.Length - 1)];
            for (int k = 1; k <= pieces; k++)
            {
                double u = (double)k / pieces;
                path.Add(new(Spline(a.X, b.X, c.X, d.X, u), Spline(a.Y, b.Y, c.Y, d.Y, u)));
            }
        }
    }

    private static double Spline(double a, double b, double c, double d, double u) =>
        b + (0.5 * u * ((c - a) + (u * (((2 * a) - (5 * b) + (4 * c) - d) + (u * ((3 * (b - c)) + d - a))))));

    private static Point[][] Parse(string style) =>
        [.. style.Split('|').Select(stroke => stroke.Split(' ').Select(ParsePoint).ToArray())];

    private static Point ParsePoint(string text)
    {
        string[] xy = text.Split(',');
        return new(
            int.Parse(xy[0], CultureInfo.InvariantCulture) / 100.0,
            int.Parse(xy[1], CultureInfo.InvariantCulture) / 100.0
        );
    }
}

/// <summary>A point of the picture plane; in digit heights or in pixels.</summary>
internal readonly record struct Point(double X, double Y);
