using System.Text;

namespace Rouser.Reports.Figures;

/// <summary>
/// A figure as a file of its own: all panels in a grid under the legend, with literal colours that every viewer
/// understands. It draws its own ground, white, or dark where the viewer asks for that, so that it can be read on any
/// page.
/// </summary>
internal static class FigureSvg
{
    private const int Gap = 18,
        Margin = 14,
        LegendHeight = 22,
        TitleHeight = 28;

    /// <summary>Type, strokes and dashes; no colours.</summary>
    public static string Shapes { get; } =
        string.Concat(
            "text{font:11px system-ui,'Segoe "
                + "UI',Helvetica,Arial,sans-serif}.panel{font-weight:600;font-size:12px}.heading{font-weight:600;font-size:14px}.tick{font-size:10.5px}.name{font-weight:600}",
            ".grid{stroke-width:.7;fill:none}.axis{stroke-width:.9;fill:none}.line{fill:none;stroke-width:1.9;stroke-linejoin:round}.faint{stroke-width:.9;opacity:.75}",
            ".band{stroke:none;fill-opacity:.13}.strong{fill-opacity:.24}.bar{fill:none;stroke-width:1.4;opacity:.7}.light{fill-opacity:.6}.p{fill:none;stroke-width:1.3;stroke-linejoin:round}",
            $".p{Palette.Ranks - 1}{{stroke-width:2}}.halo{{paint-order:stroke;stroke-width:3px;stroke-linejoin:round}}",
            string.Concat(
                Palette.Dashes.Select((dash, i) => dash.Length == 0 ? "" : $".s{i} .line,.l{i}{{stroke-dasharray:{dash}}}")
            ),
            ".s0 .faint,.s1 .faint,.s2 .faint,.s3 .faint,.s4 .faint,.s5 .faint{stroke-dasharray:none}"
        );

    /// <summary>The colours of all classes.</summary>
    /// <param name="colour">A colour by its word: <c>ground</c>, <c>ink</c>, <c>muted</c>, <c>rule</c>, <c>c0</c>,
    /// <c>h0</c>, <c>p0</c> and so on.</param>
    public static string Colours(Func<string, string> colour)
    {
        StringBuilder css = new(
            $"svg text{{fill:{colour("ink")}}}svg .unit,svg .tick{{fill:{colour("muted")}}}svg "
                + $".tick.ink{{fill:{colour("ink")}}}.halo{{stroke:{colour("ground")}}}.grid{{stroke:{colour("rule")}}}.axis{{stroke:{colour("muted")}}}"
        );
        for (int i = 0; i < Palette.Count; i++)
            css.Append(
                $".s{i} .line,.s{i} .bar,.l{i}{{stroke:{colour($"c{i}")}}}.s{i} .band,.s{i} .dot,.d{i},svg .s{i} .name{{fill:{colour($"c{i}")}}}"
            );
        for (int i = 0; i < Palette.Shades; i++)
            css.Append($".h{i}{{fill:{colour($"h{i}")}}}.g{i}{{fill:{colour($"g{i}")}}}");
        for (int i = 0; i < Palette.Ranks; i++)
            css.Append($".p{i}{{stroke:{colour($"p{i}")}}}");
        return css.ToString();
    }

    /// <summary>The file's text.</summary>
    public static string Render(Figure figure)
    {
        int columns = Math.Min(figure.Columns, figure.Panels.Count),
            panelWidth = figure.Panels.Max(p => p.Width),
            panelHeight = figure.Panels.Max(p => p.Height);
        int rows = (figure.Panels.Count + columns - 1) / columns;
        // The title may need more room than a single panel gives.
        int width = Math.Max(columns * panelWidth + (columns - 1) * Gap, (int)(figure.Title.Length * 7.6)) + 2 * Margin;
        List<(double X, int Row, LegendEntry Entry)> legend = [];
        int legendRows = PlaceLegend(figure.Legend, width, legend);
        int top = Margin + TitleHeight + legendRows * LegendHeight,
            height = top + rows * panelHeight + (rows - 1) * Gap + Margin;

        StringBuilder svg = new();
        svg.Append(
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 "
                + $"{width} {height}\" role=\"img\" aria-labelledby=\"title desc\">\n"
        );
        svg.Append(
            $"<title id=\"title\">{Svg.Text(figure.Title)}</title>\n<desc "
                + $"id=\"desc\">{Svg.Text(string.Join(" ", figure.Panels.Select(p => p.Description)))}</desc>\n"
        );
        svg.Append(
            $"<style>{Shapes}.ground{{fill:{Scheme.Light("ground")}}}{Colours(Scheme.Light)}@media "
                + $"(prefers-color-scheme:dark){{.ground{{fill:{Scheme.Dark("ground")}}}{Colours(Scheme.Dark)}}}</style>\n"
        );
        svg.Append($"<rect class=\"ground\" width=\"{width}\" height=\"{height}\"/>\n");
        svg.Append($"<text class=\"heading\" x=\"{Margin}\" y=\"{Margin + 12}\">{Svg.Text(figure.Title)}</text>\n");
        foreach ((double x, int row, LegendEntry entry) in legend)
        {
            int y = Margin + TitleHeight + row * LegendHeight + 4;
            svg.Append(
                $"<path class=\"line l{entry.Style % Palette.Count}\" d=\"M{Svg.Number(x)} {y}h26\"/><text "
                    + $"x=\"{Svg.Number(x + 32)}\" y=\"{y + 4}\">{Svg.Text(entry.Label)}</text>\n"
            );
        }
        for (int i = 0; i < figure.Panels.Count; i++)
        {
            svg.Append(
                $"<g transform=\"translate({Margin + i % columns * (panelWidth + Gap)} {top + i / columns * (panelHeight + Gap)})\">\n"
            );
            PanelSvg.Draw(svg, figure.Panels[i], page: false);
            svg.Append("</g>\n");
        }
        return svg.Append("</svg>\n").ToString();
    }

    // Six and a half units a character are enough for 11 px type; entries that do not fit go to the next row.
    private static int PlaceLegend(IReadOnlyList<LegendEntry> entries, int width, List<(double, int, LegendEntry)> placed)
    {
        double x = Margin;
        int row = 0;
        foreach (LegendEntry entry in entries)
        {
            double needed = 32 + entry.Label.Length * 6.5 + 22;
            if (x > Margin && x + needed > width)
                (x, row) = (Margin, row + 1);
            placed.Add((x, row, entry));
            x += needed;
        }
        return entries.Count == 0 ? 0 : row + 1;
    }
}
