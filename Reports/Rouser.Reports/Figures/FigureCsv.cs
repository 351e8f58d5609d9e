using System.Text;

namespace Rouser.Reports.Figures;

/// <summary>
/// The numbers that a figure draws, as CSV (RFC 4180, lines ending in <c>\n</c>, UTF-8) with all their digits: a line
/// for each point, cell, bar or combination.
/// </summary>
internal static class FigureCsv
{
    /// <summary>The file's text.</summary>
    public static string Render(Figure figure)
    {
        StringBuilder text = new();
        Append(text, figure.Panels[0].DataColumns);
        foreach (Panel panel in figure.Panels)
        {
            foreach (IReadOnlyList<string> row in panel.DataRows)
                Append(text, row);
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, IReadOnlyList<string> fields) =>
        text.AppendJoin(
                ',',
                fields.Select(f =>
                    f.AsSpan().ContainsAny("\",\n\r") ? $"\"{f.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : f
                )
            )
            .Append('\n');
}
