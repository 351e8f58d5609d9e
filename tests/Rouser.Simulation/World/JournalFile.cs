using System.Buffers.Binary;
using System.Numerics;
using Rouser.Coordination;

namespace Rouser.Simulation.World;

/// <summary>The power went off during a write.</summary>
/// <param name="recordIsWhole">Whether all of the record was on the disk by then, though nobody lived to tell.</param>
internal sealed class PowerCutException(bool recordIsWhole) : Exception("the power went off during a write")
{
    /// <summary>Whether all of the record was on the disk by then.</summary>
    public bool RecordIsWhole => recordIsWhole;
}

/// <summary>
/// The file that a journal is in, byte for byte. It outlives the processes that write it. A record is its length, its
/// CRC-32C and its bytes; a write that a power cut interrupts leaves a prefix of its record, and perhaps rubbish up
/// to where it would have ended.
/// </summary>
internal sealed class JournalFile
{
    private const int HeaderBytes = 8;

    private byte[] _bytes = new byte[1 << 14];
    private (double Share, bool LeavesRubbish)? _powerCut;

    /// <summary>Bytes in the file.</summary>
    public int Length { get; private set; }

    /// <summary>Events in the file.</summary>
    public long Events { get; set; }

    /// <summary>
    /// The changes kept with records, by where their record ends and how many events there were by then.
    /// </summary>
    public List<(int End, long Through, SnapshotDelta Changes)> Snapshots { get; } = [];

    /// <summary>How often the journal was opened for writing; who opened it last may write.</summary>
    public long Token { get; set; }

    /// <summary>Lets the power go off during the next write.</summary>
    /// <param name="share">How much of the write is on the disk by then, from 0 to 1.</param>
    /// <param name="leavesRubbish">Whether the file has grown by the whole record nevertheless.</param>
    public void CutPower(double share, bool leavesRubbish) => _powerCut = (share, leavesRubbish);

    /// <summary>The power stays on after all.</summary>
    public void KeepPower() => _powerCut = null;

    /// <summary>Writes a record at the end.</summary>
    /// <param name="record">Its bytes.</param>
    /// <param name="events">How many events are in it.</param>
    /// <param name="changes">What is kept with it.</param>
    /// <exception cref="PowerCutException">The power went off.</exception>
    public void Append(ReadOnlySpan<byte> record, int events, SnapshotDelta? changes)
    {
        int size = HeaderBytes + record.Length;
        while (_bytes.Length < Length + size)
            Array.Resize(ref _bytes, _bytes.Length * 2);
        Span<byte> place = _bytes.AsSpan(Length, size);
        BinaryPrimitives.WriteInt32LittleEndian(place, record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(place[4..], Sum(record));
        record.CopyTo(place[HeaderBytes..]);
        int written = _powerCut is { } cut ? Math.Min(size, (int)(cut.Share * (size + 1))) : size;
        for (int i = written; i < size; i++)
            place[i] = (byte)(i * 31);
        Length += _powerCut is { LeavesRubbish: false } ? written : size;
        if (written == size)
        {
            Events += events;
            if (changes is not null)
                Snapshots.Add((Length, Events, changes));
        }
        if (_powerCut is null)
            return;
        _powerCut = null;
        throw new PowerCutException(recordIsWhole: written == size);
    }

    /// <summary>Reads the records up to the first that is not whole.</summary>
    /// <param name="end">Where the last whole one ends.</param>
    public List<ReadOnlyMemory<byte>> Read(out int end)
    {
        List<ReadOnlyMemory<byte>> records = [];
        end = 0;
        while (end + HeaderBytes <= Length)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(end));
            if (length < 0 || length > Length - end - HeaderBytes)
                break;
            ReadOnlyMemory<byte> record = _bytes.AsMemory(end + HeaderBytes, length);
            if (Sum(record.Span) != BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(end + 4)))
                break;
            records.Add(record);
            end += HeaderBytes + length;
        }
        return records;
    }

    /// <summary>Cuts the file off.</summary>
    public void Truncate(int length) => Length = length;

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte b in bytes)
            sum = BitOperations.Crc32C(sum, b);
        return ~sum;
    }
}
