using System.Buffers.Binary;

namespace Rouser.Testing;

/// <summary>Files in MNIST's IDX format, byte by byte.</summary>
internal static class IdxBytes
{
    /// <summary>Numbers of 32 bits, big-endian: type and dimensions, then the length of each.</summary>
    public static byte[] Header(params uint[] numbers)
    {
        byte[] bytes = new byte[sizeof(uint) * numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(sizeof(uint) * i), numbers[i]);
        return bytes;
    }
}
