namespace Rouser.Storage.Parquet.BuiltIn.Metadata;

/// <summary>What stands before each page. One record for the header structs of both data page versions and of dictionary pages.</summary>
/// <param name="Type">What the page holds.</param>
/// <param name="UncompressedSize">Bytes of the page before compression, this header not counted.</param>
/// <param name="CompressedSize">Bytes of the page in the file, this header not counted.</param>
/// <param name="NumValues">Rows, nulls included; in a dictionary page its entries.</param>
/// <param name="Encoding">Of the values.</param>
/// <param name="LevelEncoding">Of the definition levels; version 2 knows RLE only.</param>
/// <param name="DefinitionLevelsLength">Version 2: bytes of the definition levels, which lie uncompressed before the values.</param>
/// <param name="RepetitionLevelsLength">Version 2: the same for repetition levels, none in a flat table.</param>
/// <param name="IsCompressed">Version 2: whether the values are.</param>
internal sealed record PageHeader(
    PageType Type, int UncompressedSize, int CompressedSize, int NumValues, Encoding Encoding, Encoding LevelEncoding = Encoding.Rle,
    int DefinitionLevelsLength = 0, int RepetitionLevelsLength = 0, bool IsCompressed = true)
{
    /// <summary>Writes the struct's fields, of a data page of version 1 or a dictionary page.</summary>
    public static void Write(ThriftWriter writer, PageHeader header)
    {
        writer.Int32(1, (int)header.Type);
        writer.Int32(2, header.UncompressedSize);
        writer.Int32(3, header.CompressedSize);
        writer.Struct(header.Type == PageType.Data ? 5 : 7, header, static (inner, header) =>
        {
            inner.Int32(1, header.NumValues);
            inner.Int32(2, (int)header.Encoding);
            if (header.Type != PageType.Data) return;
            inner.Int32(3, (int)Encoding.Rle); // of definition levels
            inner.Int32(4, (int)Encoding.Rle); // of repetition levels
        });
    }

    /// <summary>Reads the struct from the front of <paramref name="bytes"/>.</summary>
    public static PageHeader Read(ReadOnlySpan<byte> bytes, out int length)
    {
        var reader = new ThriftReader(bytes);
        (int pageType, int uncompressed, int compressed, PageHeader? inner) = (-1, -1, -1, null);
        int outer = reader.Enter();
        while (reader.Next(out int field, out ThriftType type))
        {
            switch (field)
            {
                case 1: pageType = reader.Int32(type); break;
                case 2: uncompressed = reader.Int32(type); break;
                case 3: compressed = reader.Int32(type); break;
                case 5 when type == ThriftType.Struct: inner = ReadData(ref reader); break;
                case 7 when type == ThriftType.Struct: inner = ReadData(ref reader); break;
                case 8 when type == ThriftType.Struct: inner = ReadDataV2(ref reader); break;
                default: reader.Skip(type); break;
            }
        }
        reader.Leave(outer);
        length = reader.Position;
        if (pageType < 0 || uncompressed < 0 || compressed < 0) throw new InvalidDataException("a page header lacks a field");
        inner ??= (PageType)pageType is PageType.Data or PageType.Dictionary or PageType.DataV2
            ? throw new InvalidDataException("a page header does not describe its page")
            : new PageHeader(default, 0, 0, 0, default);
        return inner with { Type = (PageType)pageType, UncompressedSize = uncompressed, CompressedSize = compressed };
    }

    private static PageHeader ReadData(ref ThriftReader reader)
    {
        (int values, int encoding, int levels) = (-1, -1, (int)Encoding.Rle);
        int outer = reader.Enter();
        while (reader.Next(out int field, out ThriftType type))
        {
            switch (field)
            {
                case 1: values = reader.Int32(type); break;
                case 2: encoding = reader.Int32(type); break;
                case 3 when type == ThriftType.I32: levels = reader.Int32(type); break;
                default: reader.Skip(type); break;
            }
        }
        reader.Leave(outer);
        if (values < 0 || encoding < 0) throw new InvalidDataException("a page header lacks a field");
        return new(default, 0, 0, values, (Encoding)encoding, (Encoding)levels);
    }

    private static PageHeader ReadDataV2(ref ThriftReader reader)
    {
        (int values, int encoding, int definition, int repetition, bool compressed) = (-1, -1, -1, -1, true);
        int outer = reader.Enter();
        while (reader.Next(out int field, out ThriftType type))
        {
            switch (field)
            {
                case 1: values = reader.Int32(type); break;
                case 4: encoding = reader.Int32(type); break;
                case 5: definition = reader.Int32(type); break;
                case 6: repetition = reader.Int32(type); break;
                case 7: compressed = ThriftReader.Boolean(type); break;
                default: reader.Skip(type); break;
            }
        }
        reader.Leave(outer);
        if (values < 0 || encoding < 0 || definition < 0 || repetition < 0) throw new InvalidDataException("a page header lacks a field");
        return new(default, 0, 0, values, (Encoding)encoding, Encoding.Rle, definition, repetition, compressed);
    }
}
