using Rouser.Reports.Tables;

namespace Rouser.Reports.Terminal;

/// <summary>A table for the console, as plain data.</summary>
/// <param name="Title">A line above it.</param>
/// <param name="Headers">One per column.</param>
/// <param name="RightAligned">Whether a column's cells end flush: numbers do.</param>
/// <param name="Rows">As many cells each as there are headers.</param>
/// <param name="Notes">Lines below it.</param>
public sealed record TextTable(
    string Title,
    IReadOnlyList<string> Headers,
    IReadOnlyList<bool> RightAligned,
    IReadOnlyList<IReadOnlyList<string>> Rows,
    IReadOnlyList<string> Notes
)
{
    // A name that is cut to fewer characters says nothing.
    private const int ShortestName = 8;

    /// <summary>Characters from edge to edge: one blank before, two between columns.</summary>
    public int Width => 1 + Widths().Sum() + 2 * (Headers.Count - 1);

    /// <summary>
    /// The table with long names cut in the middle, since names often begin and end differently; then without columns
    /// from the right, but those that name its rows, until it fits; then with names cut to what is left.
    /// </summary>
    /// <param name="width">Columns of the terminal.</param>
    private TextTable Narrowed(int width)
    {
        // A name that takes more than half of the terminal would take the numbers' room.
        TextTable table = WithNamesCut(width, Math.Max(ShortestName, width / 2));
        while (table.Width > width && table.Headers.Count > 2 && table.RightAligned[^1])
            table = table with
            {
                Headers = [.. table.Headers.SkipLast(1)],
                RightAligned = [.. table.RightAligned.SkipLast(1)],
                Rows = [.. table.Rows.Select(IReadOnlyList<string> (row) => [.. row.SkipLast(1)])],
            };
        int left = Headers.Count - table.Headers.Count;
        if (left > 0)
            table = table with
            {
                Notes = [.. table.Notes, $"Not shown for want of room: {string.Join(", ", Headers.TakeLast(left))}."],
            };
        return table.WithNamesCut(width, ShortestName);
    }

    // No shorter than that, and no shorter than is needed.
    private TextTable WithNamesCut(int width, int shortest)
    {
        TextTable table = this;
        while (table.Width > width && table.LongestName(shortest) is { } column)
        {
            int most = Math.Max(shortest, table.Widths()[column] - (table.Width - width));
            table = table with
            {
                Rows =
                [
                    .. table.Rows.Select(
                        IReadOnlyList<string> (row) => [.. row.Select((cell, c) => c == column ? Cut(cell, most) : cell)]
                    ),
                ],
            };
        }
        return table;
    }

    /// <summary>
    /// What stands on the terminal: title, headers, rows and notes. No word is broken, and no line is longer than the
    /// terminal.
    /// </summary>
    /// <param name="width">Columns of the terminal.</param>
    public IEnumerable<string> Lines(int width) => Narrowed(width).Drawn(width);

    private IEnumerable<string> Drawn(int width)
    {
        int[] widths = Widths();
        return
        [
            .. Format.Wrap(Title, width),
            "",
            Line(Headers, widths),
            " " + new string('─', Width - 1),
            .. Rows.Select(row => Line(row, widths)),
            "",
            .. Notes.SelectMany(note => Format.Wrap(note, width)),
        ];
    }

    private string Line(IReadOnlyList<string> cells, int[] widths) =>
        (
            " "
            + string.Join("  ", cells.Select((cell, c) => RightAligned[c] ? cell.PadLeft(widths[c]) : cell.PadRight(widths[c])))
        ).TrimEnd();

    private int[] Widths() =>
        [.. Headers.Select((header, c) => Math.Max(header.Length, Rows.Select(row => row[c].Length).DefaultIfEmpty(0).Max()))];

    // The column of names that can best do with less; null where all are short.
    private int? LongestName(int shortest)
    {
        int[] widths = Widths(),
            names =

            [
                .. Enumerable
                    .Range(0, Headers.Count)
                    .Where(c => !RightAligned[c] && widths[c] > Math.Max(shortest, Headers[c].Length)),
            ];
        return names.Length == 0 ? null : names.MaxBy(c => widths[c]);
    }

    /// <summary>A name in at most so many characters: its beginning and its end.</summary>
    public static string Cut(string text, int most) =>
        text.Length <= most ? text : $"{text[..((most - 1) / 2)]}…{text[^(most / 2)..]}";
}
