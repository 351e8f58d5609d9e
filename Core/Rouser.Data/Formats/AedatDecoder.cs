using System.Buffers.Binary;
using System.Globalization;

namespace Rouser.Data.Formats;

/// <summary>
/// Reads the polarity events of an AEDAT 3.1 file, the format of DVS128 Gesture (iniVation; Amir et al. 2017).
/// </summary>
/// <remarks>
/// ASCII lines that start with <c>#</c> and end in CR LF, the last <c>#!END-HEADER</c>; then packets, little-endian:
/// a header of 28 bytes (u16 type, u16 source, u32 size of an event, u32 offset of its time, u32 overflow, u32
/// capacity, u32 number, u32 valid) and capacity × size bytes, of which the first number × size are events. Type 1 is
/// polarity, of 8 bytes: u32 with bit 0 valid, bit 1 polarity, bits 2 to 16 y, bits 17 to 31 x; then u32, the low 31
/// bits of the time, whose high bits are the packet's overflow. Other packets and invalid events are passed over. A
/// file that was cut inside the unused part of its last packet is whole.
/// </remarks>
public static class AedatDecoder
{
    /// <summary>Part of a data set's digest; changes whenever the same file would give other events.</summary>
    public const int Version = 1;

    /// <summary>The most events of a file; the longest recording of DVS128 Gesture holds about a tenth.</summary>
    public const int MaxEvents = 1 << 26;

    private const int HeaderBytes = 28,
        EventBytes = 8,
        PolarityType = 1,
        MaxLine = 4096,
        MaxLines = 10_000;

    /// <summary>Far more than any camera puts into one; bounds what is skipped or read for a damaged header.</summary>
    private const long MaxPacketBytes = 1L << 28;

    /// <summary>Decodes a recording to its end.</summary>
    /// <param name="stream">The recording; read from its position on, not closed.</param>
    /// <param name="place">The file's name for mistakes.</param>
    /// <param name="width">Columns of the sensor.</param>
    /// <param name="height">Rows of the sensor.</param>
    /// <returns>The valid events in the order of the file, with the camera's own time; or the first defect with its
    /// byte offset.</returns>
    public static Result<SensorEvent[]> Decode(Stream stream, string place, int width = 128, int height = 128)
    {
        ArgumentNullException.ThrowIfNull(stream);
        long offset = 0;
        if (SkipText(stream, ref offset) is { } wrong)
            return Defect(offset, wrong);
        List<SensorEvent> events = [];
        byte[] buffer = new byte[EventBytes * 8192];
        while (true)
        {
            int got = stream.ReadAtLeast(buffer.AsSpan(0, HeaderBytes), HeaderBytes, throwOnEndOfStream: false);
            if (got == 0)
                break;
            if (got < HeaderBytes)
                return Defect(offset, $"is truncated: the packet's header holds {got} of {HeaderBytes} bytes");
            ReadOnlySpan<byte> header = buffer;
            int type = BinaryPrimitives.ReadUInt16LittleEndian(header);
            uint size = Word(header, 4),
                timeOffset = Word(header, 8),
                overflow = Word(header, 12),
                capacity = Word(header, 16),
                number = Word(header, 20);
            if (number > capacity)
                return Defect(offset, $"starts a packet of {number} events with room for {capacity}");
            if ((long)capacity * size > MaxPacketBytes)
                return Defect(offset, $"starts a packet of {(long)capacity * size:N0} bytes, far more than a camera sends");
            if (type == PolarityType && (size != EventBytes || timeOffset != 4))
                return Defect(
                    offset,
                    $"starts a polarity packet with events of {size} bytes and their time at {timeOffset}; AEDAT 3.1 has 8 and 4"
                );
            if (overflow > int.MaxValue)
                return Defect(offset, $"has an overflow count of {overflow}");
            offset += HeaderBytes;

            long wanted = (long)number * size,
                unused = ((long)capacity - number) * size;
            if (type == PolarityType)
            {
                for (long left = wanted; left > 0; )
                {
                    Span<byte> chunk = buffer.AsSpan(0, (int)Math.Min(buffer.Length, left));
                    got = stream.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false);
                    for (int i = 0; i + EventBytes <= got; i += EventBytes)
                    {
                        uint data = Word(chunk, i),
                            time = Word(chunk, i + 4);
                        if ((data & 1) == 0)
                            continue;
                        uint x = data >> 17,
                            y = (data >> 2) & 0x7FFF;
                        if (x >= width || y >= height)
                            return Defect(offset + i, $"has coordinates ({x}, {y}) outside the {width}×{height} sensor");
                        if (time > int.MaxValue)
                            return Defect(offset + i + 4, "has a time of 32 bits; a packet's overflow counts the upper ones");
                        if (events.Count == MaxEvents)
                            return Defect(offset + i, $"is event {MaxEvents + 1}, far more than a recording holds");
                        events.Add(new(((long)overflow << 31) | time, (ushort)x, (ushort)y, (data & 2) != 0));
                    }
                    offset += got;
                    if (got < chunk.Length)
                        return Defect(offset, $"ends the file {left - got} bytes before its packet");
                    left -= got;
                }
            }
            else if (!Skip(stream, wanted, buffer, ref offset))
                return Defect(offset, "ends the file within a packet");
            if (!Skip(stream, unused, buffer, ref offset))
                break;
        }
        return events.Count > 0
            ? events.ToArray()
            : new UserError(place, "holds no polarity events; it is no recording of an event camera or a broken download");

        UserError Defect(long at, string what) =>
            new(
                place,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"byte {at} {what}; it is no AEDAT 3.1 recording or a damaged one, so fetch it again"
                )
            );
    }

    private static uint Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static bool Skip(Stream stream, long count, byte[] buffer, ref long offset)
    {
        while (count > 0)
        {
            int got = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, count));
            if (got == 0)
                return false;
            count -= got;
            offset += got;
        }
        return true;
    }

    /// <summary>Passes the lines of text over; null, or what is wrong with them.</summary>
    private static string? SkipText(Stream stream, ref long offset)
    {
        Span<byte> line = stackalloc byte[MaxLine];
        for (int number = 0; number < MaxLines; number++)
        {
            int length = 0;
            while (true)
            {
                int next = stream.ReadByte();
                if (next < 0)
                    return "ends the file before #!END-HEADER";
                if (length == 0 && next != '#')
                    return number == 0
                        ? "is no # of a header"
                        : "follows a line of the header without being one, before #!END-HEADER";
                if (length == MaxLine)
                    return $"starts a header line of more than {MaxLine} bytes";
                line[length++] = (byte)next;
                if (next == '\n')
                    break;
            }
            ReadOnlySpan<byte> text = line[..length].TrimEnd("\r\n"u8);
            if (number == 0 && !text.StartsWith("#!AER-DAT3."u8))
                return "is no #!AER-DAT3.1";
            offset += length;
            if (text.SequenceEqual("#!END-HEADER"u8))
                return null;
        }
        return $"comes after {MaxLines} header lines without #!END-HEADER";
    }
}
