using Rouser.Data.Formats;

namespace Rouser.Data;

/// <summary>
/// How much ink lies where: 0 on the ground, 1 inside a stroke, with a soft edge as the lens blurs it. A grid of two
/// samples per pixel.
/// </summary>
internal sealed class InkField
{
    /// <summary>The furthest that the picture may be shifted in either direction, pixels.</summary>
    public const int MaxShift = 4;

    private const int SamplesPerPixel = 2;

    /// <summary>
    /// Ground around the sensor, pixels, so that a shifted picture is looked up without a bound check.
    /// </summary>
    private const int Margin = MaxShift + 2;

    private const int Side = (NMnistDecoder.SensorSize + (2 * Margin)) * SamplesPerPixel;

    /// <summary>Half the width of a stroke's soft edge, pixels.</summary>
    private const double Blur = 0.9;

    /// <summary>While drawing the squared distance to the nearest stroke, at most reach²; then the ink.</summary>
    private readonly double[] _ink;

    private int _left = Side - 1,
        _right,
        _top = Side - 1,
        _bottom;

    /// <summary>Draws paths of the given stroke width, in pixels of the sensor.</summary>
    /// <remarks>
    /// Ink falls from 1 to 0 between <c>width/2 − Blur</c> and <c>width/2 + Blur</c> from the path, as a smooth step.
    /// </remarks>
    public InkField(IEnumerable<List<Point>> paths, double strokeWidth)
    {
        _ink = new double[Side * Side];
        double reach = (strokeWidth / 2) + Blur;
        Array.Fill(_ink, reach * reach);
        foreach (List<Point> path in paths)
        {
            for (int i = 0; i + 1 < path.Count; i++)
                Approach(path[i], path[i + 1], reach);
        }
        for (int i = 0; i < _ink.Length; i++)
        {
            if (_ink[i] >= reach * reach)
            {
                _ink[i] = 0;
                continue;
            }
            double inside = Math.Min((reach - Math.Sqrt(_ink[i])) / (2 * Blur), 1);
            _ink[i] = inside * inside * (3 - (2 * inside));
        }
    }

    private InkField(double[] ink, int left, int right, int top, int bottom) =>
        (_ink, _left, _right, _top, _bottom) = (ink, left, right, top, bottom);

    /// <summary>A grey picture, its middle at <paramref name="centre"/>.</summary>
    /// <param name="image">side² bytes, row by row; 255 is full ink.</param>
    /// <param name="side">Rows and columns of the picture.</param>
    /// <param name="centre">Pixels of the sensor.</param>
    /// <param name="scaleX">Columns of the sensor per column of the picture.</param>
    /// <param name="scaleY">Rows of the sensor per row of the picture.</param>
    /// <remarks>Bilinear between the picture's pixels, whose edges are soft already.</remarks>
    public static InkField OfImage(ReadOnlySpan<byte> image, int side, Point centre, double scaleX, double scaleY)
    {
        double[] ink = new double[Side * Side];
        double middle = (side - 1) / 2.0;
        for (int row = 0; row < Side; row++)
        {
            double y = ((FromGrid(row) - centre.Y) / scaleY) + middle;
            for (int column = 0; column < Side; column++)
                ink[(row * Side) + column] = At(image, side, ((FromGrid(column) - centre.X) / scaleX) + middle, y) / 255;
        }
        (int left, int right, int top, int bottom) = (Side - 1, 0, Side - 1, 0);
        for (int i = 0; i < ink.Length; i++)
        {
            if (ink[i] == 0)
                continue;
            (int row, int column) = Math.DivRem(i, Side);
            (left, right, top, bottom) = (
                Math.Min(left, column),
                Math.Max(right, column),
                Math.Min(top, row),
                Math.Max(bottom, row)
            );
        }
        return new(ink, left, right, top, bottom);
    }

    /// <summary>The picture between its pixels; ground around it.</summary>
    private static double At(ReadOnlySpan<byte> image, int side, double x, double y)
    {
        if (!(x > -1 && y > -1 && x < side && y < side))
            return 0;
        int left = (int)Math.Floor(x),
            top = (int)Math.Floor(y);
        double fx = x - left,
            fy = y - top;
        return ((1 - fy) * (((1 - fx) * Pixel(image, left, top)) + (fx * Pixel(image, left + 1, top))))
            + (fy * (((1 - fx) * Pixel(image, left, top + 1)) + (fx * Pixel(image, left + 1, top + 1))));

        double Pixel(ReadOnlySpan<byte> of, int column, int row) =>
            column >= 0 && row >= 0 && column < side && row < side ? of[(row * side) + column] : 0;
    }

    /// <summary>The columns on which ink can show, however the picture is shifted.</summary>
    public Range Columns => Visible(_left, _right);

    /// <summary>The rows on which ink can show.</summary>
    public Range Rows => Visible(_top, _bottom);

    /// <summary>
    /// The ink on the pixels of row <paramref name="y"/> from column <paramref name="x"/> on, when the picture is
    /// shifted.
    /// </summary>
    /// <remarks>
    /// Bilinear. The whole picture shifts by one vector, so the four weights are the same for every pixel.
    /// </remarks>
    public void Row(int x, int y, Point shift, Span<double> pixels)
    {
        double gx = (Margin + x - shift.X) * SamplesPerPixel,
            gy = (Margin + y - shift.Y) * SamplesPerPixel;
        int ix = (int)gx,
            iy = (int)gy;
        double fx = gx - ix,
            fy = gy - iy;
        double w00 = (1 - fx) * (1 - fy),
            w10 = fx * (1 - fy),
            w01 = (1 - fx) * fy,
            w11 = fx * fy;
        ReadOnlySpan<double> upper = _ink.AsSpan((iy * Side) + ix, SamplesPerPixel * pixels.Length);
        ReadOnlySpan<double> lower = _ink.AsSpan(((iy + 1) * Side) + ix, SamplesPerPixel * pixels.Length);
        for (int i = 0; i < pixels.Length; i++)
        {
            int g = SamplesPerPixel * i;
            pixels[i] = (w00 * upper[g]) + (w10 * upper[g + 1]) + (w01 * lower[g]) + (w11 * lower[g + 1]);
        }
    }

    /// <summary>Lowers the distances around one segment.</summary>
    private void Approach(Point a, Point b, double reach)
    {
        double abx = b.X - a.X,
            aby = b.Y - a.Y,
            length2 = (abx * abx) + (aby * aby),
            inverse = length2 > 0 ? 1 / length2 : 0;
        int left = ToGrid(Math.Min(a.X, b.X) - reach),
            right = ToGrid(Math.Max(a.X, b.X) + reach);
        int top = ToGrid(Math.Min(a.Y, b.Y) - reach),
            bottom = ToGrid(Math.Max(a.Y, b.Y) + reach);
        (_left, _right, _top, _bottom) = (
            Math.Min(_left, left),
            Math.Max(_right, right),
            Math.Min(_top, top),
            Math.Max(_bottom, bottom)
        );
        for (int row = top; row <= bottom; row++)
        {
            double py = FromGrid(row) - a.Y;
            for (int column = left; column <= right; column++)
            {
                double px = FromGrid(column) - a.X;
                double along = Math.Min(Math.Max(((px * abx) + (py * aby)) * inverse, 0), 1);
                double ex = px - (along * abx),
                    ey = py - (along * aby);
                ref double cell = ref _ink[(row * Side) + column];
                cell = Math.Min(cell, (ex * ex) + (ey * ey));
            }
        }
    }

    private static int ToGrid(double pixel) => Math.Clamp((int)((pixel + Margin) * SamplesPerPixel), 0, Side - 1);

    private static double FromGrid(int sample) => ((double)sample / SamplesPerPixel) - Margin;

    private static Range Visible(int first, int last)
    {
        int from = Math.Clamp((first / SamplesPerPixel) - Margin - MaxShift - 1, 0, NMnistDecoder.SensorSize - 1);
        return from..Math.Clamp((last / SamplesPerPixel) - Margin + MaxShift + 2, from, NMnistDecoder.SensorSize);
    }
}
