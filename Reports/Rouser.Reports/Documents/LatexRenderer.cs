using System.Text;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Documents;

/// <summary>
/// Writes a table as a LaTeX <c>table</c> float in the style of booktabs, the only package that it needs.
/// </summary>
internal static class LatexRenderer
{
    // A column of longer texts than this is set as a paragraph, or it would run out of the page.
    private const int LongText = 48;

    /// <summary>
    /// The file's text, lines ending in <c>\n</c>: each row on a line of its own, which ends in <c>\\</c>.
    /// </summary>
    public static string Render(ReportTable table)
    {
        StringBuilder text = new("% Needs \\usepackage{booktabs}.\n\\begin{table}\n\\centering\n");
        text.Append($"\\caption{{{LatexText.Escape(table.Caption)}}}\n\\label{{tab:{table.Id}}}\n");
        text.Append(
            $"\\begin{{tabular}}{{{string.Concat(table.Columns.Select((c, i) => Alignment(table, c, i)))}}}\n\\toprule\n"
        );
        AppendHeader(text, table);
        text.Append("\\midrule\n");
        for (int r = 0; r < table.Rows.Count; r++)
        {
            if (table.StartsGroup(r))
                text.Append("\\addlinespace\n");
            text.AppendJoin(" & ", table.Rows[r].Select(Cell)).Append(" \\\\\n");
        }
        text.Append("\\bottomrule\n\\end{tabular}\n");
        for (int i = 0; i < table.Notes.Count; i++)
            text.Append($"\n{{\\footnotesize\\textsuperscript{{{Format.Mark(i)}}} {LatexText.Escape(table.Notes[i])}\\par}}\n");
        return text.Append("\\end{table}\n").ToString();
    }

    private static string Alignment(ReportTable table, ReportColumn column, int index) =>
        column.Kind is ColumnKind.Number or ColumnKind.Estimate ? "r"
        : table.Rows.Any(r => r[index].Text.Length > LongText) ? "p{0.4\\linewidth}"
        : "l";

    private static void AppendHeader(StringBuilder text, ReportTable table)
    {
        List<string> groups = [],
            rules = [];
        for (int c = 0; c < table.Columns.Count; )
        {
            string group = table.Columns[c].Group;
            int span = 1;
            while (group.Length > 0 && c + span < table.Columns.Count && table.Columns[c + span].Group == group)
                span++;
            groups.Add(group.Length == 0 ? "" : $"\\multicolumn{{{span}}}{{c}}{{{LatexText.Escape(group)}}}");
            if (group.Length > 0)
                rules.Add($"\\cmidrule(lr){{{c + 1}-{c + span}}}");
            c += span;
        }
        if (rules.Count > 0)
            text.AppendJoin(" & ", groups).Append(" \\\\\n").AppendJoin(' ', rules).Append('\n');
        text.AppendJoin(" & ", table.Columns.Select(c => LatexText.Escape(c.Header))).Append(" \\\\\n");
    }

    private static string Cell(ReportCell cell) =>
        LatexText.Escape(cell.Text)
        + (cell.Note < 0 ? "" : $"\\textsuperscript{{{Format.Mark(cell.Note)}}}")
        + (cell.Aside.Length == 0 ? "" : $" {{\\footnotesize({LatexText.Escape(cell.Aside)})}}");
}
