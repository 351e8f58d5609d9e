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
    /// <summary>Characters from edge to edge with two blanks between columns and one at either edge.</summary>
    public int Width =>
        Enumerable.Range(0, Headers.Count).Sum(c => Math.Max(Headers[c].Length, Rows.Count == 0 ? 0 : Rows.Max(r => r[c].Length)))
        + 2 * (Headers.Count - 1)
        + 2;

    /// <summary>The table without columns from the right, but those that name its rows, until it fits.</summary>
    /// <param name="width">Columns of the terminal.</param>
    public TextTable Narrowed(int width)
    {
        TextTable table = this;
        while (table.Width > width && table.Headers.Count > 2 && table.RightAligned[^1])
            table = table with
            {
                Headers = [.. table.Headers.SkipLast(1)],
                RightAligned = [.. table.RightAligned.SkipLast(1)],
                Rows = [.. table.Rows.Select(IReadOnlyList<string> (row) => [.. row.SkipLast(1)])],
            };
        int left = Headers.Count - table.Headers.Count;
        return left == 0
            ? table
            : table with
            {
                Notes = [.. table.Notes, $"Not shown for want of room: {string.Join(", ", Headers.TakeLast(left))}."],
            };
    }

    /// <summary>The same with its notes broken between words.</summary>
    /// <param name="width">Columns of the terminal.</param>
    public TextTable Wrapped(int width) => this with { Notes = [.. Notes.SelectMany(note => ConsoleAnswer.Wrap(note, width))] };
}
