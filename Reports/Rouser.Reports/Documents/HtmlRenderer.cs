using System.Text;
using Rouser.Reports.Figures;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Documents;

/// <summary>Writes a document as one HTML file that needs nothing else: no script, no font, no request. Well-formed XML too, so that any XML reader checks it.</summary>
internal static class HtmlRenderer
{
    /// <summary>The file's text, lines ending in <c>\n</c>.</summary>
    public static string Render(Document document)
    {
        StringBuilder html = new();
        html.Append("<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<meta charset=\"utf-8\" />\n");
        html.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n<meta name=\"color-scheme\" content=\"light dark\" />\n");
        html.Append($"<title>{Svg.Text(document.Title)}</title>\n<style>\n{PageStyle.Css}</style>\n</head>\n<body>\n<main>\n<h1>{Svg.Text(document.Title)}</h1>\n");
        bool contents = false;
        foreach (Block block in document.Blocks)
        {
            if (block is Heading && !contents)
            {
                AppendContents(html, document);
                contents = true;
            }
            switch (block)
            {
                case Heading h: html.Append($"<h{h.Level} id=\"{h.Id}\">{Svg.Text(h.Text)}</h{h.Level}>\n"); break;
                case Paragraph p: html.Append($"<p>{Svg.Text(p.Text)}</p>\n"); break;
                case Warning w: html.Append($"<p class=\"warning\" role=\"note\">{Svg.Text(w.Text)}</p>\n"); break;
                case Bullets b: Append(html, b); break;
                case FigureBlock f: Append(html, f.Figure); break;
                case TableBlock t: Append(html, t); break;
                default: throw new InvalidOperationException($"No HTML for a {block.GetType().Name}.");
            }
        }
        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void AppendContents(StringBuilder html, Document document)
    {
        html.Append("<nav aria-label=\"Contents\"><ol>\n");
        foreach (Heading h in document.Blocks.OfType<Heading>().Where(h => h.Level == 2)) html.Append($"<li><a href=\"#{h.Id}\">{Svg.Text(h.Text)}</a></li>\n");
        html.Append("</ol></nav>\n");
    }

    private static void Append(StringBuilder html, Bullets bullets)
    {
        html.Append("<dl>\n");
        foreach ((string lead, string text) in bullets.Items) html.Append($"<dt>{Svg.Text(lead.TrimEnd('.'))}</dt><dd>{Svg.Text(text)}</dd>\n");
        html.Append("</dl>\n");
    }

    private static void Append(StringBuilder html, Figure figure)
    {
        html.Append($"<figure id=\"figure-{figure.Id}\">\n");
        if (figure.Legend.Count > 0)
        {
            html.Append("<ul class=\"legend\">\n");
            foreach (LegendEntry entry in figure.Legend)
                html.Append($"<li><svg width=\"30\" height=\"10\" aria-hidden=\"true\"><path class=\"line l{entry.Style % Palette.Count}\" d=\"M1 5h28\"/></svg> {Svg.Text(entry.Label)}</li>\n");
            html.Append("</ul>\n");
        }
        html.Append($"<div class=\"panels c{Math.Min(figure.Columns, figure.Panels.Count)}\">\n");
        for (int i = 0; i < figure.Panels.Count; i++)
        {
            string id = $"{figure.Id}-{i}";
            html.Append($"<svg viewBox=\"0 0 {PanelSvg.Width} {PanelSvg.Height}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\">\n");
            html.Append($"<title id=\"{id}-t\">{Svg.Text(figure.Panels[i].Title)}</title><desc id=\"{id}-d\">{Svg.Text(figure.Panels[i].Description)}</desc>\n");
            PanelSvg.Draw(html, figure.Panels[i]);
            html.Append("</svg>\n");
        }
        html.Append($"</div>\n<figcaption><b>{Svg.Text(figure.Title)}.</b> {Svg.Text(figure.Caption)}</figcaption>\n</figure>\n");
    }

    private static void Append(StringBuilder html, TableBlock block)
    {
        ReportTable table = block.Table;
        if (block.Folded) html.Append("<details><summary>Seed by seed</summary>\n");
        // The box scrolls, not the page; it takes the focus so that the keyboard can scroll it too.
        html.Append($"<div class=\"table\" id=\"table-{table.Id}\" role=\"region\" tabindex=\"0\" aria-labelledby=\"caption-{table.Id}\">\n<table>\n<caption id=\"caption-{table.Id}\"><span>{Svg.Text(table.Caption)}</span></caption>\n<thead>\n");
        AppendHeader(html, table);
        html.Append("</thead>\n<tbody>\n");
        for (int r = 0; r < table.Rows.Count; r++)
        {
            html.Append(table.StartsGroup(r) ? "<tr class=\"group\">" : "<tr>");
            for (int c = 0; c < table.Columns.Count; c++) Append(html, table.Columns[c].Kind, table.Rows[r][c]);
            html.Append("</tr>\n");
        }
        html.Append("</tbody>\n</table>\n</div>\n");
        for (int i = 0; i < table.Notes.Count; i++) html.Append($"<p class=\"footnote\"><sup>{Format.Mark(i)}</sup> {Svg.Text(table.Notes[i])}</p>\n");
        if (block.Folded) html.Append("</details>\n");
    }

    private static void AppendHeader(StringBuilder html, ReportTable table)
    {
        bool grouped = table.Columns.Any(c => c.Group.Length > 0);
        html.Append("<tr>");
        for (int c = 0; c < table.Columns.Count; c++)
        {
            ReportColumn column = table.Columns[c];
            if (!grouped || column.Group.Length == 0)
            {
                html.Append($"<th scope=\"col\"{(grouped ? " rowspan=\"2\"" : "")}{Class(column.Kind)}>{Svg.Text(column.Header)}</th>");
                continue;
            }
            int span = 1;
            while (c + span < table.Columns.Count && table.Columns[c + span].Group == column.Group) span++;
            html.Append($"<th scope=\"colgroup\" colspan=\"{span}\" class=\"span\">{Svg.Text(column.Group)}</th>");
            c += span - 1;
        }
        html.Append("</tr>\n");
        if (!grouped) return;
        html.Append("<tr>");
        foreach (ReportColumn column in table.Columns.Where(c => c.Group.Length > 0)) html.Append($"<th scope=\"col\"{Class(column.Kind)}>{Svg.Text(column.Header)}</th>");
        html.Append("</tr>\n");
    }

    private static void Append(StringBuilder html, ColumnKind kind, ReportCell cell)
    {
        string tag = kind == ColumnKind.RowHeader ? "th" : "td";
        html.Append($"<{tag}{(kind == ColumnKind.RowHeader ? " scope=\"row\"" : "")}{(kind == ColumnKind.Text && cell.Text.Length > 40 ? " class=\"long\"" : Class(kind))}>{Svg.Text(cell.Text)}");
        if (cell.Note >= 0) html.Append($"<sup>{Format.Mark(cell.Note)}</sup>");
        if (cell.Aside.Length > 0) html.Append($" <small>({Svg.Text(cell.Aside)})</small>");
        html.Append($"</{tag}>");
    }

    private static string Class(ColumnKind kind) => kind is ColumnKind.Number or ColumnKind.Estimate ? " class=\"n\"" : "";
}
