using System.Text;

namespace Rouser.Reports.Figures;

/// <summary>Names beside the dots of a panel, where there is room for them.</summary>
internal static class DotNames
{
    // More names than these make a thicket.
    private const int MostNames = 12;

    private const double Height = 11,
        Character = 6.1;

    /// <summary>
    /// A name for each dot: beside it, else over or under it, never over another dot or name; none where there is no
    /// such place.
    /// </summary>
    public static void Draw(StringBuilder svg, PlotPanel panel, Plane plane)
    {
        Curve[] dots = [.. panel.Curves.Where(c => c.Kind == CurveKind.Dots && c.Points.Count == 1)];
        if (!panel.NamesDots || dots.Length is 0 or > MostNames)
            return;
        List<Box> taken = [.. dots.Select(c => Around(plane, c.Points[0]))];
        foreach (Curve curve in dots)
        {
            double width = Character * curve.Setting.Length;
            Box dot = Around(plane, curve.Points[0]);
            double middle = (dot.Top + dot.Bottom) / 2;
            Box[] places =
            [
                At(dot.Right + 2, middle - Height / 2),
                At(dot.Left - 2 - width, middle - Height / 2),
                At(Math.Min((dot.Left + dot.Right - width) / 2, plane.Right - width), dot.Top - Height - 1),
                At(Math.Min((dot.Left + dot.Right - width) / 2, plane.Right - width), dot.Bottom + 1),
            ];
            int place = Array.FindIndex(places, IsFree);
            if (place < 0)
                continue;
            Box free = places[place];
            taken.Add(free);
            svg.Append(
                $"<text class=\"tick ink halo\"{PlotSvg.Owner(curve)} x=\"{Svg.Number(free.Left)}\" "
                    + $"y=\"{Svg.Number(free.Bottom - 2)}\">{Svg.Text(curve.Setting)}</text>\n"
            );

            Box At(double left, double top) => new(left, left + width, top, top + Height);
        }

        bool IsFree(Box box) =>
            box.Left >= plane.Left
            && box.Right <= panel.Width - 2
            && box.Top >= plane.Top - 8
            && box.Bottom <= plane.Bottom
            && !taken.Exists(box.Overlaps);
    }

    private static Box Around(Plane plane, CurvePoint point) =>
        new(plane.X(point.X) - 4, plane.X(point.X) + 4, plane.Y(point.Value) - 4, plane.Y(point.Value) + 4);

    private readonly record struct Box(double Left, double Right, double Top, double Bottom)
    {
        public bool Overlaps(Box other) => Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;
    }
}
