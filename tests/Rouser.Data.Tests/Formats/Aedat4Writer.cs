using System.Buffers.Binary;
using System.Text;
using K4os.Compression.LZ4.Streams;
using Rouser.Data.Recordings;

namespace Rouser.Data.Tests.Formats;

/// <summary>
/// Writes AEDAT 4.0 files from the description of the format, with nothing of the reader: FlatBuffers are laid out by
/// hand, root first, with their list of fields before each table.
/// </summary>
internal sealed class Aedat4Writer
{
    private readonly List<byte> _packets = [];
    private readonly int _compression;
    private readonly string _xml;

    /// <param name="compression">0 none, 1 LZ4, 2 LZ4 high, 3 Zstd, 4 Zstd high.</param>
    /// <param name="width">Columns that the header says.</param>
    /// <param name="height">Rows that the header says.</param>
    /// <param name="streams">The kinds of the streams, from number 0 on.</param>
    public Aedat4Writer(int compression, int width = 8, int height = 4, params string[] streams)
    {
        _compression = compression;
        string[] kinds = streams.Length == 0 ? ["EVTS"] : streams;
        _xml =
            "<dv version=\"2.0\"><node name=\"outInfo\" path=\"/mainloop/Recorder/outInfo/\">"
            + string.Concat(
                kinds.Select(
                    (kind, i) =>
                        $"<node name=\"{i}\" path=\"/mainloop/Recorder/outInfo/{i}/\"><attr key=\"compression\" "
                        + $"type=\"string\">LZ4</attr><attr key=\"typeIdentifier\" type=\"string\">{kind}</attr>"
                        + $"<node name=\"info\" path=\"/mainloop/Recorder/outInfo/{i}/info/\"><attr key=\"sizeX\" "
                        + $"type=\"int\">{width}</attr><attr key=\"sizeY\" type=\"int\">{height}</attr></node></node>"
                )
            )
            + "</node></dv>";
    }

    /// <summary>The file.</summary>
    /// <param name="table">Whether a table of contents follows the packets, as in a recording that was ended in
    /// order.</param>
    public byte[] File(bool table = true)
    {
        byte[] packets = [.. _packets];
        int headerLength = Header(0).Length;
        long end = "#!AER-DAT4.0\r\n".Length + 4 + headerLength + packets.Length;
        byte[] header = Header(table ? end : -1);
        using MemoryStream file = new();
        file.Write("#!AER-DAT4.0\r\n"u8);
        file.Write(UInt32((uint)header.Length));
        file.Write(header);
        file.Write(packets);
        if (table)
            file.Write(Encoding.ASCII.GetBytes("what stands here is the table of contents, which no reader of events needs"));
        return file.ToArray();
    }

    /// <summary>Adds a packet of events.</summary>
    public Aedat4Writer Events(int stream, params SensorEvent[] events)
    {
        // Root offset, kind, list of fields (its size, the table's, the offset of field 0), the table (distance back,
        // offset of the list), padding, the list's length, its events.
        List<byte> buffer =
        [
            .. UInt32(16),
            .. "EVTS"u8,
            .. UInt16(6),
            .. UInt16(8),
            .. UInt16(4),
            .. UInt16(0),
            .. UInt32(8),
            .. UInt32(8),
            .. UInt32(0),
            .. UInt32((uint)events.Length),
        ];
        foreach (SensorEvent e in events)
        {
            byte[] record = new byte[16];
            BinaryPrimitives.WriteInt64LittleEndian(record, e.Microseconds);
            BinaryPrimitives.WriteInt16LittleEndian(record.AsSpan(8), (short)e.X);
            BinaryPrimitives.WriteInt16LittleEndian(record.AsSpan(10), (short)e.Y);
            record[12] = e.On ? (byte)1 : (byte)0;
            buffer.AddRange(record);
        }
        return Packet(stream, [.. UInt32((uint)buffer.Count), .. buffer]);
    }

    /// <summary>Adds a packet of any bytes.</summary>
    public Aedat4Writer Packet(int stream, byte[] content)
    {
        byte[] packed = Pack(content);
        _packets.AddRange([.. UInt32((uint)stream), .. UInt32((uint)packed.Length), .. packed]);
        return this;
    }

    private byte[] Header(long end)
    {
        byte[] text = Encoding.UTF8.GetBytes(_xml);
        // The table holds: distance back to the list (4), compression (4), end (8), offset of the text (4).
        return
        [
            .. UInt32(20),
            .. "IOHE"u8,
            .. UInt16(10),
            .. UInt16(20),
            .. UInt16(4),
            .. UInt16(8),
            .. UInt16(16),
            .. UInt16(0),
            .. UInt32(12),
            .. UInt32((uint)_compression),
            .. BitConverter.GetBytes(end),
            .. UInt32(4),
            .. UInt32((uint)text.Length),
            .. text,
            0,
        ];
    }

    private byte[] Pack(byte[] content)
    {
        using MemoryStream packed = new();
        switch (_compression)
        {
            case 0:
                return content;
            case 1 or 2:
                using (
                    LZ4EncoderStream stream = LZ4Stream.Encode(
                        packed,
                        _compression == 1 ? K4os.Compression.LZ4.LZ4Level.L00_FAST : K4os.Compression.LZ4.LZ4Level.L09_HC,
                        leaveOpen: true
                    )
                )
                    stream.Write(content);
                break;
            default:
                using (ZstdSharp.CompressionStream stream = new(packed, _compression == 3 ? 1 : 12, leaveOpen: true))
                    stream.Write(content);
                break;
        }
        return packed.ToArray();
    }

    private static byte[] UInt16(ushort value) => BitConverter.GetBytes(value);

    private static byte[] UInt32(uint value) => BitConverter.GetBytes(value);
}
