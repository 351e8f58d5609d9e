namespace Rouser.Storage.Parquet.BuiltIn.Metadata;

/// <summary>One column of one row group (<c>ColumnChunk</c> with its <c>ColumnMetaData</c>): a dictionary page, if any, then data pages.</summary>
/// <param name="Type">The physical type.</param>
/// <param name="Encodings">All in use, of levels and values.</param>
/// <param name="Name">The column's name; in a flat table the path is the name.</param>
/// <param name="Codec">How each page is compressed.</param>
/// <param name="NumValues">Rows, nulls included.</param>
/// <param name="TotalUncompressedSize">Bytes of all pages, headers included, before compression.</param>
/// <param name="TotalCompressedSize">Bytes of all pages in the file, headers included.</param>
/// <param name="DataPageOffset">Where the first data page begins in the file.</param>
/// <param name="DictionaryPageOffset">Where the dictionary page begins, if there is one.</param>
/// <param name="Statistics">Null in chunks that were read.</param>
internal sealed record ColumnChunk(
    PhysicalType Type, Encoding[] Encodings, string Name, Codec Codec, long NumValues, long TotalUncompressedSize, long TotalCompressedSize,
    long DataPageOffset, long? DictionaryPageOffset, Statistics? Statistics)
{
    /// <summary>Where the chunk begins. Some writers put 0 for "no dictionary".</summary>
    public long Offset => DictionaryPageOffset is > 0 and long dictionary && dictionary < DataPageOffset ? dictionary : DataPageOffset;

    /// <summary>Writes the struct's fields.</summary>
    public static void Write(ThriftWriter writer, ColumnChunk chunk)
    {
        writer.Int64(2, 0); // file_offset, deprecated: it once told of a copy of the metadata beside the pages
        writer.Struct(3, chunk, WriteMetaData);
    }

    private static void WriteMetaData(ThriftWriter writer, ColumnChunk chunk)
    {
        writer.Int32(1, (int)chunk.Type);
        writer.Int32s(2, Array.ConvertAll(chunk.Encodings, e => (int)e));
        writer.Texts(3, chunk.Name);
        writer.Int32(4, (int)chunk.Codec);
        writer.Int64(5, chunk.NumValues);
        writer.Int64(6, chunk.TotalUncompressedSize);
        writer.Int64(7, chunk.TotalCompressedSize);
        writer.Int64(9, chunk.DataPageOffset);
        if (chunk.DictionaryPageOffset is long offset) writer.Int64(11, offset);
        if (chunk.Statistics is not null) writer.Struct(12, chunk.Statistics, Statistics.Write);
    }

    /// <summary>Reads the struct.</summary>
    public static ColumnChunk Read(ref ThriftReader reader)
    {
        ColumnChunk? chunk = null;
        int outer = reader.Enter();
        while (reader.Next(out int field, out ThriftType type))
        {
            if (field == 3 && type == ThriftType.Struct) chunk = ReadMetaData(ref reader);
            else reader.Skip(type);
        }
        reader.Leave(outer);
        return chunk ?? throw new InvalidDataException("a column chunk lacks its metadata");
    }

    private static ColumnChunk ReadMetaData(ref ThriftReader reader)
    {
        (Encoding[] encodings, string[] path) = ([], []);
        (int physical, int codec, long values, long uncompressed, long compressed, long data, long? dictionary) = (-1, -1, -1, -1, -1, -1, null);
        int outer = reader.Enter();
        while (reader.Next(out int field, out ThriftType type))
        {
            switch (field)
            {
                case 1: physical = reader.Int32(type); break;
                case 2: encodings = Array.ConvertAll(reader.Int32s(type), e => (Encoding)e); break;
                case 3: path = reader.Texts(type); break;
                case 4: codec = reader.Int32(type); break;
                case 5: values = reader.Int64(type); break;
                case 6: uncompressed = reader.Int64(type); break;
                case 7: compressed = reader.Int64(type); break;
                case 9: data = reader.Int64(type); break;
                case 11: dictionary = reader.Int64(type); break;
                default: reader.Skip(type); break;
            }
        }
        reader.Leave(outer);
        if (physical < 0 || codec < 0 || values < 0 || compressed < 0 || data < 0)
            throw new InvalidDataException("a column chunk's metadata lacks a field");
        return new((PhysicalType)physical, encodings, string.Join('.', path), (Codec)codec, values, uncompressed, compressed, data, dictionary, null);
    }
}
