using System.Buffers;
using Rouser.Storage.Parquet.BuiltIn.Metadata;
using Rouser.Storage.Parquet.BuiltIn.Pages;

namespace Rouser.Storage.Parquet.BuiltIn.Plain;

/// <summary>BOOLEAN: a bit each, the lowest first.</summary>
internal readonly struct PlainBoolean : IPlainReader<bool>, IPlainWriter<bool>
{
    public static PhysicalType Type => PhysicalType.Boolean;

    public static IEqualityComparer<bool>? Equality => null;

    public static bool WantsDictionary => false;

    public static int Fitting(ReadOnlySpan<bool> values, int bytes) => Math.Min(values.Length, bytes * 8);

    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<bool> values)
    {
        int length = (values.Length + 7) / 8;
        Span<byte> bits = output.GetSpan(length)[..length];
        bits.Clear();
        for (int i = 0; i < values.Length; i++)
            if (values[i]) bits[i >> 3] |= (byte)(1 << (i & 7));
        output.Advance(length);
    }

    public static void Read(ref ByteReader bytes, Span<bool> values)
    {
        ReadOnlySpan<byte> bits = bytes.Take((values.Length + 7) / 8);
        for (int i = 0; i < values.Length; i++) values[i] = (bits[i >> 3] >> (i & 7) & 1) != 0;
    }

    public static bool HasRuns => true;

    public static void ReadRuns(ref ByteReader bytes, Span<bool> values)
    {
        var runs = new ByteReader(bytes.Take(bytes.Int32()));
        int[] bits = new int[values.Length];
        RleBitPackedHybrid.Read(ref runs, bitWidth: 1, bits);
        for (int i = 0; i < values.Length; i++) values[i] = bits[i] != 0;
    }

    public static Bounds? Bounds(ReadOnlySpan<bool> values) => values.IsEmpty
        ? null
        : new([values.Contains(false) ? (byte)0 : (byte)1], [values.Contains(true) ? (byte)1 : (byte)0]);
}
