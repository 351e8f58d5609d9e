using System.Buffers;
using System.Buffers.Binary;
using Rouser.Storage.Parquet.BuiltIn.Metadata;

namespace Rouser.Storage.Parquet.BuiltIn.Plain;

/// <summary>INT32: four bytes, little-endian, signed order.</summary>
internal readonly struct PlainInt32 : IPlainReader<int>, IPlainWriter<int>
{
    public static PhysicalType Type => PhysicalType.Int32;

    public static IEqualityComparer<int>? Equality => null;

    public static bool WantsDictionary => true;

    public static int Fitting(ReadOnlySpan<int> values, int bytes) => LittleEndian.Fitting(values, bytes);

    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<int> values) => LittleEndian.Write(output, values);

    public static void Read(ref ByteReader bytes, Span<int> values) => LittleEndian.Read(ref bytes, values);

    public static Bounds? Bounds(ReadOnlySpan<int> values)
    {
        if (values.IsEmpty) return null;
        (int min, int max) = (values[0], values[0]);
        foreach (int value in values)
        {
            min = Math.Min(min, value);
            max = Math.Max(max, value);
        }
        return new(Bytes(min), Bytes(max));
    }

    private static byte[] Bytes(int value)
    {
        byte[] bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}
