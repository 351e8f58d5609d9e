using System.Buffers;
using System.Buffers.Binary;
using Rouser.Storage.Parquet.BuiltIn.Metadata;

namespace Rouser.Storage.Parquet.BuiltIn.Plain;

/// <summary>DOUBLE: IEEE 754, eight bytes, little-endian.</summary>
internal readonly struct PlainDouble : IPlainReader<double>, IPlainWriter<double>
{
    public static PhysicalType Type => PhysicalType.Double;

    public static IEqualityComparer<double>? Equality { get; } = new ByBits();

    public static bool WantsDictionary => true;

    public static int Fitting(ReadOnlySpan<double> values, int bytes) => LittleEndian.Fitting(values, bytes);

    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<double> values) => LittleEndian.Write(output, values);

    public static void Read(ref ByteReader bytes, Span<double> values) => LittleEndian.Read(ref bytes, values);

    /// <remarks>
    /// parquet.thrift, ColumnOrder: NaN has no place in the order and is left out; a zero as the minimum is written as -0 and as the
    /// maximum as +0, because readers may compare either way.
    /// </remarks>
    public static Bounds? Bounds(ReadOnlySpan<double> values)
    {
        (double min, double max) = (double.PositiveInfinity, double.NegativeInfinity);
        bool ordered = false;
        foreach (double value in values)
        {
            if (double.IsNaN(value)) continue;
            ordered = true;
            if (value < min) min = value;
            if (value > max) max = value;
        }
        return ordered ? new(Bytes(min == 0 ? -0.0 : min), Bytes(max == 0 ? 0.0 : max)) : null;
    }

    private static byte[] Bytes(double value)
    {
        byte[] bytes = new byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        return bytes;
    }

    // The type's own equality holds 0 and -0 for one.
    private sealed class ByBits : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => BitConverter.DoubleToInt64Bits(x) == BitConverter.DoubleToInt64Bits(y);

        public int GetHashCode(double value) => BitConverter.DoubleToInt64Bits(value).GetHashCode();
    }
}
