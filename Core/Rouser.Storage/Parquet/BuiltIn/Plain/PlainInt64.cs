using System.Buffers;
using System.Buffers.Binary;
using Rouser.Storage.Parquet.BuiltIn.Metadata;

namespace Rouser.Storage.Parquet.BuiltIn.Plain;

/// <summary>INT64: eight bytes, little-endian, signed order.</summary>
internal readonly struct PlainInt64 : IPlainReader<long>, IPlainWriter<long>
{
    public static PhysicalType Type => PhysicalType.Int64;

    public static IEqualityComparer<long>? Equality => null;

    public static bool WantsDictionary => true;

    public static int Fitting(ReadOnlySpan<long> values, int bytes) => LittleEndian.Fitting(values, bytes);

    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<long> values) => LittleEndian.Write(output, values);

    public static void Read(ref ByteReader bytes, Span<long> values) => LittleEndian.Read(ref bytes, values);

    public static Bounds? Bounds(ReadOnlySpan<long> values)
    {
        if (values.IsEmpty) return null;
        (long min, long max) = (values[0], values[0]);
        foreach (long value in values)
        {
            min = Math.Min(min, value);
            max = Math.Max(max, value);
        }
        return new(Bytes(min), Bytes(max));
    }

    private static byte[] Bytes(long value)
    {
        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }
}
