namespace Rouser.Storage.Parquet.BuiltIn.Metadata;

/// <summary>Reads the union <c>LogicalType</c>: a struct of which one field is there.</summary>
internal static class LogicalTypeUnion
{
    /// <summary>Reads the union.</summary>
    public static LogicalType Read(ref ThriftReader reader)
    {
        LogicalType logical = LogicalType.Other;
        int outer = reader.Enter();
        while (reader.Next(out int field, out ThriftType type))
        {
            switch (field)
            {
                case 1 or 4 or 12: // STRING, ENUM, JSON
                    logical = LogicalType.String;
                    reader.Skip(type);
                    break;
                case 8 when type == ThriftType.Struct: logical = Timestamp(ref reader); break;
                case 10 when type == ThriftType.Struct: logical = Integer(ref reader); break;
                default: reader.Skip(type); break;
            }
        }
        reader.Leave(outer);
        return logical;
    }

    // A timestamp that is not adjusted to UTC has no zone at all; it is taken for UTC, as DuckDB shows it.
    private static LogicalType Timestamp(ref ThriftReader reader)
    {
        LogicalType logical = LogicalType.Other;
        int outer = reader.Enter();
        while (reader.Next(out int field, out ThriftType type))
        {
            if (field == 2 && type == ThriftType.Struct) logical = Unit(ref reader);
            else reader.Skip(type);
        }
        reader.Leave(outer);
        return logical;
    }

    private static LogicalType Unit(ref ThriftReader reader)
    {
        LogicalType logical = LogicalType.Other;
        int outer = reader.Enter();
        while (reader.Next(out int field, out ThriftType type))
        {
            logical = field switch { 1 => LogicalType.TimestampMillis, 2 => LogicalType.TimestampMicros, 3 => LogicalType.TimestampNanos, _ => logical };
            reader.Skip(type);
        }
        reader.Leave(outer);
        return logical;
    }

    // An unsigned integer as wide as its physical type would turn negative here.
    private static LogicalType Integer(ref ThriftReader reader)
    {
        (int width, bool signed) = (0, true);
        int outer = reader.Enter();
        while (reader.Next(out int field, out ThriftType type))
        {
            switch (field)
            {
                case 1: width = reader.Byte(type); break;
                case 2: signed = ThriftReader.Boolean(type); break;
                default: reader.Skip(type); break;
            }
        }
        reader.Leave(outer);
        return signed || width < 32 ? LogicalType.Integer : LogicalType.Other;
    }
}
