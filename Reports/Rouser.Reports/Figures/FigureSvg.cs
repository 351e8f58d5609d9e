using System.Text;

namespace Rouser.Reports.Figures;

/// <summary>A figure as a file of its own: all panels in a grid under the legend, on white, with literal colours that every viewer understands.</summary>
internal static class FigureSvg
{
    private const int Gap = 18, Margin = 14, LegendHeight = 26, TitleHeight = 28;

    /// <summary>The style of text, axes and lines, with colours from <paramref name="ink"/> and <paramref name="palette"/>.</summary>
    public static string Style(string ink, string muted, string rule, IReadOnlyList<string> palette)
    {
        StringBuilder css = new();
        css.Append($"text{{font:11px system-ui,'Segoe UI',Helvetica,Arial,sans-serif;fill:{ink}}}.panel{{font-weight:600;font-size:12px}}.heading{{font-weight:600;font-size:14px}}.unit,.tick{{fill:{muted}}}.tick{{font-size:10.5px}}");
        css.Append($".grid{{stroke:{rule};stroke-width:.7;fill:none}}.axis{{stroke:{muted};stroke-width:.9;fill:none}}.line{{fill:none;stroke-width:1.9;stroke-linejoin:round}}");
        css.Append(".faint{stroke-width:.9;opacity:.75}.band{stroke:none;fill-opacity:.14}.strong{fill-opacity:.26}");
        for (int i = 0; i < palette.Count; i++)
        {
            string dash = Palette.Dashes[i].Length == 0 ? "" : $";stroke-dasharray:{Palette.Dashes[i]}";
            css.Append($".l{i}{{stroke:{palette[i]}{dash}}}.b{i},.d{i}{{fill:{palette[i]}}}");
        }
        return css.ToString();
    }

    /// <summary>The file's text.</summary>
    public static string Render(Figure figure)
    {
        int columns = Math.Min(figure.Columns, figure.Panels.Count), rows = (figure.Panels.Count + columns - 1) / columns;
        List<(double X, int Row, LegendEntry Entry)> legend = [];
        int width = columns * PanelSvg.Width + (columns - 1) * Gap + 2 * Margin, legendRows = PlaceLegend(figure.Legend, width, legend);
        int top = Margin + TitleHeight + legendRows * LegendHeight, height = top + rows * PanelSvg.Height + (rows - 1) * Gap + Margin;

        StringBuilder svg = new();
        svg.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"title desc\">\n");
        svg.Append($"<title id=\"title\">{Svg.Text(figure.Title)}</title>\n<desc id=\"desc\">{Svg.Text(string.Join(" ", figure.Panels.Select(p => p.Description)))}</desc>\n");
        svg.Append($"<style>{Style("#1c1c1a", "#5c5b57", "#dedcd6", Palette.Light)}</style>\n<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n");
        svg.Append($"<text class=\"heading\" x=\"{Margin}\" y=\"{Margin + 12}\">{Svg.Text(figure.Title)}</text>\n");
        foreach ((double x, int row, LegendEntry entry) in legend)
        {
            int y = Margin + TitleHeight + row * LegendHeight + 4;
            svg.Append($"<path class=\"line l{entry.Style % Palette.Count}\" d=\"M{Svg.Number(x)} {y}h26\"/><text x=\"{Svg.Number(x + 32)}\" y=\"{y + 4}\">{Svg.Text(entry.Label)}</text>\n");
        }
        for (int i = 0; i < figure.Panels.Count; i++)
        {
            svg.Append($"<g transform=\"translate({Margin + i % columns * (PanelSvg.Width + Gap)} {top + i / columns * (PanelSvg.Height + Gap)})\">\n");
            PanelSvg.Draw(svg, figure.Panels[i]);
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
            if (x > Margin && x + needed > width) (x, row) = (Margin, row + 1);
            placed.Add((x, row, entry));
            x += needed;
        }
        return entries.Count == 0 ? 0 : row + 1;
    }
}
