using System.Buffers.Binary;

namespace Rouser.Data.Recordings;

/// <summary>A number as a data file holds it.</summary>
internal static class LittleEndianNumber
{
    /// <summary>The number at the start of the bytes.</summary>
    /// <param name="kind">f floating, i signed, any other unsigned.</param>
    /// <param name="size">Bytes: 2, 4 or 8 floating, else 1, 2, 4 or 8.</param>
    /// <param name="at">At least so many bytes.</param>
    public static double Read(char kind, int size, ReadOnlySpan<byte> at) =>
        (kind, size) switch
        {
            ('f', 2) => (double)BinaryPrimitives.ReadHalfLittleEndian(at),
            ('f', 4) => BinaryPrimitives.ReadSingleLittleEndian(at),
            ('f', _) => BinaryPrimitives.ReadDoubleLittleEndian(at),
            ('i', 1) => (sbyte)at[0],
            ('i', 2) => BinaryPrimitives.ReadInt16LittleEndian(at),
            ('i', 4) => BinaryPrimitives.ReadInt32LittleEndian(at),
            ('i', _) => BinaryPrimitives.ReadInt64LittleEndian(at),
            (_, 1) => at[0],
            (_, 2) => BinaryPrimitives.ReadUInt16LittleEndian(at),
            (_, 4) => BinaryPrimitives.ReadUInt32LittleEndian(at),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(at),
        };
}
