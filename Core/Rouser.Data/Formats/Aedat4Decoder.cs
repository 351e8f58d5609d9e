using System.Buffers.Binary;
using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using K4os.Compression.LZ4.Streams;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Rouser.Data.Formats;

/// <summary>
/// Reads the polarity events of an AEDAT 4.0 file, as iniVation's DV software and dv-processing write it.
/// </summary>
/// <remarks>
/// <c>#!AER-DAT4.0</c> and CR LF; u32 length and a FlatBuffer <c>IOHE</c>: the compression (none, LZ4, LZ4 high,
/// Zstd, Zstd high), where the table of contents starts (−1: there is none), and an XML text that names the kind and
/// sensor of each stream. Then packets: i32 stream, i32 length, and so many bytes, compressed one by one as LZ4 or
/// Zstd frames; within, u32 length and a FlatBuffer. Those of kind <c>EVTS</c> hold one list of events of 16 bytes:
/// i64 time in µs since 1970, i16 x, i16 y, u8 polarity, three unused. Other streams (frames, inertial samples,
/// triggers) and the table of contents are passed over. A file whose last packet was cut, as a recording that was
/// broken off leaves it, is refused.
/// </remarks>
public static class Aedat4Decoder
{
    /// <summary>What a file begins with.</summary>
    internal const string Magic = "#!AER-DAT4.0";

    private const int EventBytes = 16,
        MaxHeaderBytes = 1 << 20,
        MaxPacketBytes = 1 << 26,
        MaxUnpackedBytes = 1 << 28;

    /// <summary>DV's windows are 8 MiB at most; a damaged frame could ask for 2 GiB.</summary>
    private const int MaxWindowLog = 23;

    private static readonly byte[] Events = "EVTS"u8.ToArray(),
        Header = "IOHE"u8.ToArray();

    /// <summary>Decodes a recording to its end.</summary>
    /// <param name="stream">The recording; read from its position on, not closed.</param>
    /// <param name="place">The file's name for mistakes.</param>
    /// <param name="width">Columns of the sensor.</param>
    /// <param name="height">Rows of the sensor.</param>
    /// <returns>The events in the order of the file, with the camera's own time; or the first defect with its byte
    /// offset.</returns>
    public static Result<RecordedEvents> Decode(Stream stream, string place, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(stream);
        long offset = 0;
        try
        {
            byte[] magic = ReadBytes(stream, Magic.Length + 2, ref offset);
            if (!magic.AsSpan().StartsWith("#!AER-DAT4.0\r\n"u8))
                throw new MalformedFileException(0, "is no #!AER-DAT4.0");
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(stream, 4, ref offset));
            if (length > MaxHeaderBytes)
                throw new MalformedFileException(offset, $"starts a header of {length:N0} bytes");
            FlatTable header = FlatTable.Root(ReadBytes(stream, (int)length, ref offset), Header);
            (int compression, long end) = (header.Int32(0, 0), header.Int64(1, -1));
            if (compression is < 0 or > 4)
                throw new MalformedFileException(offset, $"follows a header with the unknown compression {compression}");
            EventStream source = FindStream(header.Text(2));
            if (source.Id < 0)
                return new UserError(
                    place,
                    "is AEDAT 4.0, but names no stream of polarity events; it is a recording of something else"
                );
            if (source.Width > width || source.Height > height)
                return new UserError(
                    place,
                    $"is from a sensor of {source.Width}×{source.Height}; set dataset.width: {source.Width} and "
                        + $"dataset.height: {source.Height}"
                );

            List<SensorEvent> events = [];
            byte[] head = new byte[8];
            while (end < 0 || offset < end)
            {
                int got = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
                if (got == 0 && end < 0)
                    break;
                if (got < head.Length)
                    throw new MalformedFileException(offset + got, "ends the file within the head of a packet");
                (int id, int size) = (
                    BinaryPrimitives.ReadInt32LittleEndian(head),
                    BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(4))
                );
                if (size is < 0 or > MaxPacketBytes)
                    throw new MalformedFileException(offset, $"starts a packet of {size:N0} bytes");
                long at = offset;
                offset += head.Length;
                byte[] body = ReadBytes(stream, size, ref offset);
                if (id == source.Id)
                    AddEvents(Unpack(body, compression, at), at, events, width, height);
            }
            return events.Count > 0
                ? new RecordedEvents([.. events], source.Remark)
                : new UserError(place, "is AEDAT 4.0, but holds no polarity events");
        }
        catch (MalformedFileException e)
        {
            return new UserError(
                place,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"byte {e.Offset} {e.Message}; it is no AEDAT 4.0 recording or a damaged one"
                )
            );
        }
    }

    private static void AddEvents(byte[] packet, long at, List<SensorEvent> events, int width, int height)
    {
        // The packet's own length stands before the FlatBuffer.
        FlatTable table = FlatTable.Root(packet.Length < 4 ? [] : packet.AsSpan(4), Events);
        ReadOnlySpan<byte> list = table.List(0, EventBytes);
        if (events.Count + (list.Length / EventBytes) > AedatDecoder.MaxEvents)
            throw new MalformedFileException(
                at,
                $"starts a packet with event {AedatDecoder.MaxEvents + 1}, far more than a recording holds"
            );
        events.EnsureCapacity(events.Count + (list.Length / EventBytes));
        for (; !list.IsEmpty; list = list[EventBytes..])
        {
            long time = BinaryPrimitives.ReadInt64LittleEndian(list);
            int x = BinaryPrimitives.ReadInt16LittleEndian(list[8..]),
                y = BinaryPrimitives.ReadInt16LittleEndian(list[10..]);
            if (x < 0 || x >= width || y < 0 || y >= height)
                throw new MalformedFileException(
                    at,
                    $"starts a packet with coordinates ({x}, {y}) outside the {width}×{height} sensor"
                );
            if (!(Math.Abs((double)time) < TimeUnits.MaxMicroseconds))
                throw new MalformedFileException(at, $"starts a packet with the time {time} µs");
            events.Add(new(time, (ushort)x, (ushort)y, list[12] != 0));
        }
    }

    private static byte[] Unpack(byte[] body, int compression, long at)
    {
        if (compression == 0)
            return body;
        try
        {
            using MemoryStream packed = new(body, writable: false);
            using Stream unpacked = compression is 1 or 2 ? LZ4Stream.Decode(packed, leaveOpen: true) : Zstd(packed);
            using MemoryStream whole = new();
            byte[] block = new byte[1 << 16];
            for (int got; (got = unpacked.Read(block)) > 0; )
            {
                if (whole.Length + got > MaxUnpackedBytes)
                    throw new MalformedFileException(
                        at,
                        $"starts a packet that unpacks to more than {MaxUnpackedBytes:N0} bytes"
                    );
                whole.Write(block, 0, got);
            }
            return whole.ToArray();
        }
        catch (Exception e) when (e is not (MalformedFileException or OutOfMemoryException))
        {
            // What the two libraries throw at damaged frames has no type in common.
            throw new MalformedFileException(at, "starts a packet that cannot be unpacked");
        }
    }

    private static DecompressionStream Zstd(Stream packed)
    {
        DecompressionStream unpacked = new(packed, leaveOpen: true);
        unpacked.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxWindowLog);
        return unpacked;
    }

    /// <summary>
    /// The stream of polarity events in the header's XML: nodes named by the streams' numbers, each with an attribute
    /// <c>typeIdentifier</c> and a node <c>info</c> with the sensor's size.
    /// </summary>
    private static EventStream FindStream(string xml)
    {
        try
        {
            using XmlReader reader = XmlReader.Create(
                new StringReader(xml),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit }
            );
            (int Id, XElement Node)[] streams =
            [
                .. XElement
                    .Load(reader)
                    .DescendantsAndSelf("node")
                    .Where(node => Attribute(node, "typeIdentifier") == "EVTS")
                    .Select(node => (Id: Number(node.Attribute("name")?.Value) ?? -1, node))
                    .Where(s => s.Id >= 0)
                    .OrderBy(s => s.Id),
            ];
            if (streams.Length == 0)
                return new(-1, 0, 0, "");
            XElement? info = streams[0].Node.Elements("node").FirstOrDefault(node => node.Attribute("name")?.Value == "info");
            return new(
                streams[0].Id,
                Number(info is null ? null : Attribute(info, "sizeX")) ?? 0,
                Number(info is null ? null : Attribute(info, "sizeY")) ?? 0,
                streams.Length == 1 ? "" : $"of {streams.Length} streams of events the first is read"
            );
        }
        catch (XmlException)
        {
            return new(-1, 0, 0, "");
        }

        static string? Attribute(XElement node, string key) =>
            node.Elements("attr").FirstOrDefault(a => a.Attribute("key")?.Value == key)?.Value;

        static int? Number(string? text) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
    }

    private static byte[] ReadBytes(Stream stream, int count, ref long offset)
    {
        // Grows with what comes, because a damaged length can promise anything.
        byte[] bytes = new byte[Math.Min(count, 1 << 20)];
        for (int filled = 0; ; )
        {
            int got = stream.ReadAtLeast(bytes.AsSpan(filled), bytes.Length - filled, throwOnEndOfStream: false);
            offset += got;
            if (filled + got < bytes.Length)
                throw new MalformedFileException(offset, "ends the file too early");
            if (bytes.Length == count)
                return bytes;
            filled = bytes.Length;
            Array.Resize(ref bytes, (int)Math.Min(count, 2L * filled));
        }
    }

    private readonly record struct EventStream(int Id, int Width, int Height, string Remark);
}
