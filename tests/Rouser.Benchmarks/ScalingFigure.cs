using System.Globalization;
using System.Text;
using Rouser.Orchestrator.Benchmarks;
using Rouser.Reports.Figures;

namespace Rouser.Benchmarks;

/// <summary>Times of an epoch against one quantity, and the line through them.</summary>
/// <param name="What">The quantity, in words.</param>
/// <param name="X">Its values.</param>
/// <param name="Seconds">The time at each.</param>
/// <param name="Line">Through the medians.</param>
internal sealed record ScalingSeries(string What, IReadOnlyList<double> X, IReadOnlyList<Spread> Seconds, Line Line);

/// <summary>
/// The series side by side as an SVG file: medians as dots, quartiles as bars, the fitted line from 0.
/// </summary>
internal static class ScalingFigure
{
    private const int PanelWidth = 270,
        Left = 46,
        Right = 246,
        Top = 44,
        Bottom = 196,
        Height = 240;

    public static string Render(IReadOnlyList<ScalingSeries> series, string subject)
    {
        StringBuilder svg = new();
        int width = series.Count * PanelWidth;
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{Height}\" viewBox=\"0 0 "
                + $"{width} {Height}\" role=\"img\" aria-labelledby=\"title desc\">\n"
        );
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<title id=\"title\">{Svg.Text($"Time of an epoch, {subject}")}</title>\n<desc "
                + $"id=\"desc\">{Svg.Text(string.Join(" ", series.Select(Describe)))}</desc>\n"
        );
        svg.Append(
            "<style>text{font:11px system-ui,'Segoe UI',Helvetica,Arial,sans-serif;fill:#1c1c1a}.head{font-weight:600}.tick,.unit{fill:#5c5b57}"
        );
        svg.Append(
            ".grid{stroke:#dedcd6;stroke-width:.7}.axis{stroke:#5c5b57}.fit{stroke:#c44e00;stroke-width:1.5;stroke-dasharray:7 "
                + "3}.bar{stroke:#0067a5;stroke-width:1.5}.dot{fill:#0067a5}</style>\n"
        );
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{width}\" height=\"{Height}\" fill=\"#ffffff\"/>\n");
        for (int k = 0; k < series.Count; k++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<g transform=\"translate({k * PanelWidth} 0)\">\n");
            Draw(svg, series[k]);
            svg.Append("</g>\n");
        }
        return svg.Append("</svg>\n").ToString();
    }

    private static string Describe(ScalingSeries s) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Against {s.What}: {string.Join(", ", s.X.Zip(s.Seconds, (x, y) => $"{x:N0} takes {1e3 * y.Median:F0} ms"))}."
        );

    private static void Draw(StringBuilder svg, ScalingSeries s)
    {
        Axis x = Axis.Nice(0, s.X.Max(), 4),
            y = Axis.Nice(0, 1e3 * s.Seconds.Max(t => t.Upper), 4);
        string departure = (100 * s.Line.LargestDeparture).ToString("F1", CultureInfo.InvariantCulture);
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<text class=\"head\" x=\"{Left - 40}\" y=\"16\">{Svg.Text($"against {s.What}")}</text>\n"
        );
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<text class=\"unit\" x=\"{Left - 40}\" y=\"32\">ms an epoch; at most {departure} % off the line</text>\n"
        );
        foreach (double tick in y.Ticks)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{Left} {Y(tick)}H{Right}\"/>");
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<text class=\"tick\" text-anchor=\"end\" x=\"{Left - 6}\" y=\"{Y(tick)}\" dy=\"4\">{tick:N0}</text>\n"
            );
        }
        foreach (double tick in x.Ticks)
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<path class=\"axis\" d=\"M{X(tick)} {Bottom}v4\"/><text class=\"tick\" text-anchor=\"middle\" "
                    + $"x=\"{X(tick)}\" y=\"{Bottom + 17}\">{tick:N0}</text>\n"
            );
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"axis\" d=\"M{Left} {Bottom}H{Right}\"/>\n");
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<path class=\"fit\" d=\"M{X(0)} {Y(1e3 * s.Line.Intercept)}L{X(s.X[^1])} {Y(1e3 * (s.Line.Intercept + (s.Line.Slope * s.X[^1])))}\"/>\n"
        );
        for (int i = 0; i < s.X.Count; i++)
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<path class=\"bar\" d=\"M{X(s.X[i])} {Y(1e3 * s.Seconds[i].Lower)}V{Y(1e3 * s.Seconds[i].Upper)}\"/>"
            );
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<circle class=\"dot\" cx=\"{X(s.X[i])}\" cy=\"{Y(1e3 * s.Seconds[i].Median)}\" r=\"3.5\"/>\n"
            );
        }

        string X(double value) => Svg.Number(Left + ((value - x.Low) / (x.High - x.Low) * (Right - Left)));
        string Y(double value) => Svg.Number(Bottom - (Math.Max(0, (value - y.Low) / (y.High - y.Low)) * (Bottom - Top)));
    }
}
