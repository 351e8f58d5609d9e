using Rouser.Core.Metrics;
using Rouser.Storage.Parquet.BuiltIn.Metadata;
using Rouser.Storage.Parquet.BuiltIn.Plain;

namespace Rouser.Storage.Parquet.BuiltIn;

/// <summary>Writes a file front to back: <c>PAR1</c>, row groups, footer, the footer's length, <c>PAR1</c>.</summary>
internal static class ParquetFileWriter
{
    private static readonly string CreatedBy = $"Rouser version {typeof(ParquetFileWriter).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>Writes the table.</summary>
    public static void Write(Stream output, Table table, int rowGroupRows)
    {
        output.Write(BuiltInParquetFormat.Magic);
        using var chunks = new ColumnChunkWriter(output);
        var groups = new List<RowGroup>();
        for (int start = 0; start < table.RowCount; start += rowGroupRows)
        {
            int count = Math.Min(rowGroupRows, table.RowCount - start);
            groups.Add(new([.. table.Columns.Select(c => WriteChunk(chunks, c, start, count))], count));
        }
        Footer.Write(output, table, [.. groups], CreatedBy);
    }

    private static ColumnChunk WriteChunk(ColumnChunkWriter chunks, Column column, int start, int count)
    {
        return column switch
        {
            Column<string> c => Chunk<string, PlainString>(c),
            Column<double> c => Chunk<double, PlainDouble>(c),
            Column<long> c => Chunk<long, PlainInt64>(c),
            Column<int> c => Chunk<int, PlainInt32>(c),
            Column<bool> c => Chunk<bool, PlainBoolean>(c),
            Column<DateTimeOffset> c => Chunk<DateTimeOffset, PlainTimestamp<Micros>>(c),
            _ => throw TableShape.Unknown(column),
        };

        ColumnChunk Chunk<T, TPlain>(Column<T> c)
            where T : notnull
            where TPlain : struct, IPlainWriter<T> =>
            chunks.Write<T, TPlain>(c.Name, c.Values.AsSpan(start, count), c.Nulls is null ? [] : c.Nulls.AsSpan(start, count));
    }
}
