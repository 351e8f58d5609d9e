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
    /// <returns>The events in the order of the file, at least one; or the first defect with its byte offset.</returns>
    public static Result<IReadOnlyList<SensorEvent>> Decode(Stream stream, string place)
    {
        ArgumentNullException.ThrowIfNull(stream);
        // The length of a file says how many events to expect; growing would cost large arrays on the way.
        List<SensorEvent> events = new(stream.CanSeek ? (int)Math.Clamp((stream.Length - stream.Position) / RecordBytes, 0, MaxRecords) : 0);
        Span<byte> buffer = stackalloc byte[RecordBytes * 1024];
        long offset = 0, overflow = 0, last = 0;
        while (true)
        {
            int read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            for (int i = 0; i < read; i += RecordBytes, offset += RecordBytes)
            {
                if (read - i < RecordBytes) return Defect($"is truncated: the record holds {read - i} of {RecordBytes} bytes");
                if (offset >= (long)MaxRecords * RecordBytes) return Defect($"is record {MaxRecords + 1}, far more than a recording holds");
                byte x = buffer[i], y = buffer[i + 1], high = buffer[i + 2];
                if (y == OverflowRow)
                {
                    overflow += OverflowMicroseconds;
                    continue;
                }
                if (x >= SensorSize || y >= SensorSize) return Defect($"has coordinates ({x}, {y}) outside the {SensorSize}×{SensorSize} sensor");
                long time = overflow + (((high & 0x7F) << 16) | (buffer[i + 3] << 8) | buffer[i + 4]);
                // An event on the wrong side of its overflow record runs back by up to one overflow; more is a damaged time.
                if (time < last - OverflowMicroseconds) return Defect($"runs back in time from {last} to {time} µs");
                last = Math.Max(last, time);
                events.Add(new(time, x, y, (high & 0x80) != 0));
            }
            if (read < buffer.Length) break;
        }
        return events.Count > 0 ? events : new Mistake(place, "holds no events; it is no N-MNIST recording or a broken download, so fetch it again");

        Mistake Defect(string what) => new(place, string.Create(
            CultureInfo.InvariantCulture, $"byte {offset} {what}; it is no N-MNIST recording or a damaged one, so fetch it again"));
    }
}
