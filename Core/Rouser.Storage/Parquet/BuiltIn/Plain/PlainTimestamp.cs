using System.Buffers;
using System.Buffers.Binary;
using Rouser.Storage.Parquet.BuiltIn.Metadata;

namespace Rouser.Storage.Parquet.BuiltIn.Plain;

/// <summary>TIMESTAMP in an INT64: units since 1970-01-01T00:00Z. We write microseconds.</summary>
/// <typeparam name="TUnit">The unit to read.</typeparam>
internal readonly struct PlainTimestamp<TUnit> : IPlainReader<DateTimeOffset>, IPlainWriter<DateTimeOffset>
    where TUnit : struct, ITimestampUnit
{
    public static PhysicalType Type => PhysicalType.Int64;

    public static IEqualityComparer<DateTimeOffset>? Equality => null;

    public static bool WantsDictionary => true;

    public static int Fitting(ReadOnlySpan<DateTimeOffset> values, int bytes) => Math.Min(values.Length, bytes / sizeof(long));

    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<DateTimeOffset> values)
    {
        Span<byte> bytes = output.GetSpan(values.Length * sizeof(long));
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(bytes[(i * sizeof(long))..], Micros(values[i]));
        output.Advance(values.Length * sizeof(long));
    }

    public static void Read(ref ByteReader bytes, Span<DateTimeOffset> values)
    {
        ReadOnlySpan<byte> units = bytes.Take((long)values.Length * sizeof(long));
        for (int i = 0; i < values.Length; i++)
        {
            // 128 bits, so that no unit overflows on its way to ticks.
            Int128 ticks = TUnit.Ticks(BinaryPrimitives.ReadInt64LittleEndian(units[(i * sizeof(long))..])) + DateTimeOffset.UnixEpoch.Ticks;
            values[i] = ticks >= 0 && ticks <= DateTimeOffset.MaxValue.Ticks
                ? new DateTimeOffset((long)ticks, TimeSpan.Zero)
                : throw new InvalidDataException("a timestamp lies outside the years 1 to 9999");
        }
    }

    public static Bounds? Bounds(ReadOnlySpan<DateTimeOffset> values)
    {
        if (values.IsEmpty) return null;
        (DateTimeOffset min, DateTimeOffset max) = (values[0], values[0]);
        foreach (DateTimeOffset value in values)
        {
            if (value < min) min = value;
            if (value > max) max = value;
        }
        return PlainInt64.Bounds([Micros(min), Micros(max)]);
    }

    private static long Micros(DateTimeOffset time) =>
        time.UtcTicks / TimeSpan.TicksPerMicrosecond - DateTimeOffset.UnixEpoch.Ticks / TimeSpan.TicksPerMicrosecond;
}

/// <summary>What a timestamp counts.</summary>
internal interface ITimestampUnit
{
    /// <summary>The count in ticks of 100 ns.</summary>
    static abstract Int128 Ticks(long count);
}

/// <summary>Thousandths of a second.</summary>
internal readonly struct Millis : ITimestampUnit
{
    public static Int128 Ticks(long count) => (Int128)count * TimeSpan.TicksPerMillisecond;
}

/// <summary>Millionths of a second.</summary>
internal readonly struct Micros : ITimestampUnit
{
    public static Int128 Ticks(long count) => (Int128)count * TimeSpan.TicksPerMicrosecond;
}

/// <summary>Thousand-millionths of a second; a tick is a hundred of them.</summary>
internal readonly struct Nanos : ITimestampUnit
{
    public static Int128 Ticks(long count)
    {
        (long ticks, long rest) = Math.DivRem(count, TimeSpan.NanosecondsPerTick);
        return rest < 0 ? ticks - 1 : ticks; // down, also before 1970
    }
}
