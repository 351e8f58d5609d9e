using System.Buffers.Binary;
using System.Globalization;

namespace Rouser.Data;

/// <summary>Reads one N-MNIST recording (Orchard et al. 2015), a file of 5-byte big-endian records.</summary>
/// <remarks>
/// A record is x, y, then 24 bits: bit 23 the polarity (1 = ON), bits 22 to 0 the time in µs. A record with y = 240
/// is no event but a time overflow: it adds 2¹³ µs to every later time. In the 1,000 recordings of the official
/// training set that the tests read there is none, time never falls, and every coordinate lies on the sensor.
/// </remarks>
public static class NMnistDecoder
{
    /// <summary>Columns and rows of the sensor.</summary>
    public const int SensorSize = 34;

    /// <summary>
    /// The most records of a file. Recordings hold up to about 7,200, so a longer file is something else.
    /// </summary>
    public const int MaxRecords = 1 << 20;

    /// <summary>The length of a record in bytes.</summary>
    public const int RecordBytes = 5;

    /// <summary>Part of a data set's digest; changes whenever the same file would give other events.</summary>
    public const int Version = 1;

    private const byte OverflowRow = 240;
    private const long OverflowMicroseconds = 1 << 13;

    /// <summary>The most records are a whole number of blocks, so that no block reaches past them.</summary>
    private const int BlockRecords = 1024;

    /// <summary>Decodes a recording to its end.</summary>
    /// <param name="stream">The recording; read from its position on, not closed.</param>
    /// <param name="place">The file's name for mistakes.</param>
    /// <param name="width">Columns of the sensor: other recordings than N-MNIST's come in this format too.</param>
    /// <param name="height">Rows of the sensor, at most 240.</param>
    /// <returns>The events in the order of the file, at least one; or the first defect with its byte offset.</returns>
    public static Result<SensorEvent[]> Decode(Stream stream, string place, int width = SensorSize, int height = SensorSize)
    {
        ArgumentNullException.ThrowIfNull(stream);
        // The length of a file says how many events to expect; growing would cost large arrays on the way. Every
        // element is written before it is read.
        SensorEvent[] events = GC.AllocateUninitializedArray<SensorEvent>(
            stream.CanSeek ? (int)Math.Clamp((stream.Length - stream.Position) / RecordBytes, 0, MaxRecords) : BlockRecords
        );
        Span<byte> block = stackalloc byte[RecordBytes * BlockRecords];
        uint columns = (uint)width,
            rows = (uint)height;
        long blockOffset = 0,
            overflow = 0,
            last = 0;
        int count = 0,
            read;
        do
        {
            read = stream.ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
            if (blockOffset == (long)MaxRecords * RecordBytes && read >= RecordBytes)
                return Defect(place, blockOffset, $"is record {MaxRecords + 1}, far more than a recording holds");
            int records = read / RecordBytes;
            if (events.Length - count < records)
                Array.Resize(ref events, Math.Max(2 * count, count + records));
            for (int at = 0; at < records * RecordBytes; at += RecordBytes)
            {
                // Row, polarity and time, big-endian.
                uint word = BinaryPrimitives.ReadUInt32BigEndian(block[(at + 1)..]);
                uint x = block[at],
                    y = word >> 24;
                if (x >= columns || y >= rows)
                {
                    if (y != OverflowRow)
                        return Defect(place, blockOffset + at, $"has coordinates ({x}, {y}) outside the {width}×{height} sensor");
                    overflow += OverflowMicroseconds;
                    continue;
                }
                long time = overflow + (word & 0x7FFFFF);
                // An event on the wrong side of its overflow record runs back by up to one overflow; more is a
                // damaged time.
                if (time < last - OverflowMicroseconds)
                    return Defect(place, blockOffset + at, $"runs back in time from {last} to {time} µs");
                last = Math.Max(last, time);
                events[count++] = new(time, (ushort)x, (ushort)y, (word & 0x800000) != 0);
            }
            blockOffset += records * RecordBytes;
        } while (read == block.Length);
        if (read % RecordBytes is > 0 and int left)
            return Defect(place, blockOffset, $"is truncated: the record holds {left} of {RecordBytes} bytes");
        if (count == 0)
            return new UserError(
                place,
                "holds no events; it is no recording in N-MNIST's format or a broken download, so fetch it again"
            );
        if (count < events.Length)
            Array.Resize(ref events, count);
        return events;
    }

    private static UserError Defect(string place, long offset, string what) =>
        new(
            place,
            string.Create(
                CultureInfo.InvariantCulture,
                $"byte {offset} {what}; it is no recording in N-MNIST's format or a damaged one, so fetch it again"
            )
        );
}
