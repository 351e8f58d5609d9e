using Rouser.Storage.Parquet.BuiltIn.Metadata;
using Rouser.Storage.Parquet.BuiltIn.Pages;
using Rouser.Storage.Parquet.BuiltIn.Plain;

namespace Rouser.Storage.Parquet.BuiltIn;

/// <summary>Reads the pages of one column chunk.</summary>
internal sealed class ColumnChunkReader<T, TPlain>(string column, ColumnChunk chunk)
    where TPlain : struct, IPlainReader<T>
{
    private T[]? _dictionary;
    private int[] _scratch = [];

    /// <summary>Fills the chunk's rows.</summary>
    /// <param name="bytes">The chunk.</param>
    /// <param name="values">One per row; a null row gets the default.</param>
    /// <param name="nulls">One per row, or empty for a REQUIRED column.</param>
    /// <exception cref="InvalidDataException">The chunk is damaged or uses an encoding we do not know; tells column and place.</exception>
    public void Read(ReadOnlyMemory<byte> bytes, Span<T> values, Span<bool> nulls)
    {
        int at = 0, row = 0;
        try
        {
            while (row < values.Length)
            {
                Page page = Page.Take(bytes[at..], values.Length - row, out int length);
                int rows = page.HoldsRows ? page.Header.NumValues : 0;
                ReadPage(page.Header, page.Body, values.Slice(row, rows), nulls.IsEmpty ? nulls : nulls.Slice(row, rows));
                at += length;
                row += rows;
            }
        }
        catch (InvalidDataException damage)
        {
            throw new InvalidDataException($"column '{column}', page at byte {chunk.Offset + at}: {damage.Message}", damage);
        }
    }

    private void ReadPage(PageHeader header, ReadOnlyMemory<byte> page, Span<T> values, Span<bool> nulls)
    {
        switch (header.Type)
        {
            case PageType.Dictionary: ReadDictionary(header, Compression.Decompress(chunk.Codec, page, header.UncompressedSize)); break;
            case PageType.Data: ReadData(header, Compression.Decompress(chunk.Codec, page, header.UncompressedSize).Span, values, nulls); break;
            case PageType.DataV2: ReadDataV2(header, page, values, nulls); break;
            default: break; // an index page, which no writer is known to write
        }
    }

    private void ReadDictionary(PageHeader header, ReadOnlyMemory<byte> page)
    {
        if (header.Encoding is not (Encoding.Plain or Encoding.PlainDictionary)) throw Unknown(header.Encoding);
        var bytes = new ByteReader(page.Span);
        _dictionary = new T[header.NumValues];
        TPlain.Read(ref bytes, _dictionary);
    }

    private void ReadData(PageHeader header, ReadOnlySpan<byte> page, Span<T> values, Span<bool> nulls)
    {
        var bytes = new ByteReader(page);
        int present = values.Length;
        if (!nulls.IsEmpty)
        {
            if (header.LevelEncoding != Encoding.Rle) throw Unknown(header.LevelEncoding);
            present = ReadLevels(bytes.Take(bytes.Int32()), nulls);
        }
        ReadValues(header.Encoding, bytes, values[..present]);
        Spread(values, nulls, present);
    }

    // Version 2 leaves the levels uncompressed before the values.
    private void ReadDataV2(PageHeader header, ReadOnlyMemory<byte> page, Span<T> values, Span<bool> nulls)
    {
        long levels = (long)header.DefinitionLevelsLength + header.RepetitionLevelsLength;
        if (levels > page.Length || levels > header.UncompressedSize)
            throw new InvalidDataException($"levels of {levels} bytes do not fit a page of {page.Length}");
        int present = nulls.IsEmpty ? values.Length : ReadLevels(page.Span.Slice(header.RepetitionLevelsLength, header.DefinitionLevelsLength), nulls);
        Codec codec = header.IsCompressed ? chunk.Codec : Codec.Uncompressed;
        ReadOnlyMemory<byte> packed = page[(int)levels..];
        int length = header.UncompressedSize - (int)levels;
        // A page of nulls has no values, and some writers then leave the packed part empty.
        ReadOnlyMemory<byte> unpacked = length == 0 && packed.IsEmpty ? packed : Compression.Decompress(codec, packed, length);
        ReadValues(header.Encoding, new ByteReader(unpacked.Span), values[..present]);
        Spread(values, nulls, present);
    }

    // A flat column's definition level is 1 for a value and 0 for a null. Returns the number of values.
    private int ReadLevels(ReadOnlySpan<byte> levels, Span<bool> nulls)
    {
        var bytes = new ByteReader(levels);
        Span<int> decoded = Scratch(nulls.Length);
        RleBitPackedHybrid.Read(ref bytes, bitWidth: 1, decoded);
        int present = 0;
        for (int row = 0; row < nulls.Length; row++)
        {
            nulls[row] = decoded[row] == 0;
            present += nulls[row] ? 0 : 1;
        }
        return present;
    }

    private void ReadValues(Encoding encoding, ByteReader bytes, Span<T> values)
    {
        switch (encoding)
        {
            case Encoding.Plain:
                TPlain.Read(ref bytes, values);
                break;
            case Encoding.RleDictionary or Encoding.PlainDictionary:
                if (values.IsEmpty) break;
                T[] dictionary = _dictionary ?? throw new InvalidDataException("a page refers to a dictionary that is not there");
                Span<int> indices = Scratch(values.Length);
                RleBitPackedHybrid.Read(ref bytes, bytes.Byte(), indices);
                for (int i = 0; i < values.Length; i++)
                    values[i] = (uint)indices[i] < (uint)dictionary.Length
                        ? dictionary[indices[i]]
                        : throw new InvalidDataException($"entry {indices[i]} of a dictionary of {dictionary.Length} is referred to");
                break;
            case Encoding.Rle when TPlain.HasRuns:
                TPlain.ReadRuns(ref bytes, values);
                break;
            default:
                throw Unknown(encoding);
        }
    }

    // Moves the values from the front to their rows, from the last on, so that none is overwritten before it has moved.
    private static void Spread(Span<T> values, Span<bool> nulls, int present)
    {
        if (present == values.Length) return;
        for (int row = values.Length - 1; row >= 0; row--) values[row] = nulls[row] ? default! : values[--present];
    }

    private Span<int> Scratch(int length)
    {
        if (_scratch.Length < length) _scratch = new int[length];
        return _scratch.AsSpan(0, length);
    }

    private static InvalidDataException Unknown(Encoding encoding) =>
        new($"the encoding {(Enum.IsDefined(encoding) ? encoding.ToString() : $"number {(int)encoding}")} is not known here; write the file with PLAIN or a dictionary");
}
