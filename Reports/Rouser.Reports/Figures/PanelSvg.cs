using System.Text;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Figures;

/// <summary>Draws a panel as the inside of an <c>svg</c> element. Colours come by class, from the style of the page or of the file.</summary>
internal static class PanelSvg
{
    public const int Width = 340;
    public const int Height = 230;
    private const int Left = 40, Right = 328, Top = 42, Bottom = 196;

    /// <summary>Draws <paramref name="panel"/> with its upper left corner at the origin.</summary>
    public static void Draw(StringBuilder svg, Panel panel)
    {
        svg.Append($"<text class=\"panel\" x=\"2\" y=\"13\">{Svg.Text(Shorten(panel.Title, 46))}</text>\n");
        svg.Append($"<text class=\"unit\" x=\"2\" y=\"30\">{Svg.Text(Shorten(panel.Unit, 54))}</text>\n");
        foreach (double tick in panel.Y.Ticks)
        {
            string y = Svg.Number(Y(panel, tick));
            svg.Append($"<path class=\"grid\" d=\"M{Left} {y}H{Right}\"/><text class=\"tick\" text-anchor=\"end\" x=\"{Left - 6}\" y=\"{Svg.Number(Y(panel, tick) + 3.7)}\">{Format.Fixed(tick, panel.Y.Decimals)}</text>\n");
        }
        foreach (double tick in panel.X.Ticks)
        {
            string x = Svg.Number(X(panel, tick));
            svg.Append($"<path class=\"axis\" d=\"M{x} {Bottom}v4\"/><text class=\"tick\" text-anchor=\"middle\" x=\"{x}\" y=\"{Bottom + 15}\">{Format.Fixed(tick, 0)}</text>\n");
        }
        svg.Append($"<path class=\"axis\" d=\"M{Left} {Bottom}H{Right}\"/><text class=\"unit\" text-anchor=\"end\" x=\"{Right}\" y=\"{Bottom + 28}\">epoch</text>\n");
        foreach (Band band in panel.Bands) Draw(svg, panel, band);
        foreach (Line line in panel.Lines) Draw(svg, panel, line);
    }

    private static void Draw(StringBuilder svg, Panel panel, Band band)
    {
        if (band.Low.Count == 0) return;
        svg.Append($"<path class=\"band b{band.Style % Palette.Count}{(band.Strong ? " strong" : "")}\" d=\"");
        // One epoch has no area: a bar as wide as a mark stands for it.
        if (band.Low.Count == 1)
        {
            double x = X(panel, 1), low = Y(panel, band.Low[0]), high = Y(panel, band.High[0]);
            svg.Append($"M{Svg.Number(x - 4)} {Svg.Number(low)}V{Svg.Number(high)}H{Svg.Number(x + 4)}V{Svg.Number(low)}");
        }
        for (int i = 0; i < band.High.Count && band.Low.Count > 1; i++) Point(svg, panel, i, band.High[i], i == 0);
        for (int i = band.Low.Count - 1; i >= 0 && band.Low.Count > 1; i--) Point(svg, panel, i, band.Low[i], false);
        svg.Append("Z\"/>\n");
    }

    private static void Draw(StringBuilder svg, Panel panel, Line line)
    {
        if (line.Values.Count == 0) return;
        int style = line.Style % Palette.Count;
        if (line.Values.Count == 1)
        {
            svg.Append($"<circle class=\"dot d{style}\" cx=\"{Svg.Number(X(panel, 1))}\" cy=\"{Svg.Number(Y(panel, line.Values[0]))}\" r=\"3\"/>\n");
            return;
        }
        svg.Append($"<path class=\"line l{style}{(line.Faint ? " faint" : "")}\" d=\"");
        for (int i = 0; i < line.Values.Count; i++) Point(svg, panel, i, line.Values[i], i == 0);
        svg.Append("\"/>\n");
    }

    private static void Point(StringBuilder svg, Panel panel, int index, double value, bool first) =>
        svg.Append(first ? 'M' : 'L').Append(Svg.Number(X(panel, index + 1))).Append(' ').Append(Svg.Number(Y(panel, value)));

    private static double X(Panel panel, double epoch) => Left + (epoch - panel.X.Low) / (panel.X.High - panel.X.Low) * (Right - Left);

    // A value that is no number is drawn at the lower end: a gap in a path would be lost in a band.
    private static double Y(Panel panel, double value)
    {
        double share = (value - panel.Y.Low) / (panel.Y.High - panel.Y.Low);
        return Bottom - (double.IsNaN(share) ? 0 : Math.Clamp(share, 0, 1)) * (Bottom - Top);
    }

    private static string Shorten(string title, int length) => title.Length <= length ? title : title[..(length - 1)] + "…";
}
