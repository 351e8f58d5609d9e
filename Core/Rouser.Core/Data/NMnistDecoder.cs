using System.Buffers.Binary;
using System.Globalization;

namespace Rouser.Core.Data;

/// <summary>Reads one N-MNIST recording (Orchard et al. 2015), a file of 5-byte big-endian records.</summary>
/// <remarks>
/// A record is x, y, then 24 bits: bit 23 the polarity (1 = ON), bits 22 to 0 the time in µs. A record with y = 240 is no event but
/// a time overflow: it adds 2¹³ µs to every later time. In the 1,000 recordings of the official training set that the tests read
/// there is none, time never falls, and every coordinate lies on the sensor.
/// </remarks>
public static class NMnistDecoder
{
    /// <summary>Columns and rows of the sensor.</summary>
    public const int SensorSize = 34;

    /// <summary>The most records of a file. Recordings hold up to about 7,200, so a longer file is something else.</summary>
    public const int MaxRecords = 1 << 20;

    /// <summary>The length of a record in bytes.</summary>
    public const int RecordBytes = 5;

    /// <summary>Part of a data set's digest; changes whenever the same file would give other events.</summary>
    public const int Version = 1;

    private const byte OverflowRow = 240;
    private const long OverflowMicroseconds = 1 << 13;

    /// <summary>Decodes a recording to its end.</summary>
    /// <param name="stream">The recording; read from its position on, not closed.</param>
    /// <param name="place">The file's name for mistakes.</param>
    /// <param name="width">Columns of the sensor: other recordings than N-MNIST's come in this format too.</param>
    /// <param name="height">Rows of the sensor, at most 240.</param>
    /// <returns>The events in the order of the file, at least one; or the first defect with its byte offset.</returns>
    public static Result<SensorEvent[]> Decode(Stream stream, string place, int width = SensorSize, int height = SensorSize)
    {
        ArgumentNullException.ThrowIfNull(stream);
        // The length of a file says how many events to expect; growing would cost large arrays on the way.
        SensorEvent[] events = new SensorEvent[stream.CanSeek ? (int)Math.Clamp((stream.Length - stream.Position) / RecordBytes, 0, MaxRecords) : 1024];
        Span<byte> buffer = stackalloc byte[RecordBytes * 1024];
        long offset = 0, overflow = 0, last = 0;
        int count = 0;
        while (true)
        {
            int read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            ReadOnlySpan<byte> records = buffer[..read];
            for (; records.Length >= RecordBytes; records = records[RecordBytes..], offset += RecordBytes)
            {
                if (offset >= (long)MaxRecords * RecordBytes) return Defect($"is record {MaxRecords + 1}, far more than a recording holds");
                byte x = records[0], y = records[1];
                // Polarity and time, big-endian.
                uint word = ((uint)records[2] << 16) | BinaryPrimitives.ReadUInt16BigEndian(records[3..]);
                if (y == OverflowRow)
                {
                    overflow += OverflowMicroseconds;
                    continue;
                }
                if (x >= width || y >= height) return Defect($"has coordinates ({x}, {y}) outside the {width}×{height} sensor");
                long time = overflow + (word & 0x7FFFFF);
                // An event on the wrong side of its overflow record runs back by up to one overflow; more is a damaged time.
                if (time < last - OverflowMicroseconds) return Defect($"runs back in time from {last} to {time} µs");
                last = Math.Max(last, time);
                if (count == events.Length) Array.Resize(ref events, 2 * count);
                events[count++] = new(time, x, y, word >> 23 != 0);
            }
            if (!records.IsEmpty) return Defect($"is truncated: the record holds {records.Length} of {RecordBytes} bytes");
            if (read < buffer.Length) break;
        }
        if (count == 0) return new Mistake(place, "holds no events; it is no recording in N-MNIST's format or a broken download, so fetch it again");
        if (count < events.Length) Array.Resize(ref events, count);
        return events;

        Mistake Defect(string what) => new(place, string.Create(
            CultureInfo.InvariantCulture, $"byte {offset} {what}; it is no recording in N-MNIST's format or a damaged one, so fetch it again"));
    }
}
