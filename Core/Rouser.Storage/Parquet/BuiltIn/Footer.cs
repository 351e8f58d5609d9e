using System.Buffers;
using System.Buffers.Binary;
using Rouser.Core.Metrics;
using Rouser.Storage.Parquet.BuiltIn.Metadata;

namespace Rouser.Storage.Parquet.BuiltIn;

/// <summary>The end of a file: the metadata, its length in four bytes, <c>PAR1</c>.</summary>
internal static class Footer
{
    /// <summary>Writes all that comes after the last page.</summary>
    /// <param name="output">The file.</param>
    /// <param name="table">Schema, rows and key-values.</param>
    /// <param name="groups">Where the pages lie.</param>
    /// <param name="createdBy">Who wrote them: <c>name version x.y.z</c>.</param>
    public static void Write(Stream output, Table table, RowGroup[] groups, string? createdBy)
    {
        var file = new FileMetaData([Root(table), .. table.Columns.Select(Leaf)], table.RowCount, groups, KeyValues(table), createdBy);
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

    // Sorted, because a dictionary's order is its history, and the same table gives the same bytes.
    private static KeyValuePair<string, string>[] KeyValues(Table table) => [.. table.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)];

    /// <summary>Reads the footer, and tells where it begins, which is where the pages end.</summary>
    /// <exception cref="InvalidDataException">The file is no Parquet file, is cut off, or its footer is damaged.</exception>
    public static (FileMetaData Footer, long Begin) Read(Stream file)
    {
        Span<byte> tail = stackalloc byte[8];
        if (file.Length < 12) throw new InvalidDataException($"{file.Length} bytes are too few for a Parquet file");
        ReadAt(file, 0, tail[..4]);
        if (!tail[..4].SequenceEqual(BuiltInParquetFormat.Magic)) throw new InvalidDataException("not a Parquet file: it does not begin with PAR1");
        ReadAt(file, file.Length - 8, tail);
        if (!tail[4..].SequenceEqual(BuiltInParquetFormat.Magic)) throw new InvalidDataException("the file is cut off: it does not end with PAR1");
        long length = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        long end = file.Length - 8 - length;
        if (end < 4) throw new InvalidDataException($"damaged at byte {file.Length - 8}: a footer of {length} bytes does not fit the file");
        byte[] footer = new byte[length];
        ReadAt(file, end, footer);
        try
        {
            return (FileMetaData.Read(footer), end);
        }
        catch (InvalidDataException damage)
        {
            throw new InvalidDataException($"the footer at byte {end} is damaged: {damage.Message}", damage);
        }
    }

    private static void ReadAt(Stream file, long offset, Span<byte> bytes)
    {
        file.Position = offset;
        file.ReadExactly(bytes);
    }
}
