namespace Rouser.Data;

/// <summary>Two arms from the shoulders over the elbows to the hands, each a row of soft discs, as they move.</summary>
internal sealed class ArmPicture : IMovingPicture
{
    /// <summary>Half the width of a disc's soft edge, pixels.</summary>
    private const double Blur = 1.2;

    /// <summary>How far an elbow hangs below the middle between shoulder and hand, pixels.</summary>
    private const double ElbowDrop = 9;

    private const int DiscsPerArm = 8,
        Margin = 9;

    private readonly Gesture _gesture;
    private readonly double _scale,
        _dx,
        _dy;
    private readonly int _left,
        _top,
        _width,
        _height;

    public ArmPicture(Gesture gesture, RandomStream random)
    {
        _gesture = gesture;
        (_scale, _dx, _dy) = (1 + (0.06 * BellCurve.Next(random)), 3 * BellCurve.Next(random), 3 * BellCurve.Next(random));
        Span<Disc> discs = stackalloc Disc[2 * DiscsPerArm];
        double left = GestureBlobs.Size,
            right = 0,
            top = GestureBlobs.Size,
            bottom = 0;
        // Coarser than the frames; the margin covers what lies between.
        for (double t = 0; t <= Microseconds / 1000.0; t += 20)
        {
            Arms(t, discs);
            foreach (Disc d in discs)
            {
                (left, right) = (Math.Min(left, d.X), Math.Max(right, d.X));
                (top, bottom) = (Math.Min(top, d.Y), Math.Max(bottom, d.Y));
            }
        }
        (_left, _width) = Clip(left, right);
        (_top, _height) = Clip(top, bottom);

        static (int, int) Clip(double from, double to)
        {
            int first = Math.Clamp((int)from - Margin, 0, GestureBlobs.Size - 1);
            return (first, Math.Clamp((int)to + Margin, first + 1, GestureBlobs.Size) - first);
        }
    }

    public long Microseconds => 1_500_000;

    /// <summary>The fastest hand moves about a pixel in that time.</summary>
    public double FrameMs => 5;

    public Range Columns => _left..(_left + _width);

    public Range Rows => _top..(_top + _height);

    public void Look(double milliseconds, Span<double> ink)
    {
        Span<Disc> discs = stackalloc Disc[2 * DiscsPerArm];
        Arms(milliseconds, discs);
        ink.Clear();
        foreach (Disc disc in discs)
        {
            double reach = disc.Radius + Blur;
            int x0 = Math.Max((int)(disc.X - reach) - _left, 0),
                x1 = Math.Min((int)(disc.X + reach) + 1 - _left, _width - 1);
            int y0 = Math.Max((int)(disc.Y - reach) - _top, 0),
                y1 = Math.Min((int)(disc.Y + reach) + 1 - _top, _height - 1);
            for (int y = y0; y <= y1; y++)
            {
                double ey = _top + y - disc.Y;
                for (int x = x0; x <= x1; x++)
                {
                    double ex = _left + x - disc.X,
                        square = (ex * ex) + (ey * ey);
                    if (square >= reach * reach)
                        continue;
                    double inside = Math.Min((reach - Math.Sqrt(square)) / (2 * Blur), 1);
                    ref double cell = ref ink[(y * _width) + x];
                    cell = Math.Max(cell, inside * inside * (3 - (2 * inside)));
                }
            }
        }
    }

    private void Arms(double milliseconds, Span<Disc> discs)
    {
        Arm(new(46, 50), _gesture.Right.At(milliseconds), -1, discs[..DiscsPerArm]);
        Arm(new(82, 50), _gesture.Left.At(milliseconds), 1, discs[DiscsPerArm..]);
    }

    /// <summary>From the shoulder to the elbow, which hangs down and out, to the hand.</summary>
    private void Arm(Point shoulder, Point hand, int outward, Span<Disc> discs)
    {
        Point elbow = new(((shoulder.X + hand.X) / 2) + (outward * 5), ((shoulder.Y + hand.Y) / 2) + ElbowDrop);
        for (int i = 0; i < DiscsPerArm; i++)
        {
            double u = i / (DiscsPerArm - 1.0) * 2;
            (Point a, Point b, double v) = u < 1 ? (shoulder, elbow, u) : (elbow, hand, u - 1);
            double x = a.X + (v * (b.X - a.X)),
                y = a.Y + (v * (b.Y - a.Y));
            double radius = i == DiscsPerArm - 1 ? 5.5 : 4.6 - (0.2 * i);
            discs[i] = new(64 + _dx + (_scale * (x - 64)), 64 + _dy + (_scale * (y - 64)), _scale * radius);
        }
    }

    private readonly record struct Disc(double X, double Y, double Radius);
}
