using System.IO.Compression;

namespace Rouser.Web.Feeds;

/// <summary>Bytes in fewer bytes.</summary>
internal static class Compressed
{
    /// <summary>By Brotli, which every browser of today reads.</summary>
    public static byte[] Brotli(byte[] bytes, CompressionLevel level)
    {
        using MemoryStream compressed = new();
        using (BrotliStream stream = new(compressed, level, leaveOpen: true))
            stream.Write(bytes);
        return compressed.ToArray();
    }
}
