using System.Buffers;

namespace Rouser.Storage.Parquet.BuiltIn;

/// <summary>Unsigned LEB128: seven bits a byte, the lowest first. <see cref="ByteReader.Varint"/> reads it.</summary>
internal static class Varint
{
    /// <summary>Appends the value.</summary>
    public static void Write(IBufferWriter<byte> output, ulong value)
    {
        Span<byte> bytes = output.GetSpan(10);
        int length = 0;
        for (; value >= 0x80; value >>= 7) bytes[length++] = (byte)(value | 0x80);
        bytes[length++] = (byte)value;
        output.Advance(length);
    }
}
