using Rouser.Reports.Tables;

namespace Rouser.Reports.Terminal;

/// <summary>A table for the console, as plain data.</summary>
/// <param name="Title">A line above it.</param>
/// <param name="Headers">One per column.</param>
/// <param name="RightAligned">Whether a column's cells end flush: numbers do.</param>
/// <param name="Rows">As many cells each as there are headers.</param>
/// <param name="Notes">Lines below it.</param>
public sealed record TextTable(
    string Title, IReadOnlyList<string> Headers, IReadOnlyList<bool> RightAligned, IReadOnlyList<IReadOnlyList<string>> Rows, IReadOnlyList<string> Notes)
{
    /// <summary>Characters from edge to edge with two blanks between columns.</summary>
    public int Width => Enumerable.Range(0, Headers.Count).Sum(c => Math.Max(Headers[c].Length, Rows.Count == 0 ? 0 : Rows.Max(r => r[c].Length))) + 2 * (Headers.Count - 1);

    /// <summary>A table of a document, its footnotes below it.</summary>
    internal static TextTable Of(ReportTable table) => new(
        table.Caption,
        [.. table.Columns.Select(c => c.Group.Length == 0 ? c.Header : $"{c.Group}: {c.Header}")],
        [.. table.Columns.Select(c => c.Kind is ColumnKind.Number or ColumnKind.Estimate)],
        [.. table.Rows.Select(IReadOnlyList<string> (row) => [.. row.Select(c => c.Note < 0 ? c.Text : $"{c.Text} [{Format.Mark(c.Note)}]")])],
        [.. table.Notes.Select((note, i) => $"[{Format.Mark(i)}] {note}")]);
}
