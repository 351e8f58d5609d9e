using System.Text;
using Rouser.Reports.Figures;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Documents;

/// <summary>Writes a document as GitHub-flavoured Markdown, its figures as SVG files beside it.</summary>
internal static class MarkdownRenderer
{
    /// <summary>The file's text, lines ending in <c>\n</c>.</summary>
    public static string Render(Document document)
    {
        StringBuilder text = new($"# {Escape(document.Title)}\n");
        Append(text, document.Blocks);
        return text.ToString();
    }

    private static void Append(StringBuilder text, IReadOnlyList<Block> blocks)
    {
        foreach (Block block in blocks)
        {
            text.Append('\n');
            switch (block)
            {
                case Heading h:
                    text.Append(h.Level == 2 ? "## " : "### ").Append(Escape(h.Text)).Append('\n');
                    break;
                case Paragraph p:
                    text.Append(Escape(p.Text))
                        .Append(p.Link is var (id, words) ? $" [{Escape(words)}](#{id})" : "")
                        .Append('\n');
                    break;
                case Fold f:
                    text.Append($"<details><summary>{Escape(f.Summary)}</summary>\n");
                    Append(text, f.Blocks);
                    text.Append("\n</details>\n");
                    break;
                case Warning w:
                    text.Append("> **")
                        .Append(Lead(w.Text))
                        .Append("**")
                        .Append(Escape(w.Text[Lead(w.Text).Length..]))
                        .Append('\n');
                    break;
                case Bullets b:
                    foreach ((string lead, string rest) in b.Items)
                        text.Append(
                            $"- {(b.IsLinked ? $"<a id=\"{Bullets.Anchor(lead)}\"></a>" : "")}**{Escape(lead)}** {Escape(rest)}\n"
                        );
                    break;
                case FigureBlock f:
                    Append(text, f.Figure);
                    break;
                case TableBlock { Fold: { } fold } t:
                    text.Append($"{Escape(fold)}: [{t.Table.Id}.csv]({Document.TablesFolder}/{t.Table.Id}.csv).\n");
                    break;
                case TableBlock t:
                    Append(text, t.Table);
                    break;
                default:
                    throw new InvalidOperationException($"No Markdown for a {block.GetType().Name}.");
            }
        }
    }

    private static void Append(StringBuilder text, Figure figure)
    {
        text.Append($"![{Escape(figure.Title)}]({Document.FiguresFolder}/{figure.Id}.svg)\n\n");
        text.Append($"*{Escape(figure.Caption)}* ([CSV]({Document.FiguresFolder}/{figure.Id}.csv))\n");
    }

    private static void Append(StringBuilder text, ReportTable table)
    {
        text.Append($"*{Escape(table.Caption)}* ([CSV]({Document.TablesFolder}/{table.Id}.csv))\n\n");
        foreach (ReportColumn column in table.Columns)
            text.Append("| ")
                .Append(Escape(column.Group.Length == 0 ? column.Header : $"{column.Group}: {column.Header}"))
                .Append(' ');
        text.Append("|\n");
        foreach (ReportColumn column in table.Columns)
            text.Append(column.Kind is ColumnKind.RowHeader or ColumnKind.Text ? "|:--" : "|--:");
        text.Append("|\n");
        foreach (IReadOnlyList<ReportCell> row in table.Rows)
        {
            foreach (ReportCell cell in row)
                text.Append("| ").Append(Cell(cell)).Append(' ');
            text.Append("|\n");
        }
        for (int i = 0; i < table.Notes.Count; i++)
            text.Append($"\n<sup>{Format.Mark(i)}</sup> {Escape(table.Notes[i])}\n");
    }

    private static string Cell(ReportCell cell) =>
        Escape(cell.Text)
        + (cell.Note < 0 ? "" : $" <sup>{Format.Mark(cell.Note)}</sup>")
        + (cell.Aside.Length == 0 ? "" : $" ({Escape(cell.Aside)})");

    private static string Lead(string text) => text[..(text.IndexOf('.', StringComparison.Ordinal) + 1)];

    // An underscore inside a word (lr_Th) means nothing to GitHub's Markdown, so it stays as it is.
    private static string Escape(string text)
    {
        StringBuilder escaped = new();
        foreach (char c in text)
        {
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '|' or '*' or '`' or '[' or ']' or '\\' => escaped.Append('\\').Append(c),
                '\n' or '\r' or '\t' => escaped.Append(' '),
                < ' ' => escaped,
                _ => escaped.Append(c),
            };
        }
        return escaped.ToString();
    }
}
