using System.Text;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Documents;

/// <summary>
/// Writes a table as a LaTeX float in the style of booktabs, the only package that it needs: in one column of a two-column
/// page where it fits, else over both; in type no smaller than it has to be. Columns that do not fit side by side even
/// then stand in parts below each other, each with the names of the rows.
/// </summary>
internal static class LatexRenderer
{
    /// <summary>What sets a part of a table apart; the number is how many of its columns name the row again.</summary>
    public const string NextPart = "% Next part; columns that name the row again: ";

    // A column of longer texts than this is set as a paragraph, or it would run out of the page.
    private const int LongText = 40;

    // Points of the article class at 10 pt: a column of two, and the text of a page of one column, which is the narrower.
    private const double ColumnWidth = 228,
        PageWidth = 342;

    private const double Separation = 3;

    /// <summary>
    /// The file's text, lines ending in <c>\n</c>: each row on a line of its own, which ends in <c>\\</c>.
    /// </summary>
    public static string Render(ReportTable table)
    {
        int? n = CommonN(table);
        Layout layout = Layout.Of(table, n);
        string environment = layout.IsWide ? "table*" : "table";
        StringBuilder text = new($"% Needs \\usepackage{{booktabs}}.\n\\begin{{{environment}}}\n\\centering\n");
        string everywhere = n is { } seeds ? $" Everywhere n = {seeds}." : "";
        text.Append($"\\caption{{{LatexText.Escape(table.Caption + everywhere)}}}\n\\label{{tab:{table.Id}}}\n");
        text.Append($"\\{layout.Size.Name}\\setlength{{\\tabcolsep}}{{{Format.Exact(Separation)}pt}}\n");
        for (int part = 0; part < layout.Parts.Count; part++)
        {
            if (part > 0)
                text.Append($"\\par\\medskip\n{NextPart}{layout.Headers}\n");
            Append(text, table, layout, layout.Parts[part], n);
        }
        for (int i = 0; i < table.Notes.Count; i++)
            text.Append($"\n{{\\raggedright\\textsuperscript{{{Format.Mark(i)}}} {LatexText.Escape(table.Notes[i])}\\par}}\n");
        return text.Append($"\\end{{{environment}}}\n").ToString();
    }

    private static void Append(StringBuilder text, ReportTable table, Layout layout, IReadOnlyList<int> columns, int? n)
    {
        text.Append($"\\begin{{tabular}}{{@{{}}{string.Concat(columns.Select(layout.Alignment))}@{{}}}}\n\\toprule\n");
        AppendHeader(text, [.. columns.Select(c => table.Columns[c])]);
        text.Append("\\midrule\n");
        for (int r = 0; r < table.Rows.Count; r++)
        {
            if (table.StartsGroup(r))
                text.Append("\\addlinespace\n");
            text.AppendJoin(" & ", columns.Select(c => Cell(table.Rows[r][c], n))).Append(" \\\\\n");
        }
        text.Append("\\bottomrule\n\\end{tabular}\n");
    }

    private static void AppendHeader(StringBuilder text, ReportColumn[] columns)
    {
        List<string> groups = [],
            rules = [];
        for (int c = 0; c < columns.Length; )
        {
            string group = columns[c].Group;
            int span = 1;
            while (group.Length > 0 && c + span < columns.Length && columns[c + span].Group == group)
                span++;
            groups.Add(group.Length == 0 ? "" : $"\\multicolumn{{{span}}}{{c}}{{{LatexText.Escape(group)}}}");
            if (group.Length > 0)
                rules.Add($"\\cmidrule(lr){{{c + 1}-{c + span}}}");
            c += span;
        }
        if (rules.Count > 0)
            text.AppendJoin(" & ", groups).Append(" \\\\\n").AppendJoin(' ', rules).Append('\n');
        text.AppendJoin(" & ", columns.Select(c => LatexText.Escape(c.Header))).Append(" \\\\\n");
    }

    // Where all estimates have the same n, the caption says it once.
    private static int? CommonN(ReportTable table)
    {
        int[] counts =
        [
            .. table
                .Rows.SelectMany(r => r)
                .Where(c => c.Aside.StartsWith("n=", StringComparison.Ordinal))
                .Select(c => c.Value!.Value.N)
                .Distinct(),
        ];
        return counts.Length == 1 ? counts[0] : null;
    }

    private static string Aside(ReportCell cell, int? n) => cell.Aside == $"n={n}" ? "" : cell.Aside;

    private static string Cell(ReportCell cell, int? n) =>
        LatexText.Escape(cell.Text)
        + (cell.Note < 0 ? "" : $"\\textsuperscript{{{Format.Mark(cell.Note)}}}")
        + (Aside(cell, n) is { Length: > 0 } aside ? $" ({LatexText.Escape(aside)})" : "");

    /// <summary>A size of type, and how many points a character of it takes on average.</summary>
    private readonly record struct TypeSize(string Name, double Character);

    /// <summary>How a table is laid out.</summary>
    /// <param name="IsWide">Whether it goes over both columns of a page of two.</param>
    /// <param name="Size">Its type.</param>
    /// <param name="Headers">Columns that name a row.</param>
    /// <param name="Parts">The columns of each part.</param>
    /// <param name="Paragraphs">The width in points of each column that is set as a paragraph.</param>
    /// <param name="Table">The table.</param>
    private sealed record Layout(
        bool IsWide,
        TypeSize Size,
        int Headers,
        IReadOnlyList<IReadOnlyList<int>> Parts,
        IReadOnlyDictionary<int, double> Paragraphs,
        ReportTable Table
    )
    {
        private static readonly TypeSize[] Sizes = [new("small", 5.1), new("footnotesize", 4.6), new("scriptsize", 4.1)];

        public static Layout Of(ReportTable table, int? n)
        {
            int[] lengths = [.. table.Columns.Select((column, i) => Length(table, column, i, n))];
            int[] all = [.. Enumerable.Range(0, lengths.Length)],
                longs = [.. all.Where(c => lengths[c] > LongText)];
            int headers = table.Columns.TakeWhile(c => c.Kind == ColumnKind.RowHeader).Count();
            if (longs.Length == 0)
            {
                foreach ((double width, bool isWide) in ((double, bool)[])[(ColumnWidth, false), (PageWidth, true)])
                {
                    foreach (TypeSize size in Sizes)
                    {
                        if (Width(all, size) <= width)
                            return new(isWide, size, headers, [all], new Dictionary<int, double>(), table);
                    }
                }
            }
            TypeSize smallest = Sizes[^1];
            double taken = Width([.. all.Except(longs)], smallest);
            double each = Math.Max(60, (PageWidth - taken) / Math.Max(1, longs.Length) - 2 * Separation);
            Dictionary<int, double> paragraphs = longs.ToDictionary(c => c, _ => Math.Floor(each));
            return new(true, smallest, headers, Split(smallest, paragraphs), paragraphs, table);

            double Width(IReadOnlyList<int> columns, TypeSize size) =>
                columns.Sum(c => lengths[c] * size.Character + 2 * Separation);

            // As many columns as fit beside those that name the rows; at least one.
            List<IReadOnlyList<int>> Split(TypeSize size, Dictionary<int, double> set)
            {
                List<IReadOnlyList<int>> parts = [];
                List<int> part = [.. all.Take(headers)];
                double names = part.Sum(Points),
                    used = names;
                foreach (int c in all.Skip(headers))
                {
                    if (used + Points(c) > PageWidth && part.Count > headers)
                    {
                        parts.Add(part);
                        (part, used) = ([.. all.Take(headers)], names);
                    }
                    part.Add(c);
                    used += Points(c);
                }
                parts.Add(part);
                return parts;

                double Points(int c) => (set.TryGetValue(c, out double w) ? w : lengths[c] * size.Character) + 2 * Separation;
            }
        }

        public string Alignment(int column) =>
            Paragraphs.TryGetValue(column, out double width) ? $"p{{{Format.Exact(width)}pt}}"
            : Table.Columns[column].Kind is ColumnKind.Number or ColumnKind.Estimate ? "r"
            : "l";

        private static int Length(ReportTable table, ReportColumn column, int index, int? n)
        {
            int span = table.Columns.Count(c => c.Group.Length > 0 && c.Group == column.Group),
                header = Math.Max(column.Header.Length, span == 0 ? 0 : (column.Group.Length + span - 1) / span);
            return table.Rows.Select(r => Written(r[index], n)).DefaultIfEmpty(0).Max() is var longest && longest > header
                ? longest
                : header;
        }

        private static int Written(ReportCell cell, int? n) =>
            cell.Text.Length + (cell.Note < 0 ? 0 : 1) + (Aside(cell, n) is { Length: > 0 } aside ? aside.Length + 3 : 0);
    }
}
