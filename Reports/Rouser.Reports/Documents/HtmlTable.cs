using System.Text;
using Rouser.Reports.Figures;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Documents;

/// <summary>A table in the page: caption, headers with their scope, footnotes.</summary>
internal static class HtmlTable
{
    // A longer one scrolls in a box of its own, under its header.
    private const int MostRows = 40;

    // One that is not torn apart at the end of a printed page.
    private const int FewRows = 16;

    // A cell of a longer text may break it.
    private const int LongText = 40;

    public static void Append(StringBuilder html, TableBlock block)
    {
        ReportTable table = block.Table;
        int? n = table.CommonN;
        if (block.Fold is not null)
            html.Append($"<details><summary>{Svg.Text(block.Fold)}</summary>\n");
        // The box scrolls, not the page; it takes the focus so that the keyboard can scroll it too.
        html.Append(
            $"<div class=\"table{Length(table.Rows.Count)}\" id=\"table-{table.Id}\" "
                + $"role=\"region\" tabindex=\"0\" aria-labelledby=\"caption-{table.Id}\">\n<table>\n<caption "
                + $"id=\"caption-{table.Id}\"><span>{HtmlRenderer.Prose(table.CaptionWith(n))}</span></caption>\n<thead>\n"
        );
        AppendHeader(html, table);
        html.Append("</thead>\n<tbody>\n");
        for (int r = 0; r < table.Rows.Count; r++)
        {
            html.Append(table.StartsGroup(r) ? "<tr class=\"group\">" : "<tr>");
            for (int c = 0; c < table.Columns.Count; c++)
                Append(html, table.Columns[c].Kind, table.Rows[r][c], n);
            html.Append("</tr>\n");
        }
        html.Append("</tbody>\n</table>\n</div>\n");
        for (int i = 0; i < table.Notes.Count; i++)
            html.Append($"<p class=\"footnote\"><sup>{Format.Mark(i)}</sup> {Svg.Text(table.Notes[i])}</p>\n");
        if (block.Fold is not null)
            html.Append("</details>\n");
    }

    private static string Length(int rows) =>
        rows > MostRows ? " long"
        : rows <= FewRows ? " short"
        : "";

    private static void AppendHeader(StringBuilder html, ReportTable table)
    {
        bool grouped = table.Columns.Any(c => c.Group.Length > 0);
        html.Append("<tr>");
        for (int c = 0; c < table.Columns.Count; c++)
        {
            ReportColumn column = table.Columns[c];
            if (!grouped || column.Group.Length == 0)
            {
                html.Append(
                    $"<th scope=\"col\"{(grouped ? " rowspan=\"2\"" : "")}{Class(column.Kind)}>{Svg.Text(column.Header)}</th>"
                );
                continue;
            }
            int span = 1;
            while (c + span < table.Columns.Count && table.Columns[c + span].Group == column.Group)
                span++;
            html.Append($"<th scope=\"colgroup\" colspan=\"{span}\" class=\"span\">{Svg.Text(column.Group)}</th>");
            c += span - 1;
        }
        html.Append("</tr>\n");
        if (!grouped)
            return;
        html.Append("<tr>");
        foreach (ReportColumn column in table.Columns.Where(c => c.Group.Length > 0))
            html.Append($"<th scope=\"col\"{Class(column.Kind)}>{Svg.Text(column.Header)}</th>");
        html.Append("</tr>\n");
    }

    private static void Append(StringBuilder html, ColumnKind kind, ReportCell cell, int? n)
    {
        string tag = kind == ColumnKind.RowHeader ? "th" : "td",
            scope = kind == ColumnKind.RowHeader ? " scope=\"row\"" : "",
            look = kind == ColumnKind.Text && cell.Text.Length > LongText ? " class=\"long\"" : Class(kind, cell.Mark);
        html.Append($"<{tag}{scope}{look}>{Svg.Text(cell.Text)}");
        if (cell.Note >= 0)
            html.Append($"<sup>{Format.Mark(cell.Note)}</sup>");
        if (cell.AsideBeside(n) is { Length: > 0 } aside)
            html.Append($" <small>({Svg.Text(aside)})</small>");
        html.Append($"</{tag}>");
    }

    private static string Class(ColumnKind kind, CellMark mark = CellMark.None) =>
        kind is not (ColumnKind.Number or ColumnKind.Estimate) ? ""
        : mark == CellMark.Partial ? " class=\"n partial\""
        : " class=\"n\"";
}
