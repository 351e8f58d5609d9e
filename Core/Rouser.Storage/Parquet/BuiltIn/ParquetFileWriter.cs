using System.Buffers;
using System.Buffers.Binary;
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
        WriteFooter(output, new([Root(table), .. table.Columns.Select(Leaf)], table.RowCount, [.. groups], Metadata(table), CreatedBy));
    }

    private static void WriteFooter(Stream output, FileMetaData file)
    {
        var footer = new ArrayBufferWriter<byte>();
        new ThriftWriter(footer).Struct(file, FileMetaData.Write);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.WrittenCount);
        output.Write(footer.WrittenSpan);
        output.Write(length);
        output.Write(BuiltInParquetFormat.Magic);
    }

    private static SchemaElement Root(Table table) => new("schema", null, Repetition.Required, LogicalType.None, table.Columns.Count);

    private static SchemaElement Leaf(Column column)
    {
        Repetition repetition = column.Nullable ? Repetition.Optional : Repetition.Required;
        return column switch
        {
            Column<string> => new(column.Name, PhysicalType.ByteArray, repetition, LogicalType.String, 0),
            Column<double> => new(column.Name, PhysicalType.Double, repetition, LogicalType.None, 0),
            Column<long> => new(column.Name, PhysicalType.Int64, repetition, LogicalType.None, 0),
            Column<int> => new(column.Name, PhysicalType.Int32, repetition, LogicalType.None, 0),
            Column<bool> => new(column.Name, PhysicalType.Boolean, repetition, LogicalType.None, 0),
            Column<DateTimeOffset> => new(column.Name, PhysicalType.Int64, repetition, LogicalType.TimestampMicros, 0),
            _ => throw TableShape.Unknown(column),
        };
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

    // Sorted, because a dictionary's order is its history, and the same table gives the same bytes.
    private static KeyValuePair<string, string>[] Metadata(Table table) => [.. table.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)];
}
