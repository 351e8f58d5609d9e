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
    /// <summary>Characters from edge to edge with two blanks between columns.</summary>
    public int Width =>
        Enumerable.Range(0, Headers.Count).Sum(c => Math.Max(Headers[c].Length, Rows.Count == 0 ? 0 : Rows.Max(r => r[c].Length)))
        + 2 * (Headers.Count - 1);
}
