using Rouser.Data.Formats;
using Rouser.Data.Recordings;

namespace Rouser.Data.Tests;

/// <summary>Records written by hand, and a second, naive decoder to compare with.</summary>
internal static class NMnistBytes
{
    public static byte[] Record(int x, int y, bool on, int microseconds) =>
        [(byte)x, (byte)y, (byte)((on ? 128 : 0) | (microseconds >> 16)), (byte)(microseconds >> 8), (byte)microseconds];

    public static byte[] Overflow() => Record(0, 240, false, 0);

    public static Result<SensorEvent[]> Decode(params byte[][] records) => Decode(records.SelectMany(r => r).ToArray());

    public static Result<SensorEvent[]> Decode(byte[] file)
    {
        using MemoryStream stream = new(file);
        return NMnistDecoder.Decode(stream, "x.bin");
    }

    /// <summary>Bit by bit from the 40-bit string of each record, for well-formed files.</summary>
    public static List<SensorEvent> DecodeNaively(byte[] file)
    {
        List<SensorEvent> events = [];
        long overflow = 0;
        foreach (byte[] record in file.Chunk(5))
        {
            string bits = string.Concat(record.Select(b => Convert.ToString(b, 2).PadLeft(8, '0')));
            int y = Convert.ToInt32(bits[8..16], 2);
            if (y == 240)
                overflow += 8192;
            else
                events.Add(
                    new(
                        overflow + Convert.ToInt32(bits[17..], 2),
                        (ushort)Convert.ToInt32(bits[..8], 2),
                        (ushort)y,
                        bits[16] == '1'
                    )
                );
        }
        return events;
    }
}
