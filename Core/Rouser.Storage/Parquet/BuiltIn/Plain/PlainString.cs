using System.Buffers;
using System.Buffers.Binary;
using System.Text.Unicode;
using Rouser.Storage.Parquet.BuiltIn.Metadata;

namespace Rouser.Storage.Parquet.BuiltIn.Plain;

/// <summary>BYTE_ARRAY that holds UTF-8: a length of four bytes, then as many bytes.</summary>
internal readonly struct PlainString : IPlainReader<string>, IPlainWriter<string>
{
    // A bound stands in the footer, once a chunk. A long text there costs every reader more than it saves one.
    private const int MaxBound = 256;

    public static PhysicalType Type => PhysicalType.ByteArray;

    public static IEqualityComparer<string>? Equality => null;

    public static bool WantsDictionary => true;

    public static int Fitting(ReadOnlySpan<string> values, int bytes)
    {
        int count = 0;
        for (long room = bytes; count < values.Length && (count == 0 || room > 0); count++) room -= 4 + 3L * values[count].Length;
        return count;
    }

    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<string> values)
    {
        foreach (string value in values)
        {
            int length = System.Text.Encoding.UTF8.GetByteCount(value);
            Span<byte> bytes = output.GetSpan(4 + length);
            BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
            System.Text.Encoding.UTF8.GetBytes(value, bytes[4..]);
            output.Advance(4 + length);
        }
    }

    public static void Read(ref ByteReader bytes, Span<string> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlySpan<byte> text = bytes.Take(bytes.Int32());
            values[i] = Utf8.IsValid(text) ? System.Text.Encoding.UTF8.GetString(text) : throw new InvalidDataException("a text is not UTF-8");
        }
    }

    /// <remarks>The order is that of the unsigned bytes, which is the order of code points and not that of UTF-16.</remarks>
    public static Bounds? Bounds(ReadOnlySpan<string> values)
    {
        if (values.IsEmpty) return null;
        (string min, string max) = (values[0], values[0]);
        foreach (string value in values)
        {
            if (CompareCodePoints(value, min) < 0) min = value;
            if (CompareCodePoints(value, max) > 0) max = value;
        }
        (byte[] low, byte[] high) = (System.Text.Encoding.UTF8.GetBytes(min), System.Text.Encoding.UTF8.GetBytes(max));
        return low.Length <= MaxBound && high.Length <= MaxBound ? new(low, high) : null;
    }

    // In UTF-16 a surrogate (D800 to DFFF) sorts below the units E000 to FFFF, though what it stands for lies above them all.
    private static int CompareCodePoints(string x, string y)
    {
        int common = x.AsSpan().CommonPrefixLength(y);
        if (common == x.Length || common == y.Length) return x.Length - y.Length;
        return Rank(x[common]) - Rank(y[common]);

        static int Rank(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
    }
}
