using System.Text;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Figures;

/// <summary>Draws curves with their axes.</summary>
internal static class PlotSvg
{
    private const double Left = 42,
        LineHeight = 12.5,
        Character = 6.2;

    private const int FewDots = 40;

    /// <summary>Where a panel's data stands: with room for names at the right.</summary>
    public static Plane PlaneOf(PlotPanel panel)
    {
        double names = panel.NameRoom > 0 ? 10 + Character * panel.NameRoom : 0;
        return new Plane(
            Left,
            panel.Width - 12 - names,
            42 + panel.Offset,
            panel.Height - 22 - 12 * panel.X.LabelLines,
            panel.X,
            panel.Y
        );
    }

    /// <summary>Axes, then bands, then lines, so that no band hides a line; then the names.</summary>
    public static void Draw(StringBuilder svg, PlotPanel panel, bool page)
    {
        Plane plane = PlaneOf(panel);
        plane.DrawYAxis(svg);
        plane.DrawXAxis(svg, panel.XName);
        double[] names = PlaceNames(panel, plane);
        foreach (Curve curve in panel.Curves.Where(c => c.Kind is CurveKind.Line or CurveKind.Band && c.HasRange))
        {
            svg.Append($"<g class=\"b s{Palette.Look(curve.Style)}\"{(page ? Owner(curve) : "")}>");
            DrawBand(svg, plane, curve, curve.Drawn);
            svg.Append("</g>\n");
        }
        for (int i = 0; i < panel.Curves.Count; i++)
        {
            Curve curve = panel.Curves[i];
            IReadOnlyList<CurvePoint> points = curve.Drawn;
            if (points.Count == 0)
                continue;
            svg.Append($"<g class=\"c s{Palette.Look(curve.Style)}\"{(page ? Data(panel, curve, points) : "")}>");
            if (curve.Kind == CurveKind.Marks)
                DrawBars(svg, plane, points);
            if (curve.Kind is not (CurveKind.Band or CurveKind.Dots))
                DrawLine(svg, plane, curve, points, panel);
            if (curve.Kind is CurveKind.Marks or CurveKind.Dots)
                DrawMarks(svg, plane, curve, points, panel);
            if (panel.NameRoom > 0 && IsNamed(curve))
                svg.Append(
                    $"<text class=\"name\" x=\"{Svg.Number(plane.Right + 6)}\" y=\"{Svg.Number(names[i] + 3.7)}\">{Svg.Text(curve.Name)}</text>"
                );
            svg.Append("</g>\n");
        }
        DotNames.Draw(svg, panel, plane);
    }

    private static bool IsNamed(Curve curve) => curve.Kind is CurveKind.Line or CurveKind.Marks && curve.Points.Count > 0;

    // Each name at the height where its curve ends; names that would overlap are pushed apart, and back up from the
    // lower edge.
    private static double[] PlaceNames(PlotPanel panel, Plane plane)
    {
        double[] y = new double[panel.Curves.Count];
        int[] order =
        [
            .. Enumerable
                .Range(0, y.Length)
                .Where(i => IsNamed(panel.Curves[i]))
                .OrderBy(i => plane.Y(panel.Curves[i].Points[^1].Value))
                .ThenBy(i => i),
        ];
        double free = plane.Top;
        foreach (int i in order)
        {
            y[i] = Math.Max(free, plane.Y(panel.Curves[i].Points[^1].Value));
            free = y[i] + LineHeight;
        }
        double lowest = plane.Bottom;
        foreach (int i in order.Reverse())
        {
            y[i] = Math.Min(y[i], lowest);
            lowest = y[i] - LineHeight;
        }
        return y;
    }

    private static string Data(PlotPanel panel, Curve curve, IReadOnlyList<CurvePoint> points)
    {
        StringBuilder data = new();
        data.Append($"{Owner(curve)} data-k=\"{Svg.Text(curve.Name)}\" data-n=\"{curve.N}\" data-q=\"{Svg.Text(curve.Shown)}\"");
        // Epochs from 1 need not be listed.
        if (points.Where((p, i) => p.X != i + 1).Any())
            List("data-x", points.Select(p => Format.Exact(p.X)));
        if (curve.Kind != CurveKind.Band)
            List("data-v", points.Select(p => Format.Fixed(p.Value, panel.Decimals)));
        if (curve.HasRange)
        {
            List("data-l", points.Select(p => Format.Fixed(p.Low, panel.Decimals)));
            List("data-h", points.Select(p => Format.Fixed(p.High, panel.Decimals)));
        }
        return data.ToString();

        void List(string name, IEnumerable<string> values) => data.Append($" {name}=\"").AppendJoin(' ', values).Append('"');
    }

    // What the page's filter hides it by.
    public static string Owner(Curve curve) => $" data-a=\"{Svg.Text(curve.Arm)}\" data-s=\"{Svg.Text(curve.Setting)}\"";

    private static void DrawBand(StringBuilder svg, Plane plane, Curve curve, IReadOnlyList<CurvePoint> points)
    {
        svg.Append($"<path class=\"band{(curve.Kind == CurveKind.Line ? " strong" : "")}\" d=\"");
        if (points.Count == 1)
        {
            // One epoch has no area: a bar as wide as a mark stands for it.
            double x = plane.X(points[0].X),
                low = plane.Y(points[0].Low),
                high = plane.Y(points[0].High);
            svg.Append($"M{Svg.Number(x - 4)} {Svg.Number(low)}V{Svg.Number(high)}H{Svg.Number(x + 4)}V{Svg.Number(low)}");
        }
        else
        {
            for (int i = 0; i < points.Count; i++)
                Go(svg, plane, points[i].X, points[i].High, i == 0);
            for (int i = points.Count - 1; i >= 0; i--)
                Go(svg, plane, points[i].X, points[i].Low, false);
        }
        svg.Append("Z\"/>");
    }

    private static void DrawBars(StringBuilder svg, Plane plane, IReadOnlyList<CurvePoint> points)
    {
        if (double.IsNaN(points[0].Low))
            return;
        svg.Append("<path class=\"bar\" d=\"");
        foreach (CurvePoint p in points)
            svg.Append($"M{Svg.Number(plane.X(p.X))} {Svg.Number(plane.Y(p.Low))}V{Svg.Number(plane.Y(p.High))}");
        svg.Append("\"/>");
    }

    private static void DrawLine(StringBuilder svg, Plane plane, Curve curve, IReadOnlyList<CurvePoint> points, PlotPanel panel)
    {
        if (points.Count == 1)
        {
            if (curve.Kind != CurveKind.Marks)
                DrawMarks(svg, plane, curve, points, panel);
            return;
        }
        svg.Append($"<path class=\"line{(curve.Kind == CurveKind.Faint ? " faint" : "")}\" d=\"");
        for (int i = 0; i < points.Count; i++)
            Go(svg, plane, points[i].X, points[i].Value, i == 0);
        svg.Append("\"/>");
    }

    // A thin cloud is drawn large, a thick one small and half transparent.
    private static void DrawMarks(StringBuilder svg, Plane plane, Curve curve, IReadOnlyList<CurvePoint> points, PlotPanel panel)
    {
        bool isCloud = curve.Kind == CurveKind.Dots && panel.Curves.Sum(c => c.Points.Count) > FewDots;
        string radius = curve.Kind != CurveKind.Dots ? "3"
            : isCloud ? "2.2"
            : "3.4",
            look = isCloud ? "dot light" : "dot";
        foreach (CurvePoint p in points)
            svg.Append(
                $"<circle class=\"{look}\" cx=\"{Svg.Number(plane.X(p.X))}\" cy=\"{Svg.Number(plane.Y(p.Value))}\" r=\"{radius}\"/>"
            );
    }

    private static void Go(StringBuilder svg, Plane plane, double x, double y, bool first) =>
        svg.Append(first ? 'M' : 'L').Append(Svg.Number(plane.X(x))).Append(' ').Append(Svg.Number(plane.Y(y)));
}
