using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Rouser.Storage.Checkpoints;

/// <summary>A file of tensors with a text that tells what they are, and a sum that tells whether it is whole.</summary>
/// <remarks>
/// Little-endian, version 1:
/// <code>
/// offset
/// 0        8 bytes   "RouserTF"
/// 8        uint32    version
/// 12       int32     m, bytes of the text
/// 16       int32     n, number of tensors
/// 20       int32[n]  elements of each tensor
/// 20+4n    m bytes   the text (UTF-8 JSON)
/// …        float32   the tensors' elements, one tensor after the other
/// end-32   32 bytes  SHA-256 of all before
/// </code>
/// </remarks>
internal static class TensorFile
{
    public const uint Version = 1;

    private const int HeadBytes = 20;

    private static ReadOnlySpan<byte> Magic => "RouserTF"u8;

    /// <summary>Writes the file. Tensors go from their arrays to the stream, without copies between.</summary>
    /// <returns>The sum that the file ends in.</returns>
    public static byte[] Write(Stream stream, ReadOnlySpan<byte> text, IReadOnlyList<float[]> tensors)
    {
        byte[] head = new byte[HeadBytes + (sizeof(int) * tensors.Count)];
        Magic.CopyTo(head);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(12), text.Length);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(16), tensors.Count);
        for (int i = 0; i < tensors.Count; i++)
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(HeadBytes + (sizeof(int) * i)), tensors[i].Length);

        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Put(head);
        Put(text);
        foreach (float[] tensor in tensors)
            Put(BytesOf(tensor));
        byte[] sum = hash.GetHashAndReset();
        stream.Write(sum);
        return sum;

        void Put(ReadOnlySpan<byte> bytes)
        {
            hash.AppendData(bytes);
            stream.Write(bytes);
        }
    }

    /// <summary>Reads the file. No length in it is believed before it is held against the file's.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, cut off, of a newer version or something
    /// else.</exception>
    public static (byte[] Text, float[][] Tensors) Read(Stream stream)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long left = stream.Length - SHA256.HashSizeInBytes;
        byte[] head = new byte[Claim(HeadBytes)];
        Get(head);
        if (!head.AsSpan(0, Magic.Length).SequenceEqual(Magic))
            throw new InvalidDataException("it is no tensor file");
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(8));
        if (version != Version)
            throw new InvalidDataException($"its version, {version}, is not the one this rouser understands ({Version})");

        byte[] lengths = new byte[Claim(sizeof(int) * (long)BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(16)))];
        byte[] text = new byte[Claim(BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(12)))];
        Get(lengths);
        Get(text);
        float[][] tensors = new float[lengths.Length / sizeof(int)][];
        for (int i = 0; i < tensors.Length; i++)
        {
            long bytes = Claim(sizeof(float) * (long)BinaryPrimitives.ReadInt32LittleEndian(lengths.AsSpan(sizeof(int) * i)));
            tensors[i] = GC.AllocateUninitializedArray<float>((int)(bytes / sizeof(float)));
            Get(BytesOf(tensors[i]));
        }
        if (left != 0)
            throw new InvalidDataException("it is longer than it says");
        byte[] sum = new byte[SHA256.HashSizeInBytes];
        stream.ReadExactly(sum);
        return hash.GetHashAndReset().AsSpan().SequenceEqual(sum)
            ? (text, tensors)
            : throw new InvalidDataException("its sum is wrong");

        long Claim(long bytes)
        {
            if (bytes < 0 || bytes > left)
                throw new InvalidDataException("it is cut off or damaged");
            left -= bytes;
            return bytes;
        }

        void Get(Span<byte> bytes)
        {
            stream.ReadExactly(bytes);
            hash.AppendData(bytes);
        }
    }

    private static Span<byte> BytesOf(float[] tensor) =>
        BitConverter.IsLittleEndian
            ? MemoryMarshal.AsBytes(tensor.AsSpan())
            : throw new PlatformNotSupportedException("Checkpoints are written on little-endian processors only.");
}
