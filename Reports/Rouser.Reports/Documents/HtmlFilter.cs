using System.Text;
using Rouser.Reports.Figures;

namespace Rouser.Reports.Documents;

/// <summary>
/// Which arms and settings the figures show. Hidden until the page's script has taken it over, because without it
/// nothing would happen.
/// </summary>
internal static class HtmlFilter
{
    // More boxes than this are a wall; a field to type a part of the setting into takes their place.
    private const int MostBoxes = 16;

    /// <summary>The form; nothing if there is nothing to choose between.</summary>
    public static void Append(StringBuilder html, Document document)
    {
        string[] arms = [.. Owners(document).Select(o => o.Arm).Where(a => a.Length > 0).Distinct()],
            settings = [.. Owners(document).Select(o => o.Setting).Where(s => s.Length > 0).Distinct()];
        if (arms.Length < 2 && settings.Length < 2)
            return;
        html.Append(
            "<form id=\"filter\" hidden=\"hidden\" aria-label=\"Filter the "
                + "figures\">\n<details>\n<summary>Figures show <output id=\"shown\">everything</output></summary>\n"
        );
        if (arms.Length > 1)
            AppendBoxes(html, "Arms", "a", arms);
        if (settings.Length is > 1 and <= MostBoxes)
            AppendBoxes(html, "Settings", "s", settings);
        else if (settings.Length > 1)
            html.Append(
                "<p><label>Settings that contain <input type=\"search\" id=\"part\" autocomplete=\"off\" /></label></p>\n"
            );
        html.Append("<p><button type=\"button\" id=\"everything\">Show everything</button></p>\n</details>\n</form>\n");
    }

    private static void AppendBoxes(StringBuilder html, string legend, string kind, string[] values)
    {
        html.Append($"<fieldset>\n<legend>{legend}</legend>\n");
        foreach (string value in values)
            html.Append(
                $"<label><input type=\"checkbox\" name=\"{kind}\" value=\"{Svg.Text(value)}\" checked=\"checked\" /> {Svg.Text(value)}</label>\n"
            );
        html.Append("</fieldset>\n");
    }

    private static IEnumerable<(string Arm, string Setting)> Owners(Document document) =>
        document
            .Figures.SelectMany(f => f.Panels)
            .SelectMany(panel =>
                panel switch
                {
                    PlotPanel plot => plot.Curves.Select(c => (c.Arm, c.Setting)),
                    ParallelPanel parallel => parallel.Lines.Select(l => (l.Arm, l.Setting)),
                    _ => [(panel.Arm ?? "", panel.Setting ?? "")],
                }
            );
}
