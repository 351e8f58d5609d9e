using System.Text;
using Rouser.Reports.Figures;

namespace Rouser.Reports.Documents;

/// <summary>
/// A figure in the page: its legend, an <c>svg</c> element per panel with title and description, its caption.
/// </summary>
internal static class HtmlFigure
{
    // Two columns of them fill half a printed page. A figure of more, kept whole, would leave the rest of the page before
    // it empty, or a short one between two of them alone on a page.
    private const int MostOfHalfAPage = 4;

    public static void Append(StringBuilder html, Figure figure)
    {
        string size = figure.Panels.Count > MostOfHalfAPage ? " class=\"tall\"" : "";
        html.Append($"<figure{size} id=\"figure-{figure.Id}\" aria-labelledby=\"figtitle-{figure.Id}\">\n");
        html.Append($"<p class=\"figtitle\" id=\"figtitle-{figure.Id}\">{Svg.Text(figure.Title)}</p>\n");
        if (figure.Legend.Count > 0)
        {
            html.Append("<ul class=\"legend\">\n");
            foreach (LegendEntry entry in figure.Legend)
            {
                int look = Palette.Look(entry.Style);
                string mark = figure.IsOfDots
                    ? $"<circle class=\"d{look}\" cx=\"24\" cy=\"5\" r=\"3.6\"/>"
                    : $"<path class=\"line l{look}\" d=\"M1 5h28\"/>";
                html.Append(
                    $"<li><svg width=\"30\" height=\"10\" aria-hidden=\"true\">{mark}</svg> {Svg.Text(entry.Label)}</li>\n"
                );
            }
            html.Append("</ul>\n");
        }
        html.Append($"<div class=\"plots {Layout(figure)}\">\n");
        for (int i = 0; i < figure.Panels.Count; i++)
            Append(html, figure.Panels[i], $"{figure.Id}-{i}");
        html.Append($"</div>\n<figcaption>{HtmlRenderer.Prose(figure.Caption)}</figcaption>\n</figure>\n");
    }

    private static void Append(StringBuilder html, FigurePanel panel, string id)
    {
        string owner =
            (panel.Arm is { } arm ? $" data-a=\"{Svg.Text(arm)}\"" : "")
            + (panel.Setting is { } setting ? $" data-s=\"{Svg.Text(setting)}\"" : "");
        html.Append(
            $"<div class=\"plot\"{owner}>\n<svg{(panel is ParallelPanel ? $" width=\"{panel.Width}\"" : "")} "
                + $"viewBox=\"0 0 {panel.Width} {panel.Height}\" role=\"img\" aria-labelledby=\"{id}-t "
                + $"{id}-d\"{PanelSvg.Attributes(panel)}>\n"
        );
        html.Append(
            $"<title id=\"{id}-t\">{Svg.Text(panel.Title)}</title><desc id=\"{id}-d\">{Svg.Text(panel.Description)}</desc>\n"
        );
        PanelSvg.Draw(html, panel, page: true);
        html.Append("</svg>\n</div>\n");
    }

    // Panels keep near their natural size, so that their type is as large as the page's small type.
    private static string Layout(Figure figure) =>
        figure.Panels[0] is ParallelPanel ? "wide"
        : figure.Panels[0] is BarPanel or IntervalPanel ? "bars"
        : $"c{Math.Min(figure.Columns, figure.Panels.Count)}";
}
