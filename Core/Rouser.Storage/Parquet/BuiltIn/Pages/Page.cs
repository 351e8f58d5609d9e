using Rouser.Storage.Parquet.BuiltIn.Metadata;

namespace Rouser.Storage.Parquet.BuiltIn.Pages;

/// <summary>A page as it lies in its chunk.</summary>
/// <param name="Header">What the page says of itself.</param>
/// <param name="Body">Its bytes, packed.</param>
internal readonly record struct Page(PageHeader Header, ReadOnlyMemory<byte> Body)
{
    // Deflate cannot do better than 1032 to 1, nor Snappy than 22 to 1. A page that claims more is damage, found before it costs memory.
    private const int MaxRatio = 1032;

    /// <summary>Whether it holds rows, and not a dictionary.</summary>
    public bool HoldsRows => Header.Type is PageType.Data or PageType.DataV2;

    /// <summary>Takes the first page off <paramref name="chunk"/>.</summary>
    /// <param name="chunk">What is left of the column chunk.</param>
    /// <param name="rows">How many rows it still has to give.</param>
    /// <param name="length">Bytes of the page, its header included.</param>
    /// <exception cref="InvalidDataException">The header contradicts the chunk or itself.</exception>
    public static Page Take(ReadOnlyMemory<byte> chunk, int rows, out int length)
    {
        PageHeader header = PageHeader.Read(chunk.Span, out int headerLength);
        length = headerLength + header.CompressedSize;
        if (header.CompressedSize > chunk.Length - headerLength)
            throw new InvalidDataException($"a page of {header.CompressedSize} bytes does not fit its chunk");
        if (header.UncompressedSize > (long)MaxRatio * header.CompressedSize + 64)
            throw new InvalidDataException($"a page claims to unpack from {header.CompressedSize} to {header.UncompressedSize} bytes");
        var page = new Page(header, chunk.Slice(headerLength, header.CompressedSize));
        if (page.HoldsRows && header.NumValues > rows) throw new InvalidDataException($"a page has {header.NumValues} rows where {rows} are left");
        // An entry takes at least a bit.
        if (header.Type == PageType.Dictionary && header.NumValues > 8L * header.UncompressedSize)
            throw new InvalidDataException($"a dictionary of {header.NumValues} entries takes {header.UncompressedSize} bytes");
        return page;
    }
}
