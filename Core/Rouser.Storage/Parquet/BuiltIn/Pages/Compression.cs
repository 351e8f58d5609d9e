using System.IO.Compression;
using Rouser.Storage.Parquet.BuiltIn.Metadata;

namespace Rouser.Storage.Parquet.BuiltIn.Pages;

/// <summary>
/// Packs and unpacks pages. We write GZIP: every Parquet reader has it, the .NET base library too, and its checksum finds flipped bits.
/// Brotli packs better, but is an option that some readers are built without.
/// </summary>
internal static class Compression
{
    /// <summary>Appends the packed <paramref name="page"/> to <paramref name="output"/>.</summary>
    public static void Compress(ReadOnlySpan<byte> page, Stream output)
    {
        using var gzip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true);
        gzip.Write(page);
    }

    /// <summary>Unpacks a page.</summary>
    /// <param name="codec">How it was packed.</param>
    /// <param name="packed">Its bytes, the array behind which must not change.</param>
    /// <param name="length">What it unpacks to.</param>
    /// <exception cref="InvalidDataException">The page is damaged, or packed in a way we do not know.</exception>
    public static ReadOnlyMemory<byte> Decompress(Codec codec, ReadOnlyMemory<byte> packed, int length)
    {
        switch (codec)
        {
            case Codec.Uncompressed:
                return packed.Length == length ? packed : throw new InvalidDataException($"a page of {length} bytes takes {packed.Length}");
            case Codec.Snappy:
                byte[] page = new byte[length];
                Snappy.Decompress(packed.Span, page);
                return page;
            case Codec.Gzip:
                return Gunzip(packed, length);
            default:
                string name = Enum.IsDefined(codec) ? codec.ToString().ToUpperInvariant() : $"number {(int)codec}";
                throw new InvalidDataException($"the codec {name} is not known here; write the file with GZIP, SNAPPY or none");
        }
    }

    private static byte[] Gunzip(ReadOnlyMemory<byte> packed, int length)
    {
        using var stream = new MemoryStream(packed.ToArray());
        using var gzip = new GZipStream(stream, CompressionMode.Decompress);
        byte[] page = new byte[length];
        int read = gzip.ReadAtLeast(page, length, throwOnEndOfStream: false);
        if (read < length || gzip.ReadByte() >= 0)
            throw new InvalidDataException($"a page of {length} bytes unpacks to {(read < length ? "fewer" : "more")}");
        return page;
    }
}
