namespace Rouser.Storage.Parquet.BuiltIn.Metadata;

/// <summary>A node of the schema, which lies in the footer as a list in depth-first order: the root, then in a flat table its leaves.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">Null for the root.</param>
/// <param name="Repetition">Whether there may be nulls.</param>
/// <param name="Logical">What the value means.</param>
/// <param name="NumChildren">0 for a leaf.</param>
internal sealed record SchemaElement(string Name, PhysicalType? Type, Repetition Repetition, LogicalType Logical, int NumChildren)
{
    // ConvertedType, what older readers go by.
    private const int Utf8 = 0, TimestampMicros = 10;

    /// <summary>Writes the struct's fields.</summary>
    public static void Write(ThriftWriter writer, SchemaElement element)
    {
        if (element.Type is PhysicalType type)
        {
            writer.Int32(1, (int)type);
            writer.Int32(3, (int)element.Repetition);
        }
        writer.Text(4, element.Name);
        if (element.Type is null) writer.Int32(5, element.NumChildren);
        switch (element.Logical)
        {
            case LogicalType.String:
                writer.Int32(6, Utf8);
                writer.Struct(10, 0, static (union, _) => union.Empty(1));
                break;
            case LogicalType.TimestampMicros:
                writer.Int32(6, TimestampMicros);
                writer.Struct(10, 0, static (union, _) => union.Struct(8, 0, static (timestamp, _) =>
                {
                    timestamp.Boolean(1, true); // isAdjustedToUTC
                    timestamp.Struct(2, 0, static (unit, _) => unit.Empty(2));
                }));
                break;
        }
    }

    /// <summary>Reads the struct.</summary>
    public static SchemaElement Read(ref ThriftReader reader)
    {
        (int? physical, int repetition, string? name, int children, LogicalType converted, LogicalType logical) = (null, 0, null, 0, default, default);
        int outer = reader.Enter();
        while (reader.Next(out int field, out ThriftType type))
        {
            switch (field)
            {
                case 1: physical = reader.Int32(type); break;
                case 3: repetition = reader.Int32(type); break;
                case 4: name = reader.Text(type); break;
                case 5: children = reader.Int32(type); break;
                case 6: converted = FromConverted(reader.Int32(type)); break;
                case 10 when type == ThriftType.Struct: logical = LogicalTypeUnion.Read(ref reader); break;
                default: reader.Skip(type); break;
            }
        }
        reader.Leave(outer);
        if (name is null) throw new InvalidDataException("a column of the schema has no name");
        return new(name, (PhysicalType?)physical, (Repetition)repetition, logical == LogicalType.None ? converted : logical, children);
    }

    private static LogicalType FromConverted(int converted) => converted switch
    {
        Utf8 or 4 or 19 => LogicalType.String, // UTF8, ENUM, JSON
        9 => LogicalType.TimestampMillis,
        TimestampMicros => LogicalType.TimestampMicros,
        11 or 12 or 15 or 16 or 17 or 18 => LogicalType.Integer, // UINT_8, UINT_16, INT_8 to INT_64
        _ => LogicalType.Other,
    };
}
