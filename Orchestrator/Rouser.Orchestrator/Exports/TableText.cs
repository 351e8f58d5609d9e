using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rouser.Results;

namespace Rouser.Orchestrator.Exports;

/// <summary>A table as text for other programs, with all digits of its numbers and times in UTC (ISO 8601).</summary>
internal static class TableText
{
    /// <summary>CSV (RFC 4180, UTF-8, lines ending in <c>\n</c>); a null is an empty field.</summary>
    /// <param name="columns">A table with the columns.</param>
    /// <param name="parts">Its rows, a part at a time.</param>
    /// <returns>How many rows there were.</returns>
    public static int WriteCsv(Table columns, IEnumerable<Table> parts, Stream stream)
    {
        using var text = new StreamWriter(
            stream,
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            bufferSize: 1 << 16,
            leaveOpen: true
        )
        {
            NewLine = "\n",
        };
        text.WriteLine(string.Join(',', columns.Columns.Select(c => Quote(c.Name))));
        int rows = 0;
        foreach (Table table in parts)
        {
            for (int row = 0; row < table.RowCount; row++, rows++)
                text.WriteLine(string.Join(',', table.Columns.Select(c => c.IsNull(row) ? "" : Field(c, row))));
        }
        return rows;
    }

    /// <summary>JSON: an array of one object per row; what is null or no finite number is null.</summary>
    /// <param name="parts">The rows, a part at a time.</param>
    /// <returns>How many rows there were.</returns>
    public static int WriteJson(IEnumerable<Table> parts, Stream stream)
    {
        using var json = new Utf8JsonWriter(
            stream,
            new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
        );
        json.WriteStartArray();
        int rows = 0;
        foreach (Table table in parts)
        {
            for (int row = 0; row < table.RowCount; row++, rows++)
            {
                json.WriteStartObject();
                foreach (Column column in table.Columns)
                {
                    json.WritePropertyName(column.Name);
                    WriteValue(json, column, row);
                }
                json.WriteEndObject();
            }
            // The writer keeps what it is given until then.
            json.Flush();
        }
        json.WriteEndArray();
        return rows;
    }

    private static string Field(Column column, int row) =>
        column switch
        {
            Column<string> c => Quote(c.Values[row]),
            Column<double> c => c.Values[row].ToString("R", CultureInfo.InvariantCulture),
            Column<long> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
            Column<int> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
            Column<bool> c => c.Values[row] ? "true" : "false",
            Column<DateTimeOffset> c => Time(c.Values[row]),
            _ => throw new NotSupportedException($"A column of {column.GetType()} cannot be written."),
        };

    private static void WriteValue(Utf8JsonWriter json, Column column, int row)
    {
        if (column.IsNull(row) || column is Column<double> d && !double.IsFinite(d.Values[row]))
        {
            json.WriteNullValue();
            return;
        }
        // csharpier-ignore
        switch (column)
        {
            case Column<string> c: json.WriteStringValue(c.Values[row]); break;
            case Column<double> c: json.WriteNumberValue(c.Values[row]); break;
            case Column<long> c: json.WriteNumberValue(c.Values[row]); break;
            case Column<int> c: json.WriteNumberValue(c.Values[row]); break;
            case Column<bool> c: json.WriteBooleanValue(c.Values[row]); break;
            case Column<DateTimeOffset> c: json.WriteStringValue(Time(c.Values[row])); break;
            default: throw new NotSupportedException($"A column of {column.GetType()} cannot be written.");
        }
    }

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static string Quote(string text) =>
        text.AsSpan().ContainsAny("\",\n\r") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
