using Rouser.Reports.Tables;

namespace Rouser.Reports.Documents;

/// <summary>A column of a table as it is set in LaTeX.</summary>
/// <param name="Index">Its place in the table.</param>
/// <param name="Header">The lines of its header.</param>
/// <param name="Paragraph">Its width in points if its cells are paragraphs; null if each is one line.</param>
internal sealed record LatexColumn(int Index, IReadOnlyList<string> Header, double? Paragraph);

/// <summary>Rows of some columns: what stands in one <c>tabular</c>.</summary>
/// <param name="Columns">The columns, those that name the rows first.</param>
/// <param name="First">The first row.</param>
/// <param name="Count">How many rows.</param>
internal sealed record LatexBlock(IReadOnlyList<LatexColumn> Columns, int First, int Count);

/// <summary>
/// How a table is laid out on paper: in one column of a page of two where it fits, else over both; in type no smaller
/// than it has to be; texts as paragraphs before numbers are taken apart. Columns that do not fit side by side even
/// then stand in parts below each other, each with the names of the rows, and rows that do not fit on a page go on in
/// another float.
/// </summary>
/// <param name="IsWide">Whether it goes over both columns of a page of two.</param>
/// <param name="Size">Its type.</param>
/// <param name="Headers">Columns that name a row.</param>
/// <param name="Floats">The blocks of each float.</param>
internal sealed record LatexLayout(bool IsWide, TypeSize Size, int Headers, IReadOnlyList<IReadOnlyList<LatexBlock>> Floats)
{
    /// <summary>Points between two columns, on either side of the gap.</summary>
    public const double Separation = 3;

    // Points of the article class at 10 pt: a column of two on A4; the text of a page of one column; the text's height
    // on letter paper less the rules of a table. The smaller of the two papers each.
    private const double ColumnWidth = 220,
        PageWidth = 344,
        PageHeight = 510;

    // A paragraph narrower than this is a ladder of single words; a header may ask for more, to keep a word whole.
    private const double NarrowestParagraph = 48,
        LongestHeaderWord = 120;

    /// <summary>Lays a table out.</summary>
    /// <param name="table">The table.</param>
    /// <param name="caption">What stands above it.</param>
    /// <param name="n">What the caption says for all cells, so that they do not; null for nothing.</param>
    public static LatexLayout Of(ReportTable table, string caption, int? n)
    {
        int headers = table.Columns.TakeWhile(c => c.Kind == ColumnKind.RowHeader).Count();
        int[] all = [.. Enumerable.Range(0, table.Columns.Count)];
        foreach ((double width, bool isWide) in ((double, bool)[])[(ColumnWidth, false), (PageWidth, true)])
        {
            foreach (TypeSize size in LatexMetrics.Sizes)
            {
                LatexColumn[] columns = [.. all.Select(c => Natural(table, c, n, size))];
                if (Width(table, columns, n, size) <= width)
                    return Paged(table, caption, isWide, size, headers, [columns], n, width);
            }
        }
        foreach (TypeSize size in LatexMetrics.Sizes)
        {
            if (Fitted(table, all, n, size, PageWidth) is { } columns)
                return Paged(table, caption, true, size, headers, [columns], n, PageWidth);
        }
        TypeSize smallest = LatexMetrics.Sizes[^1];
        return Paged(table, caption, true, smallest, headers, Parts(table, headers, n, smallest), n, PageWidth);
    }

    private static LatexColumn Natural(ReportTable table, int index, int? n, TypeSize size)
    {
        string header = table.Columns[index].Header;
        return new(index, WrapHeader(header, CellWidth(table, index, n, size), size), null);
    }

    private static IReadOnlyList<string> WrapHeader(string header, double width, TypeSize size) =>
        LatexMetrics.Wrap(header, Math.Max(width, WordOf(header, size)) + 0.01, size);

    // What a header asks for: its longest word, if that is no monster.
    private static double WordOf(string header, TypeSize size) =>
        Math.Min(LatexMetrics.LongestWord(header, size), LongestHeaderWord);

    private static double CellWidth(ReportTable table, int index, int? n, TypeSize size) =>
        table.Rows.Select(row => Width(row[index], n, size)).DefaultIfEmpty(0).Max();

    /// <summary>Points of a column without what separates it.</summary>
    private static double Width(ReportTable table, LatexColumn column, int? n, TypeSize size) =>
        column.Paragraph
        ?? Math.Max(CellWidth(table, column.Index, n, size), column.Header.Max(line => LatexMetrics.Width(line, size)));

    // A heading over several columns may be wider than they are together.
    private static double Width(ReportTable table, IReadOnlyList<LatexColumn> columns, int? n, TypeSize size)
    {
        double sum = -2 * Separation;
        foreach ((string group, LatexColumn[] own) in Groups(table, columns))
        {
            double inside = own.Sum(c => Width(table, c, n, size) + 2 * Separation),
                heading = WrapHeader(group, inside - 2 * Separation, size).Max(line => LatexMetrics.Width(line, size));
            sum += Math.Max(inside, heading + 2 * Separation);
        }
        return sum;
    }

    /// <summary>Neighbours that share a heading, each of the others by itself under an empty one.</summary>
    public static IEnumerable<(string Group, LatexColumn[] Columns)> Groups(ReportTable table, IReadOnlyList<LatexColumn> columns)
    {
        for (int c = 0; c < columns.Count; )
        {
            string group = table.Columns[columns[c].Index].Group;
            int span = 1;
            while (group.Length > 0 && c + span < columns.Count && table.Columns[columns[c + span].Index].Group == group)
                span++;
            yield return (group, [.. columns.Skip(c).Take(span)]);
            c += span;
        }
    }

    /// <summary>The heading over columns, in lines no wider than they are together.</summary>
    public IReadOnlyList<string> Heading(ReportTable table, string group, IReadOnlyList<LatexColumn> columns, int? n) =>
        WrapHeader(group, columns.Sum(c => Width(table, c, n, Size) + 2 * Separation) - 2 * Separation, Size);

    // Texts get as much room each as is left, those that need less get what they need; null where that is too little.
    private static LatexColumn[]? Fitted(ReportTable table, IReadOnlyList<int> indices, int? n, TypeSize size, double width)
    {
        LatexColumn[] columns = [.. indices.Select(c => Natural(table, c, n, size))];
        LatexColumn[] texts =
        [
            .. columns
                .Where(c => table.Columns[c.Index].Kind is ColumnKind.RowHeader or ColumnKind.Text)
                .OrderBy(c => Width(table, c, n, size)),
        ];
        double room = width - (Width(table, columns, n, size) - texts.Sum(c => Width(table, c, n, size)));
        for (int i = 0; i < texts.Length; i++)
        {
            double share = Math.Floor(room / (texts.Length - i)),
                needed = Width(table, texts[i], n, size);
            if (needed > share)
            {
                if (share < texts[i..].Max(c => Math.Max(NarrowestParagraph, WordOf(table.Columns[c.Index].Header, size))))
                    return null;
                HashSet<int> paragraphs = [.. texts[i..].Select(c => c.Index)];
                return [.. columns.Select(c => paragraphs.Contains(c.Index) ? AsParagraph(table, c.Index, share, size) : c)];
            }
            room -= needed;
        }
        return Width(table, columns, n, size) <= width ? columns : null;
    }

    private static LatexColumn AsParagraph(ReportTable table, int index, double width, TypeSize size) =>
        new(index, LatexMetrics.Wrap(table.Columns[index].Header, width, size), width);

    // As many columns as fit beside those that name the rows, which take half of the width at most; at least one.
    private static List<IReadOnlyList<LatexColumn>> Parts(ReportTable table, int headers, int? n, TypeSize size)
    {
        int[] names = [.. Enumerable.Range(0, headers)];
        LatexColumn[] naming =
            Fitted(table, names, n, size, PageWidth / 2)
            ?? [.. names.Select(c => AsParagraph(table, c, Math.Floor(PageWidth / 2 / headers - 2 * Separation), size))];
        double left = PageWidth - Width(table, naming, n, size) - 2 * Separation;
        List<IReadOnlyList<LatexColumn>> parts = [];
        List<LatexColumn> part = [.. naming];
        foreach (int index in Enumerable.Range(headers, table.Columns.Count - headers))
        {
            LatexColumn column = Natural(table, index, n, size);
            if (Width(table, column, n, size) > left)
                column = AsParagraph(table, index, Math.Floor(left), size);
            if (part.Count > headers && Width(table, [.. part, column], n, size) > PageWidth)
            {
                parts.Add(part);
                part = [.. naming];
            }
            part.Add(column);
        }
        parts.Add(part);
        return parts;
    }

    // Parts below each other as long as they fit on a page.
    private static LatexLayout Paged(
        ReportTable table,
        string caption,
        bool isWide,
        TypeSize size,
        int headers,
        IReadOnlyList<IReadOnlyList<LatexColumn>> parts,
        int? n,
        double width
    )
    {
        List<List<LatexBlock>> floats =
        [
            [],
        ];
        double captionHeight =
                22 + LatexMetrics.Normal.Line * LatexMetrics.Lines($"Table 100: {caption}", width, LatexMetrics.Normal),
            notes = table.Notes.Sum(note => size.Line * LatexMetrics.Lines($"aa {note}", width, size)),
            left = PageHeight - captionHeight - notes;
        foreach (IReadOnlyList<LatexColumn> columns in parts)
        {
            double head = 24 + size.Line * (columns.Max(c => c.Header.Count) + 2);
            double[] rows = [.. Enumerable.Range(0, table.Rows.Count).Select(r => RowHeight(table, r, columns, size, n))];
            // A part that fits on a page of its own is not torn apart to fill the one before.
            if (floats[^1].Count > 0 && head + rows.Sum() > left)
                Turn();
            int first = 0;
            do
            {
                int end = first;
                for (left -= head; end < rows.Length && (end == first || rows[end] <= left); end++)
                    left -= rows[end];
                floats[^1].Add(new(columns, first, end - first));
                first = end;
                if (first < rows.Length)
                    Turn();
            } while (first < rows.Length);
        }
        return new(isWide, size, headers, floats);

        void Turn()
        {
            floats.Add([]);
            left = PageHeight - 34 - notes;
        }
    }

    private static double RowHeight(ReportTable table, int row, IReadOnlyList<LatexColumn> columns, TypeSize size, int? n) =>
        (table.StartsGroup(row) ? size.Line / 2 : 0)
        + size.Line
            * columns.Max(c =>
                c.Paragraph is { } width ? LatexMetrics.Lines(Written(table.Rows[row][c.Index], n), width, size) + 0.3 : 1
            );

    private static double Width(ReportCell cell, int? n, TypeSize size) =>
        LatexMetrics.Width(Written(cell, n), size) + (cell.Note < 0 ? 0 : LatexMetrics.MarkWidth(Format.Mark(cell.Note), size));

    private static string Written(ReportCell cell, int? n) =>
        cell.AsideBeside(n) is { Length: > 0 } aside ? $"{cell.Text} ({aside})" : cell.Text;
}
