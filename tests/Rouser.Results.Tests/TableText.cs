using System.Globalization;
using System.Text;

namespace Rouser.Results.Tests;

/// <summary>
/// A table as text, a line per column, so that tables with many columns and few rows can be read: name, type and
/// values.
/// </summary>
internal static class TableText
{
    public static string Of(Table table)
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"{table.Name}: {table.RowCount} rows");
        foreach (Column column in table.Columns)
        {
            string nullable = column.Nullable ? "?" : "";
            IEnumerable<string> values = Enumerable
                .Range(0, column.Count)
                .Select(row => column.IsNull(row) ? "-" : Value(column, row));
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"    {column.Name} ({Type(column)}{nullable}): {string.Join(" | ", values)}"
            );
        }
        foreach ((string key, string value) in table.Metadata)
            text.AppendLine(CultureInfo.InvariantCulture, $"    {key} = {value}");
        return text.ToString();
    }

    private static string Type(Column column) => column.GetType().GetGenericArguments()[0].Name;

    private static string Value(Column column, int row) =>
        column switch
        {
            Column<double> c => c.Values[row].ToString("0.######", CultureInfo.InvariantCulture),
            Column<DateTimeOffset> c => c.Values[row].ToString("HH:mm:ss", CultureInfo.InvariantCulture),
            Column<string> c => c.Values[row],
            Column<long> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
            Column<int> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
            Column<bool> c => c.Values[row] ? "true" : "false",
            _ => throw new ArgumentOutOfRangeException(nameof(column), column, "A column of a type that no table has."),
        };
}
