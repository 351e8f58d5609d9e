using System.Text;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Documents;

/// <summary>
/// Writes a table as LaTeX floats in the style of booktabs. <see cref="LatexLayout"/> says what stands where, so that
/// no box is overfull in an article of one column or two.
/// </summary>
internal static class LatexRenderer
{
    /// <summary>What sets a part of a table apart; the number is how many of its columns name the row again.</summary>
    public const string NextPart = "% Next part; columns that name the row again: ";

    /// <summary>What stands before further rows of a part.</summary>
    public const string MoreRows = "% More rows of the same part.";

    // TeX holds so many floats at least before it has to place one.
    private const int MostFloats = 15;

    /// <summary>
    /// The file's text, lines ending in <c>\n</c>: each row on a line of its own, which ends in <c>\\</c>.
    /// </summary>
    public static string Render(ReportTable table) => Render(table, LatexSelection.All);

    /// <summary>The same with some of its columns.</summary>
    public static string Render(ReportTable all, LatexSelection selection)
    {
        ReportTable table = selection.Of(all);
        int? n = selection.Seeds == LatexSeeds.Once ? table.CommonN : null;
        string caption = table.CaptionWith(n);
        LatexLayout layout = LatexLayout.Of(table, caption, n);
        string environment = layout.IsWide ? "table*" : "table";
        bool hasParagraphs = layout.Floats.SelectMany(f => f).SelectMany(b => b.Columns).Any(c => c.Paragraph is not null);
        StringBuilder text = new($"% Needs \\usepackage{{{(hasParagraphs ? "array,booktabs" : "booktabs")}}}.\n");
        LatexBlock? last = null;
        for (int i = 0; i < layout.Floats.Count; i++)
        {
            if (i > 0 && i % MostFloats == 0)
                text.Append("\\clearpage\n");
            // \sloppy, because a caption may hold names that TeX cannot hyphenate.
            text.Append($"\\begin{{{environment}}}\n\\centering\\sloppy\n");
            if (i > 0)
                text.Append("\\addtocounter{table}{-1}\n\\caption{(continued)}\n");
            else
                text.Append($"\\caption{{{LatexText.Escape(caption)}}}\n\\label{{tab:{table.Id}}}\n");
            text.Append($"\\{layout.Size.Name}\\setlength{{\\tabcolsep}}{{{Format.Exact(LatexLayout.Separation)}pt}}\n");
            foreach (LatexBlock block in layout.Floats[i])
            {
                if (block != layout.Floats[i][0])
                    text.Append("\\par\\medskip\n");
                if (last is not null)
                    text.Append(last.Columns == block.Columns ? MoreRows : $"{NextPart}{layout.Headers}").Append('\n');
                Append(text, table, layout, block, n);
                last = block;
            }
            AppendNotes(text, table, layout.Floats[i]);
            text.Append($"\\end{{{environment}}}\n");
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, ReportTable table, LatexLayout layout, LatexBlock block, int? n)
    {
        string alignment = string.Concat(block.Columns.Select(c => Alignment(table, c)));
        text.Append($"\\begin{{tabular}}{{@{{}}{alignment}@{{}}}}\n\\toprule\n");
        AppendHeader(text, table, layout, block.Columns, n);
        text.Append("\\midrule\n");
        for (int r = block.First; r < block.First + block.Count; r++)
        {
            if (table.StartsGroup(r) && r > block.First)
                text.Append("\\addlinespace\n");
            text.AppendJoin(" & ", block.Columns.Select(c => Cell(table.Rows[r][c.Index], c, layout.Size, n))).Append(" \\\\\n");
        }
        text.Append("\\bottomrule\n\\end{tabular}\n");
    }

    private static void AppendHeader(
        StringBuilder text,
        ReportTable table,
        LatexLayout layout,
        IReadOnlyList<LatexColumn> columns,
        int? n
    )
    {
        List<string> groups = [],
            rules = [];
        int place = 1;
        foreach ((string group, LatexColumn[] own) in LatexLayout.Groups(table, columns))
        {
            groups.Add(
                group.Length == 0
                    ? ""
                    : $"\\multicolumn{{{own.Length}}}{{c}}{{{Stack(layout.Heading(table, group, own, n), "")}}}"
            );
            if (group.Length > 0)
                rules.Add($"\\cmidrule(lr){{{place}-{place + own.Length - 1}}}");
            place += own.Length;
        }
        if (rules.Count > 0)
            text.AppendJoin(" & ", groups).Append(" \\\\\n").AppendJoin(' ', rules).Append('\n');
        text.AppendJoin(
                " & ",
                columns.Select(c =>
                    c.Paragraph is null
                        ? Stack(c.Header, IsNumber(table, c) ? "[r]" : "[l]")
                        : string.Join(' ', c.Header.Select(LatexText.Escape))
                )
            )
            .Append(" \\\\\n");
    }

    private static void AppendNotes(StringBuilder text, ReportTable table, IReadOnlyList<LatexBlock> blocks)
    {
        IEnumerable<int> used = blocks
            .SelectMany(b => table.Rows.Skip(b.First).Take(b.Count).SelectMany(row => b.Columns.Select(c => row[c.Index].Note)))
            .Where(note => note >= 0)
            .Distinct()
            .Order();
        foreach (int note in used)
            text.Append(
                $"\n{{\\raggedright\\textsuperscript{{{Format.Mark(note)}}} {LatexText.Escape(table.Notes[note])}\\par}}\n"
            );
    }

    private static bool IsNumber(ReportTable table, LatexColumn column) =>
        table.Columns[column.Index].Kind is ColumnKind.Number or ColumnKind.Estimate;

    private static string Alignment(ReportTable table, LatexColumn column) =>
        column.Paragraph is { } width ? $">{{\\raggedright\\arraybackslash}}p{{{Format.Exact(width)}pt}}"
        : IsNumber(table, column) ? "r"
        : "l";

    private static string Stack(IReadOnlyList<string> lines, string place) =>
        lines.Count == 1
            ? LatexText.Escape(lines[0])
            : $"\\shortstack{place}{{{string.Join(@"\\", lines.Select(LatexText.Escape))}}}";

    private static string Cell(ReportCell cell, LatexColumn column, TypeSize size, int? n) =>
        Text(cell.Text, column, size)
        + (cell.Note < 0 ? "" : $"\\textsuperscript{{{Format.Mark(cell.Note)}}}")
        + (cell.AsideBeside(n) is { Length: > 0 } aside ? $" ({Text(aside, column, size)})" : "");

    // A digest or a path has no place to break at.
    private static string Text(string text, LatexColumn column, TypeSize size) =>
        column.Paragraph is not { } width
            ? LatexText.Escape(text)
            : string.Join(
                ' ',
                text.Split(' ')
                    .Select(word =>
                        string.Join("\\allowbreak{}", LatexMetrics.Pieces(word, width - 4, size).Select(LatexText.Escape))
                    )
            );
}
