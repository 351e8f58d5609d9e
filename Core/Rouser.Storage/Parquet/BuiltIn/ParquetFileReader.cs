using Rouser.Core.Metrics;
using Rouser.Storage.Parquet.BuiltIn.Metadata;
using Rouser.Storage.Parquet.BuiltIn.Plain;

namespace Rouser.Storage.Parquet.BuiltIn;

/// <summary>Reads a file back to front: the footer's length, the footer, then the column chunks it points at.</summary>
internal static class ParquetFileReader
{
    // A run-length page of ten bytes can stand for any number of rows, so no check against the file's length bounds the memory.
    private const long MaxCells = 1 << 27;

    /// <summary>Reads the table.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or says what a flat table cannot.</exception>
    public static Table Read(Stream file, string name)
    {
        FileMetaData footer = ReadAndCheckFooter(file);
        SchemaElement[] leaves = footer.Schema[1..];
        Column[] columns = [.. leaves.Select((leaf, index) => ReadColumn(file, footer, leaf, index))];
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, string value) in footer.KeyValues) metadata[key] = value;
        return new(name, columns, metadata);
    }

    // The footer, its numbers held against each other and the file before they turn into allocations.
    private static FileMetaData ReadAndCheckFooter(Stream file)
    {
        (FileMetaData footer, long end) = Footer.Read(file);
        SchemaElement[] leaves = footer.Schema[1..];
        if (footer.Schema[0].NumChildren != leaves.Length
            || leaves.Any(leaf => leaf.Type is null || leaf.NumChildren != 0 || leaf.Repetition == Repetition.Repeated))
            throw new InvalidDataException("the table is not flat: it has columns within columns");
        if (leaves.GroupBy(leaf => leaf.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InvalidDataException($"two columns are called '{twice.Key}'");
        if (footer.NumRows > MaxCells / Math.Max(1, leaves.Length))
            throw new InvalidDataException($"{footer.NumRows} rows of {leaves.Length} columns are more than the {MaxCells} values that are read at once");
        (long rows, long bytes) = (0, 0);
        foreach (RowGroup group in footer.RowGroups)
        {
            if (group.NumRows > footer.NumRows || group.Columns.Length != leaves.Length)
                throw new InvalidDataException("a row group contradicts the footer");
            rows += group.NumRows;
            for (int i = 0; i < leaves.Length; i++)
            {
                ColumnChunk chunk = group.Columns[i];
                if (chunk.Name != leaves[i].Name || chunk.Type != leaves[i].Type || chunk.NumValues != group.NumRows)
                    throw new InvalidDataException($"column '{leaves[i].Name}': its chunks contradict the schema");
                if (chunk.TotalCompressedSize > Math.Min(end, Array.MaxLength) || chunk.Offset < 4 || chunk.Offset > end - chunk.TotalCompressedSize)
                    throw new InvalidDataException($"column '{leaves[i].Name}': {chunk.TotalCompressedSize} bytes at byte {chunk.Offset} do not fit the file");
                bytes += chunk.TotalCompressedSize;
            }
        }
        if (rows != footer.NumRows) throw new InvalidDataException($"the row groups have {rows} rows, the footer {footer.NumRows}");
        if (bytes > end) throw new InvalidDataException("column chunks overlap");
        return footer;
    }

    private static Column ReadColumn(Stream file, FileMetaData footer, SchemaElement leaf, int index)
    {
        return (leaf.Type, leaf.Logical) switch
        {
            (PhysicalType.Boolean, LogicalType.None) => Column<bool, PlainBoolean>(),
            (PhysicalType.Int32, LogicalType.None or LogicalType.Integer) => Column<int, PlainInt32>(),
            (PhysicalType.Int64, LogicalType.None or LogicalType.Integer) => Column<long, PlainInt64>(),
            (PhysicalType.Int64, LogicalType.TimestampMillis) => Column<DateTimeOffset, PlainTimestamp<Millis>>(),
            (PhysicalType.Int64, LogicalType.TimestampMicros) => Column<DateTimeOffset, PlainTimestamp<Micros>>(),
            (PhysicalType.Int64, LogicalType.TimestampNanos) => Column<DateTimeOffset, PlainTimestamp<Nanos>>(),
            (PhysicalType.Float, LogicalType.None) => Column<double, PlainFloat>(),
            (PhysicalType.Double, LogicalType.None) => Column<double, PlainDouble>(),
            (PhysicalType.ByteArray, LogicalType.String) => Column<string, PlainString>(),
            _ => throw new InvalidDataException($"column '{leaf.Name}' is of a type ({leaf.Type}, {leaf.Logical}) for which there is no column here"),
        };

        Column<T> Column<T, TPlain>()
            where TPlain : struct, IPlainReader<T>
        {
            var values = new T[footer.NumRows];
            bool[]? nulls = leaf.Repetition == Repetition.Optional ? new bool[footer.NumRows] : null;
            int row = 0;
            foreach (RowGroup group in footer.RowGroups)
            {
                ColumnChunk chunk = group.Columns[index];
                int count = (int)group.NumRows;
                new ColumnChunkReader<T, TPlain>(leaf.Name, chunk).Read(Bytes(file, chunk), values.AsSpan(row, count), nulls is null ? [] : nulls.AsSpan(row, count));
                row += count;
            }
            return new(leaf.Name, values, nulls);
        }
    }

    private static byte[] Bytes(Stream file, ColumnChunk chunk)
    {
        byte[] bytes = new byte[chunk.TotalCompressedSize];
        file.Position = chunk.Offset;
        file.ReadExactly(bytes);
        return bytes;
    }
}
