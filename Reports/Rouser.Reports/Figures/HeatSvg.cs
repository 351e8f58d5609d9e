using System.Text;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Figures;

/// <summary>Draws a grid of shaded cells.</summary>
internal static class HeatSvg
{
    /// <summary>
    /// A path for each shade, because a file with an element for each cell would be many times as long; then the
    /// values, where there is room.
    /// </summary>
    public static void Draw(StringBuilder svg, HeatPanel panel)
    {
        Plane plane = PlaneOf(panel);
        DrawYAxis(svg, panel, plane);
        plane.DrawXAxis(svg, panel.XName);
        DrawScale(svg, panel);
        for (int shade = 0; shade < Palette.Shades; shade++)
        {
            StringBuilder path = new();
            foreach ((int x, int y, HeatCell cell) in Cells(panel))
            {
                if (panel.Shade(cell.Value) == shade)
                    path.Append(Rectangle(panel, plane, x, y));
            }
            if (path.Length > 0)
                svg.Append($"<path class=\"{(panel.HasText ? 'h' : 'g')}{shade}\" d=\"{path}\"/>\n");
        }
        if (!panel.HasText)
            return;
        foreach ((int x, int y, HeatCell cell) in Cells(panel))
        {
            double middle = plane.X((panel.XEdges[x] + panel.XEdges[x + 1]) / 2),
                height = plane.Y((panel.YEdges[y] + panel.YEdges[y + 1]) / 2);
            svg.Append(
                $"<text class=\"cell\" text-anchor=\"middle\" x=\"{Svg.Number(middle)}\" "
                    + $"y=\"{Svg.Number(height + 3.8)}\">{Format.Fixed(cell.Value, panel.Decimals)}</text>"
            );
        }
        svg.Append('\n');
    }

    // What the shades stand for, in the corner that the axis's name leaves free.
    private static void DrawScale(StringBuilder svg, HeatPanel panel)
    {
        const double step = 7;
        string low = Format.Fixed(panel.Low, panel.Decimals),
            // Shades that end below the largest value say so; a unit that is not the panel's own is named.
            high =
                (Cells(panel).Any(c => c.Cell.Value > panel.High) ? "≥ " : "")
                + Format.Fixed(panel.High, panel.Decimals)
                + (panel.Value == panel.Unit ? "" : $" {panel.Value}");
        double left = 6 + 6.2 * low.Length,
            bottom = panel.Height - 5;
        svg.Append($"<text class=\"tick\" x=\"2\" y=\"{Svg.Number(bottom)}\">{low}</text>");
        for (int shade = 0; shade < Palette.Shades; shade++)
            svg.Append(
                $"<path class=\"{(panel.HasText ? 'h' : 'g')}{shade}\" d=\"M{Svg.Number(left + step * shade)} "
                    + $"{Svg.Number(bottom)}v-8h{Svg.Number(step)}v8Z\"/>"
            );
        svg.Append(
            $"<text class=\"tick\" x=\"{Svg.Number(left + step * Palette.Shades + 4)}\" y=\"{Svg.Number(bottom)}\">{high}</text>\n"
        );
    }

    /// <summary>The edges of the cells and their values, row by row.</summary>
    public static string Attributes(HeatPanel panel)
    {
        HeatCell?[] cells = [.. panel.Cells.SelectMany(row => row)];
        IEnumerable<string> values = cells.Select(c => c is { } cell ? Format.Fixed(cell.Value, panel.Decimals) : "x");
        int[] seeds = [.. cells.Select(c => c?.N ?? 0)];
        // One number stands for all, if it is the same.
        IEnumerable<int> counts = seeds.Distinct().Count() == 1 ? seeds.Take(1) : seeds;
        return PlaneOf(panel).Attributes()
            + $" data-xe=\"{List(panel.XEdges.Select(Format.Exact))}\""
            + $" data-ye=\"{List(panel.YEdges.Select(e => Format.Exact(Math.Round(e, 6))))}\""
            + (panel.X.Names is { } x ? $" data-names=\"{Svg.Text(string.Join('|', x))}\"" : "")
            + (panel.Y.Names is { } y ? $" data-ynames=\"{Svg.Text(string.Join('|', y))}\"" : "")
            + $" data-v=\"{List(values)}\" data-n=\"{List(counts.Select(n => Format.Integer(n)))}\"";
    }

    private static Plane PlaneOf(HeatPanel panel) =>
        new(
            panel.Y.Names is { } rows ? 10 + 6.2 * Math.Min(16, rows.Max(r => r.Length)) : 42,
            panel.Width - 12,
            42 + panel.Offset,
            panel.Height - 22 - 12 * panel.X.LabelLines,
            panel.X,
            panel.Y
        );

    // A grid behind cells that may be missing would look like data, so that there are marks and no rules.
    private static void DrawYAxis(StringBuilder svg, HeatPanel panel, Plane plane)
    {
        foreach (double tick in panel.Y.Ticks)
            svg.Append(
                $"<text class=\"tick\" text-anchor=\"end\" x=\"{Svg.Number(plane.Left - 6)}\" "
                    + $"y=\"{Svg.Number(plane.Y(tick) + 3.7)}\">{Svg.Text(Svg.Shorten(panel.Y.Label(tick), 16))}</text>"
            );
        svg.Append('\n');
    }

    private static IEnumerable<(int X, int Y, HeatCell Cell)> Cells(HeatPanel panel)
    {
        for (int y = 0; y < panel.Cells.Count; y++)
        {
            for (int x = 0; x < panel.Cells[y].Count; x++)
            {
                if (panel.Cells[y][x] is { } cell)
                    yield return (x, y, cell);
            }
        }
    }

    // Neighbours that touch would show a hairline of the ground between them, so cells of numbers overlap a little
    // and cells of names stand apart.
    private static string Rectangle(HeatPanel panel, Plane plane, int x, int y)
    {
        double apart = panel.Y.Names is null ? -0.2 : 1;
        double left = plane.X(panel.XEdges[x]) + apart,
            right = plane.X(panel.XEdges[x + 1]) - apart;
        double top = plane.Y(panel.YEdges[y + 1]) + apart,
            bottom = plane.Y(panel.YEdges[y]) - apart;
        return $"M{Svg.Number(left)} {Svg.Number(top)}H{Svg.Number(right)}V{Svg.Number(bottom)}H{Svg.Number(left)}Z";
    }

    private static string List(IEnumerable<string> values) => string.Join(' ', values);
}
