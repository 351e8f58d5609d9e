namespace Rouser.Storage.Parquet.BuiltIn.Metadata;

/// <summary>The footer.</summary>
/// <param name="Schema">The root, then the columns.</param>
/// <param name="NumRows">Rows of all row groups.</param>
/// <param name="RowGroups">In order.</param>
/// <param name="KeyValues">Whatever the writer wished to say.</param>
/// <param name="CreatedBy">Which program wrote it: <c>name version x.y.z</c>.</param>
internal sealed record FileMetaData(
    SchemaElement[] Schema, long NumRows, RowGroup[] RowGroups, KeyValuePair<string, string>[] KeyValues, string? CreatedBy)
{
    /// <summary>Writes the struct's fields.</summary>
    public static void Write(ThriftWriter writer, FileMetaData file)
    {
        writer.Int32(1, 1); // version: readers go by the encodings they meet, and some refuse other numbers
        writer.Structs(2, file.Schema, SchemaElement.Write);
        writer.Int64(3, file.NumRows);
        writer.Structs(4, file.RowGroups, RowGroup.Write);
        if (file.KeyValues.Length > 0) writer.Structs(5, file.KeyValues, WriteKeyValue);
        if (file.CreatedBy is not null) writer.Text(6, file.CreatedBy);
        // column_orders: TYPE_ORDER for each leaf, without which readers must not trust min_value and max_value.
        writer.Structs(7, file.Schema[1..], static (order, _) => order.Empty(1));
    }

    private static void WriteKeyValue(ThriftWriter writer, KeyValuePair<string, string> pair)
    {
        writer.Text(1, pair.Key);
        writer.Text(2, pair.Value);
    }

    /// <summary>Reads the struct.</summary>
    public static FileMetaData Read(ReadOnlySpan<byte> footer)
    {
        var reader = new ThriftReader(footer);
        (SchemaElement[]? schema, long rows, RowGroup[]? groups, KeyValuePair<string, string>[] pairs, string? createdBy) = (null, -1, null, [], null);
        int outer = reader.Enter();
        while (reader.Next(out int field, out ThriftType type))
        {
            switch (field)
            {
                case 2: schema = reader.Structs(type, SchemaElement.Read); break;
                case 3: rows = reader.Int64(type); break;
                case 4: groups = reader.Structs(type, RowGroup.Read); break;
                case 5: pairs = reader.Structs(type, ReadKeyValue); break;
                case 6: createdBy = reader.Text(type); break;
                default: reader.Skip(type); break;
            }
        }
        reader.Leave(outer);
        return schema is { Length: > 0 } && rows >= 0 && groups is not null
            ? new(schema, rows, groups, pairs, createdBy)
            : throw new InvalidDataException("the footer lacks a field");
    }

    private static KeyValuePair<string, string> ReadKeyValue(ref ThriftReader reader)
    {
        (string key, string value) = ("", "");
        int outer = reader.Enter();
        while (reader.Next(out int field, out ThriftType type))
        {
            switch (field)
            {
                case 1: key = reader.Text(type); break;
                case 2: value = reader.Text(type); break;
                default: reader.Skip(type); break;
            }
        }
        reader.Leave(outer);
        return new(key, value);
    }
}
