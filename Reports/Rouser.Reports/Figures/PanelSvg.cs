using System.Text;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Figures;

/// <summary>
/// Draws a panel as the inside of an <c>svg</c> element. Colours come by class, from the style of the page or of the
/// file.
/// </summary>
internal static class PanelSvg
{
    /// <summary>Draws <paramref name="panel"/> with its upper left corner at the origin.</summary>
    /// <param name="svg">Drawn into.</param>
    /// <param name="page">For a page whose script reads the numbers from <c>data-</c> attributes, or for a file of
    /// its own.</param>
    public static void Draw(StringBuilder svg, FigurePanel panel, bool page)
    {
        for (int i = 0; i < panel.TitleLines.Count; i++)
            svg.Append(
                $"<text class=\"panel\" x=\"2\" y=\"{13 + 15 * i}\">{Svg.Text(Svg.Shorten(panel.TitleLines[i], panel.Width / 7))}</text>\n"
            );
        svg.Append(
            $"<text class=\"unit\" x=\"2\" y=\"{30 + panel.Offset}\">{Svg.Text(Svg.Shorten(panel.Unit, (int)(panel.Width / 6.2)))}</text>\n"
        );
        // csharpier-ignore
        switch (panel)
        {
            case PlotPanel plot: PlotSvg.Draw(svg, plot, page); break;
            case HeatPanel heat: HeatSvg.Draw(svg, heat); break;
            case BarPanel bars: Draw(svg, bars); break;
            case IntervalPanel intervals: IntervalSvg.Draw(svg, intervals); break;
            case ParallelPanel parallel: ParallelSvg.Draw(svg, parallel, page); break;
            default: throw new InvalidOperationException($"No drawing of a {panel.GetType().Name}.");
        }
    }

    /// <summary>
    /// What the <c>svg</c> element of a page's panel carries for the script; empty where there is nothing to read
    /// out.
    /// </summary>
    public static string Attributes(FigurePanel panel) =>
        panel switch
        {
            PlotPanel plot => $" data-kind=\"plot\" data-xname=\"{Svg.Text(plot.XName)}\"{PlotSvg.PlaneOf(plot).Attributes()}"
                + (plot.X.Names is { } names ? $" data-names=\"{Svg.Text(string.Join('|', names))}\"" : ""),
            HeatPanel heat => $" data-kind=\"heat\" data-k=\"{Svg.Text(heat.Value)}\" data-xname=\"{Svg.Text(heat.XName)}\" "
                + $"data-yname=\"{Svg.Text(heat.YName)}\"{HeatSvg.Attributes(heat)}",
            ParallelPanel => " data-kind=\"parallel\"",
            _ => "",
        };

    private static void Draw(StringBuilder svg, BarPanel panel)
    {
        double longest = Math.Max(1e-12, panel.Bars.Max(b => b.Value)),
            room = panel.Width - 62;
        for (int i = 0; i < panel.Bars.Count; i++)
        {
            Bar bar = panel.Bars[i];
            string width = Svg.Number(Math.Max(0.5, bar.Value / longest * room));
            svg.Append(
                $"<text class=\"tick ink\" x=\"2\" y=\"{Svg.Number(panel.Offset + 55 + 34 * i)}\">{Svg.Text(Svg.Shorten(bar.Name, 52))}</text>"
            );
            svg.Append(
                $"<rect class=\"d{Palette.Look(bar.Style)}\" x=\"2\" "
                    + $"y=\"{Svg.Number(panel.Offset + 60 + 34 * i)}\" width=\"{width}\" height=\"9\"/>"
            );
            svg.Append(
                $"<text class=\"tick\" x=\"{Svg.Number(8 + bar.Value / longest * room)}\" "
                    + $"y=\"{Svg.Number(panel.Offset + 68.5 + 34 * i)}\">{Format.Fixed(bar.Value, panel.Decimals)}</text>\n"
            );
        }
    }
}
