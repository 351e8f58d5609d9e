namespace Rouser.Storage.Parquet.BuiltIn.Metadata;

/// <summary>A run of rows, stored column by column.</summary>
/// <param name="Columns">In the schema's order.</param>
/// <param name="NumRows">Rows.</param>
internal sealed record RowGroup(ColumnChunk[] Columns, long NumRows)
{
    /// <summary>Writes the struct's fields.</summary>
    public static void Write(ThriftWriter writer, RowGroup group)
    {
        writer.Structs(1, group.Columns, ColumnChunk.Write);
        writer.Int64(2, group.Columns.Sum(c => c.TotalUncompressedSize));
        writer.Int64(3, group.NumRows);
        writer.Int64(5, group.Columns[0].Offset);
        writer.Int64(6, group.Columns.Sum(c => c.TotalCompressedSize));
    }

    /// <summary>Reads the struct.</summary>
    public static RowGroup Read(ref ThriftReader reader)
    {
        (ColumnChunk[]? columns, long rows) = (null, -1);
        int outer = reader.Enter();
        while (reader.Next(out int field, out ThriftType type))
        {
            switch (field)
            {
                case 1: columns = reader.Structs(type, ColumnChunk.Read); break;
                case 3: rows = reader.Int64(type); break;
                default: reader.Skip(type); break;
            }
        }
        reader.Leave(outer);
        return columns is not null && rows >= 0 ? new(columns, rows) : throw new InvalidDataException("a row group lacks a field");
    }
}
