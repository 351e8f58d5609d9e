using System.Text;
using Rouser.Reports.Tables;

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

    // What a letter of the heading takes in the widest of the usual fonts, DejaVu Sans.
    private const double HeadingCharacter = 9;

    /// <summary>Type, strokes and dashes, as <c>figure.css</c> has them; no colours.</summary>
    public static string Shapes { get; } =
        StyleSheet
            .Read("figure.css")
            .Replace("\n", "", StringComparison.Ordinal)
            .Replace("$STRONGEST", $"{Palette.Ranks - 1}", StringComparison.Ordinal)
            .Replace("$DASHES", string.Concat(Enumerable.Range(0, Palette.Looks).Select(Dash)), StringComparison.Ordinal);

    /// <summary>The colours of all classes.</summary>
    /// <param name="colour">A colour by its name: <c>ground</c>, <c>ink</c>, <c>muted</c>, <c>rule</c>, <c>c0</c>,
    /// <c>h0</c>, <c>p0</c> and so on.</param>
    public static string Colours(Func<string, string> colour)
    {
        StringBuilder css = new();
        Fill("svg text", "ink");
        Fill("svg .unit,svg .tick", "muted");
        Fill("svg .tick.ink", "ink");
        Stroke(".halo", "ground");
        Stroke(".grid", "rule");
        Stroke(".axis", "muted");
        for (int i = 0; i < Palette.Looks; i++)
        {
            string name = $"c{Palette.Colour(i)}";
            Stroke($".s{i} .line,.s{i} .bar,.l{i}", name);
            Fill($".s{i} .band,.s{i} .dot,.d{i},svg .s{i} .name", name);
        }
        for (int i = 0; i < Palette.Shades; i++)
        {
            Fill($".h{i}", $"h{i}");
            Fill($".g{i}", $"g{i}");
        }
        for (int i = 0; i < Palette.Ranks; i++)
            Stroke($".p{i}", $"p{i}");
        return css.ToString();

        void Fill(string selector, string name) => css.Append($"{selector}{{fill:{colour(name)}}}");

        void Stroke(string selector, string name) => css.Append($"{selector}{{stroke:{colour(name)}}}");
    }

    /// <summary>The file's text.</summary>
    public static string Render(Figure figure)
    {
        int columns = Math.Min(figure.Columns, figure.Panels.Count),
            panelWidth = figure.Panels.Max(p => p.Width),
            panelHeight = figure.Panels.Max(p => p.Height);
        int rows = (figure.Panels.Count + columns - 1) / columns;
        int width = columns * panelWidth + (columns - 1) * Gap + 2 * Margin;
        // The longest name decides, where a panel is narrower.
        if (figure.Legend.Count > 0)
            width = Math.Max(width, (int)Math.Ceiling(figure.Legend.Max(Room)) + 2 * Margin);
        // So does the longest word of the title.
        width = Math.Max(width, (int)(figure.Title.Split(' ').Max(word => word.Length) * HeadingCharacter) + 2 * Margin);
        string[] title = [.. Format.Wrap(figure.Title, (int)((width - 2 * Margin) / HeadingCharacter))];
        List<(double X, int Row, LegendEntry Entry)> legend = [];
        int legendRows = PlaceLegend(figure.Legend, width, legend);
        int titleHeight = TitleHeight + 17 * (title.Length - 1),
            top = Margin + titleHeight + legendRows * LegendHeight,
            height = top + rows * panelHeight + (rows - 1) * Gap + Margin;

        StringBuilder svg = new();
        string descriptions = string.Join(" ", figure.Panels.Select(p => p.Description));
        svg.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" ")
            .Append($"viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"title desc\">\n")
            .Append($"<title id=\"title\">{Svg.Text(figure.Title)}</title>\n")
            .Append($"<desc id=\"desc\">{Svg.Text(descriptions)}</desc>\n")
            .Append($"<style>{Shapes}{Ground(Scheme.Light)}{Colours(Scheme.Light)}@media (prefers-color-scheme:dark)")
            .Append($"{{{Ground(Scheme.Dark)}{Colours(Scheme.Dark)}}}</style>\n");
        svg.Append($"<rect class=\"ground\" width=\"{width}\" height=\"{height}\"/>\n");
        for (int i = 0; i < title.Length; i++)
            svg.Append($"<text class=\"heading\" x=\"{Margin}\" y=\"{Margin + 12 + 17 * i}\">{Svg.Text(title[i])}</text>\n");
        foreach ((double x, int row, LegendEntry entry) in legend)
        {
            int y = Margin + titleHeight + row * LegendHeight + 4;
            int look = Palette.Look(entry.Style);
            svg.Append(
                    figure.IsOfDots
                        ? $"<circle class=\"d{look}\" cx=\"{Svg.Number(x + 22)}\" cy=\"{y}\" r=\"3.4\"/>"
                        : $"<path class=\"line l{look}\" d=\"M{Svg.Number(x)} {y}h26\"/>"
                )
                .Append($"<text x=\"{Svg.Number(x + 32)}\" y=\"{y + 4}\">{Svg.Text(entry.Label)}</text>\n");
        }
        for (int i = 0; i < figure.Panels.Count; i++)
        {
            int x = Margin + i % columns * (panelWidth + Gap),
                y = top + i / columns * (panelHeight + Gap);
            svg.Append($"<g transform=\"translate({x} {y})\">\n");
            PanelSvg.Draw(svg, figure.Panels[i], page: false);
            svg.Append("</g>\n");
        }
        return svg.Append("</svg>\n").ToString();
    }

    private static string Dash(int look) =>
        Palette.Dash(look).Length == 0 ? "" : $".s{look} .line,.l{look}{{stroke-dasharray:{Palette.Dash(look)}}}";

    private static string Ground(Func<string, string> colour) => $".ground{{fill:{colour("ground")}}}";

    // Six and a half units a character are enough for 11 px type.
    private static double Room(LegendEntry entry) => 32 + entry.Label.Length * 6.5 + 22;

    // Entries that do not fit go to the next row.
    private static int PlaceLegend(IReadOnlyList<LegendEntry> entries, int width, List<(double, int, LegendEntry)> placed)
    {
        double x = Margin;
        int row = 0;
        foreach (LegendEntry entry in entries)
        {
            double needed = Room(entry);
            if (x > Margin && x + needed > width)
                (x, row) = (Margin, row + 1);
            placed.Add((x, row, entry));
            x += needed;
        }
        return entries.Count == 0 ? 0 : row + 1;
    }
}
