using System.Text;
using Rouser.Reports.Figures;
using Rouser.Reports.Statistics;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Documents;

/// <summary>
/// Writes tables, and the numbers that figures draw, as CSV (RFC 4180, lines ending in <c>\n</c>, UTF-8) with all
/// their digits.
/// </summary>
internal static class CsvText
{
    /// <summary>
    /// An estimate takes five columns: value, lower and upper end of the 95 % interval, what kind of interval, n. A
    /// cell without a number is empty; the column <c>notes</c> says why.
    /// </summary>
    public static string Render(ReportTable table)
    {
        StringBuilder text = new();
        List<string> header = [];
        foreach (ReportColumn column in table.Columns)
        {
            header.Add(column.Key);
            if (column.Kind == ColumnKind.Estimate)
                header.AddRange([$"{column.Key}_low", $"{column.Key}_high", $"{column.Key}_interval", $"{column.Key}_n"]);
        }
        Append(text, [.. header, "notes"]);
        foreach (IReadOnlyList<ReportCell> row in table.Rows)
            Append(text, [.. row.SelectMany((cell, i) => Fields(table.Columns[i].Kind, cell)), Notes(table, row)]);
        return text.ToString();
    }

    /// <summary>A line for each point, cell, bar or combination that a figure draws.</summary>
    public static string Render(Figure figure)
    {
        StringBuilder text = new();
        Append(text, figure.Panels[0].DataColumns);
        foreach (IReadOnlyList<string> row in figure.Panels.SelectMany(p => p.DataRows))
            Append(text, row);
        return text.ToString();
    }

    private static IEnumerable<string> Fields(ColumnKind kind, ReportCell cell) =>
        kind switch
        {
            ColumnKind.RowHeader or ColumnKind.Text => [cell.Text == Format.None ? "" : cell.Text],
            ColumnKind.Number => [cell.Value is { } v ? Format.Exact(v.Value) : ""],
            _ when cell.Value is { } e => [Format.Exact(e.Value), End(e.Low), End(e.High), Kind(e.Interval), Format.Integer(e.N)],
            _ => ["", "", "", "", ""],
        };

    private static string Kind(IntervalKind kind) =>
        kind switch
        {
            IntervalKind.StudentT => "student_t",
            IntervalKind.Bootstrap => "bootstrap",
            IntervalKind.Repeated => "repeated",
            IntervalKind.NoSpread => "no_spread",
            _ => "",
        };

    // What the table says in words where it has no number, such as "2 of 3 reach it", would otherwise be lost.
    private static string Notes(ReportTable table, IReadOnlyList<ReportCell> row)
    {
        IEnumerable<string> words = row.Zip(table.Columns)
                .Where(c => IsWords(c.First, c.Second))
                .Select(c => Words(c.First, c.Second)),
            footnotes = row.Where(c => c.Note >= 0).Select(c => table.Notes[c.Note]);
        return string.Join("; ", words.Concat(footnotes).Distinct());
    }

    private static bool IsWords(ReportCell cell, ReportColumn column) =>
        column.Kind is ColumnKind.Estimate or ColumnKind.Number && cell.Value is null && cell.Text != Format.None;

    private static string Words(ReportCell cell, ReportColumn column) =>
        $"{column.Key}: {cell.Text}{(cell.Aside.Length > 0 ? $" ({cell.Aside})" : "")}";

    private static string End(double? value) => value is { } v ? Format.Exact(v) : "";

    private static void Append(StringBuilder text, IReadOnlyList<string> fields) =>
        text.AppendJoin(',', fields.Select(Quote)).Append('\n');

    /// <summary>A field as CSV takes it.</summary>
    internal static string Quote(string field) =>
        field.AsSpan().ContainsAny("\",\n\r") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
