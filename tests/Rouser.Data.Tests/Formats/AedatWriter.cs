using System.Buffers.Binary;
using System.Text;
using Rouser.Data.Recordings;

namespace Rouser.Data.Tests.Formats;

/// <summary>
/// Writes AEDAT 3.1 with its odd cases, written against the format's description and not against the reader.
/// </summary>
internal sealed class AedatWriter
{
    private readonly List<byte> _file = [];

    public AedatWriter(string version = "3.1")
    {
        foreach (
            string line in new[]
            {
                $"#!AER-DAT{version}",
                "#Format: RAW",
                "#Source 0: DVS128",
                "#Start-Time: 2016-01-01 00:00:00 (TZ+0000)",
                "#!END-HEADER",
            }
        )
            _file.AddRange(Encoding.ASCII.GetBytes(line + "\r\n"));
    }

    public byte[] Bytes => [.. _file];

    /// <summary>A packet of polarity events, all with the same upper bits of time.</summary>
    public AedatWriter Polarity(IReadOnlyList<SensorEvent> events, int spareRoom = 0, Func<int, bool>? valid = null)
    {
        uint overflow = events.Count == 0 ? 0 : (uint)(events[0].Microseconds >> 31);
        Header(1, 8, 4, overflow, events.Count + spareRoom, events.Count);
        Span<byte> bytes = stackalloc byte[8];
        for (int i = 0; i < events.Count; i++)
        {
            SensorEvent e = events[i];
            uint data = (valid?.Invoke(i) ?? true ? 1u : 0) | (e.On ? 2u : 0) | ((uint)e.Y << 2) | ((uint)e.X << 17);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, data);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], (uint)(e.Microseconds & 0x7FFFFFFF));
            _file.AddRange(bytes);
        }
        // What stands in the unused room is nobody's business.
        for (int i = 0; i < spareRoom * 8; i++)
            _file.Add(0xFF);
        return this;
    }

    /// <summary>A packet of another type: 0 is special events, 2 frames, 3 motion.</summary>
    public AedatWriter Other(int type, int eventBytes, int count)
    {
        Header(type, eventBytes, 4, 0, count, count);
        for (int i = 0; i < eventBytes * count; i++)
            _file.Add((byte)i);
        return this;
    }

    public void Header(int type, int eventBytes, int timeOffset, uint overflow, int capacity, int number)
    {
        Span<byte> header = stackalloc byte[28];
        BinaryPrimitives.WriteInt16LittleEndian(header, (short)type);
        BinaryPrimitives.WriteInt16LittleEndian(header[2..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], eventBytes);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], timeOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], overflow);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], capacity);
        BinaryPrimitives.WriteInt32LittleEndian(header[20..], number);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], number);
        _file.AddRange(header);
    }
}
