using System.Buffers;

namespace Rouser.Storage.Parquet.BuiltIn.Pages;

/// <summary>
/// The encoding of levels and dictionary indices: runs of one value, <c>varint(length * 2) value</c>, between groups of eight packed
/// values, <c>varint(groups * 2 + 1) bits</c>.
/// </summary>
internal static class RleBitPackedHybrid
{
    // A run shorter than a group costs more than its bits.
    private const int Group = 8;

    /// <summary>The width that holds all values up to <paramref name="max"/>: 0 for max = 0.</summary>
    public static int BitWidth(int max) => 32 - int.LeadingZeroCount(max);

    /// <summary>Appends the values.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<int> values, int bitWidth)
    {
        for (int at = 0; at < values.Length;)
        {
            int run = RunLength(values[at..], values.Length);
            if (run >= Group || at + run == values.Length)
            {
                WriteRun(output, values[at], run, bitWidth);
                at += run;
                continue;
            }
            int start = at;
            do at += Group;
            while (at < values.Length && RunLength(values[at..], Group) < Group);
            WritePacked(output, values[start..Math.Min(at, values.Length)], bitWidth);
        }
    }

    /// <summary>Fills <paramref name="values"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes end before.</exception>
    public static void Read(ref ByteReader bytes, int bitWidth, Span<int> values)
    {
        if (bitWidth is < 0 or > 32) throw new InvalidDataException($"values of {bitWidth} bits are announced");
        for (int at = 0; at < values.Length;)
        {
            ulong header = bytes.Varint();
            ulong length = header >> 1;
            int left = values.Length - at;
            if ((header & 1) == 0)
            {
                int run = (int)Math.Min(length, (ulong)left);
                int value = 0;
                for (int shift = 0; shift < bitWidth; shift += 8) value |= bytes.Byte() << shift;
                values.Slice(at, run).Fill(value);
                at += run;
            }
            else
            {
                int count = length > (ulong)left / Group ? left : (int)length * Group;
                // Only what is wanted has to be there: some writers cut the padding of the last group.
                long wanted = ((long)count * bitWidth + 7) / 8;
                ReadPacked(bytes.Take(wanted), bitWidth, values.Slice(at, count));
                long padded = length > int.MaxValue ? long.MaxValue : (long)length * bitWidth;
                bytes.Take(Math.Min(padded - wanted, bytes.Remaining));
                at += count;
            }
        }
    }

    private static int RunLength(ReadOnlySpan<int> values, int atMost)
    {
        int end = values.IndexOfAnyExcept(values[0]);
        return Math.Min(end < 0 ? values.Length : end, atMost);
    }

    private static void WriteRun(IBufferWriter<byte> output, int value, int length, int bitWidth)
    {
        Varint.Write(output, (ulong)length << 1);
        for (int shift = 0; shift < bitWidth; shift += 8) output.Write([(byte)(value >> shift)]);
    }

    private static void WritePacked(IBufferWriter<byte> output, ReadOnlySpan<int> values, int bitWidth)
    {
        int groups = (values.Length + Group - 1) / Group;
        Varint.Write(output, (ulong)groups << 1 | 1);
        int length = groups * bitWidth; // eight values of n bits take n bytes
        Span<byte> bytes = output.GetSpan(length)[..length];
        bytes.Clear();
        (ulong bits, int held, int at) = (0, 0, 0);
        foreach (int value in values)
        {
            bits |= (ulong)(uint)value << held;
            for (held += bitWidth; held >= 8; held -= 8, bits >>= 8) bytes[at++] = (byte)bits;
        }
        if (held > 0) bytes[at] = (byte)bits;
        output.Advance(length);
    }

    private static void ReadPacked(ReadOnlySpan<byte> bytes, int bitWidth, Span<int> values)
    {
        ulong mask = (1UL << bitWidth) - 1;
        (ulong bits, int held, int at) = (0, 0, 0);
        for (int i = 0; i < values.Length; i++)
        {
            for (; held < bitWidth; held += 8) bits |= (ulong)bytes[at++] << held;
            values[i] = (int)(bits & mask);
            bits >>= bitWidth;
            held -= bitWidth;
        }
    }
}
