namespace Rouser.Storage.Parquet.BuiltIn.Pages;

/// <summary>Unpacks Snappy, which DuckDB, pyarrow and Parquet.Net write by default. We never write it.</summary>
/// <remarks>
/// The format (google/snappy, format_description.txt): the length as a varint, then elements. The lowest two bits of an element's tag
/// tell its kind: a literal, or a copy of what came before with an offset of 11, 16 or 32 bits.
/// </remarks>
internal static class Snappy
{
    /// <summary>Fills <paramref name="output"/>.</summary>
    /// <exception cref="InvalidDataException">The input is damaged or unpacks to another length.</exception>
    public static void Decompress(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var bytes = new ByteReader(input);
        ulong length = bytes.Varint();
        if (length != (ulong)output.Length) throw new InvalidDataException($"a page of {output.Length} bytes holds {length}");
        int at = 0;
        while (bytes.Remaining > 0)
        {
            int tag = bytes.Byte();
            at += (tag & 3) == 0 ? Literal(ref bytes, tag >> 2, output[at..]) : Copy(ref bytes, tag, output, at);
        }
        if (at != output.Length) throw new InvalidDataException($"a page of {output.Length} bytes holds {at}");
    }

    // Lengths up to 60 stand in the tag; 60 to 63 there say that one to four bytes with the length follow.
    private static int Literal(ref ByteReader bytes, int length, Span<byte> output)
    {
        long count = length < 60 ? length : LittleEndian(ref bytes, length - 59);
        ReadOnlySpan<byte> literal = bytes.Take(count + 1);
        if (literal.Length > output.Length) throw Overflow();
        literal.CopyTo(output);
        return literal.Length;
    }

    private static int Copy(ref ByteReader bytes, int tag, Span<byte> output, int at)
    {
        (int length, long offset) = (tag & 3) switch
        {
            1 => ((tag >> 2 & 7) + 4, (long)(tag >> 5) << 8 | bytes.Byte()),
            2 => ((tag >> 2) + 1, LittleEndian(ref bytes, 2)),
            _ => ((tag >> 2) + 1, LittleEndian(ref bytes, 4)),
        };
        if (offset == 0 || offset > at || length > output.Length - at) throw Overflow();
        // A copy may overlap itself: it then repeats what it has just written.
        for (int i = 0; i < length; i++) output[at + i] = output[at + i - (int)offset];
        return length;
    }

    private static long LittleEndian(ref ByteReader bytes, int count)
    {
        long value = 0;
        for (int i = 0; i < count; i++) value |= (long)bytes.Byte() << 8 * i;
        return value;
    }

    private static InvalidDataException Overflow() => new("compressed data points outside its page");
}
