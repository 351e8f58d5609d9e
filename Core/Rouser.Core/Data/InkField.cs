namespace Rouser.Core.Data;

/// <summary>How much ink lies where: 0 on the ground, 1 inside a stroke, with a soft edge as the lens blurs it. A grid of two samples per pixel.</summary>
internal sealed class InkField
{
    private const int SamplesPerPixel = 2;

    /// <summary>Ground around the sensor, in pixels, so that a shifted picture can be looked up without a bound check.</summary>
    private const int Margin = 10;

    /// <summary>Half the width of a stroke's soft edge, in pixels.</summary>
    private const double Blur = 0.9;

    private const int Side = (NMnistDecoder.SensorSize + (2 * Margin)) * SamplesPerPixel;

    private readonly double[] _ink = new double[Side * Side];

    /// <summary>Draws paths of the given stroke width, in pixels of the sensor.</summary>
    public InkField(IEnumerable<List<Point>> paths, double strokeWidth)
    {
        foreach (List<Point> path in paths)
        {
            for (int i = 0; i + 1 < path.Count; i++) Draw(path[i], path[i + 1], strokeWidth / 2);
        }
    }

    /// <summary>The ink under pixels <paramref name="columns"/> of row <paramref name="y"/> when the picture is shifted by (dx, dy).</summary>
    /// <remarks>Bilinear. The whole picture shifts by one vector, so the four weights are the same for every pixel.</remarks>
    public void Row(int y, Point shift, Span<double> columns)
    {
        double gx = (Margin - shift.X) * SamplesPerPixel, gy = (Margin + y - shift.Y) * SamplesPerPixel;
        int ix = (int)gx, iy = (int)gy;
        double fx = gx - ix, fy = gy - iy;
        double w00 = (1 - fx) * (1 - fy), w10 = fx * (1 - fy), w01 = (1 - fx) * fy, w11 = fx * fy;
        ReadOnlySpan<double> top = _ink.AsSpan((iy * Side) + ix, SamplesPerPixel * columns.Length + 1);
        ReadOnlySpan<double> bottom = _ink.AsSpan(((iy + 1) * Side) + ix, SamplesPerPixel * columns.Length + 1);
        for (int x = 0, g = 0; x < columns.Length; x++, g += SamplesPerPixel)
            columns[x] = (w00 * top[g]) + (w10 * top[g + 1]) + (w01 * bottom[g]) + (w11 * bottom[g + 1]);
    }

    /// <summary>Draws one segment: ink falls from 1 to 0 between <c>radius − Blur</c> and <c>radius + Blur</c> from it, as a smooth step.</summary>
    private void Draw(Point a, Point b, double radius)
    {
        double reach = radius + Blur, abx = b.X - a.X, aby = b.Y - a.Y, length2 = (abx * abx) + (aby * aby);
        int left = ToGrid(Math.Min(a.X, b.X) - reach), right = ToGrid(Math.Max(a.X, b.X) + reach);
        int top = ToGrid(Math.Min(a.Y, b.Y) - reach), bottom = ToGrid(Math.Max(a.Y, b.Y) + reach);
        for (int row = top; row <= bottom; row++)
        {
            double py = FromGrid(row) - a.Y;
            for (int column = left; column <= right; column++)
            {
                double px = FromGrid(column) - a.X;
                double along = length2 > 0 ? Math.Clamp(((px * abx) + (py * aby)) / length2, 0, 1) : 0;
                double ex = px - (along * abx), ey = py - (along * aby), distance2 = (ex * ex) + (ey * ey);
                if (distance2 >= reach * reach) continue;
                double inside = Math.Min((reach - Math.Sqrt(distance2)) / (2 * Blur), 1);
                double ink = inside * inside * (3 - (2 * inside));
                ref double cell = ref _ink[(row * Side) + column];
                cell = Math.Max(cell, ink);
            }
        }
    }

    private static int ToGrid(double pixel) => Math.Clamp((int)((pixel + Margin) * SamplesPerPixel), 0, Side - 1);

    private static double FromGrid(int sample) => ((double)sample / SamplesPerPixel) - Margin;
}
