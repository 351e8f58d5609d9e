using System.Buffers.Binary;
using Rouser.Coordination;
using Rouser.Storage.Journals;
using Rouser.Sweeps;

namespace Rouser.Simulation.World;

/// <summary>
/// A journal on a simulated <see cref="JournalFile"/>, one record per append. The events are in it as
/// <see cref="EventJson"/> writes them, byte for byte. The snapshots lie beside the records; each counts as far as
/// its record is whole.
/// </summary>
internal sealed class FileJournal : IJournal
{
    private readonly JournalFile _file;
    private readonly long _token;
    private readonly bool _fences;

    /// <summary>
    /// Opens the journal for writing: takes the next token, and cuts off what a power cut left behind the last whole
    /// record.
    /// </summary>
    /// <param name="file">Where it is.</param>
    /// <param name="cutsTornTail">False for a defect: what is behind the last whole record stays, and the next one is
    /// written behind it.</param>
    /// <param name="fences">False for a defect: whoever has it open may append, whoever else opened it since.</param>
    public FileJournal(JournalFile file, bool cutsTornTail = true, bool fences = true)
    {
        (_file, _fences) = (file, fences);
        _token = ++file.Token;
        Events = [.. Split(file.Read(out int end))];
        if (cutsTornTail)
            file.Truncate(end);
        file.Snapshots.RemoveAll(kept => kept.End > end);
        file.Events = Events.Count;
    }

    /// <summary>The events found when it was opened, as they are written.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Events { get; }

    /// <inheritdoc/>
    /// <exception cref="PowerCutException">The power went off in the middle.</exception>
    public void Append(IReadOnlyList<Event> events, SnapshotDelta? changes = null)
    {
        // The check and the write are one transaction: nothing comes between them.
        if (_fences && _token != _file.Token)
            throw new FencedOutException("the journal was opened by another orchestrator");
        _file.Append(Write(events), events.Count, changes);
    }

    /// <inheritdoc/>
    public SweepSnapshot? ReadSnapshot()
    {
        if (_file.Snapshots.Count == 0)
            return null;
        Dictionary<TrialId, TrialSnapshot> trials = [];
        foreach ((_, _, SnapshotDelta changes) in _file.Snapshots)
        {
            foreach (TrialSnapshot trial in changes.Trials)
                trials[trial.Trial] = trial;
        }
        return new(_file.Snapshots[^1].Through, _file.Snapshots[^1].Changes.Summary, [.. trials.Values]);
    }

    /// <inheritdoc/>
    public SweepSummary? ReadSummary() => _file.Snapshots.Count == 0 ? null : _file.Snapshots[^1].Changes.Summary;

    /// <inheritdoc/>
    public IEnumerable<Event> Read(long after = 0) =>
        Events.Skip((int)after).Select(json => EventJson.Read(json, "the simulated journal").Value);

    /// <inheritdoc/>
    public void Dispose() { }

    private static IEnumerable<ReadOnlyMemory<byte>> Split(IEnumerable<ReadOnlyMemory<byte>> records)
    {
        foreach (ReadOnlyMemory<byte> record in records)
        {
            for (ReadOnlyMemory<byte> rest = record; rest.Length > 0; )
            {
                int length = BinaryPrimitives.ReadInt32LittleEndian(rest.Span);
                yield return rest.Slice(4, length);
                rest = rest[(4 + length)..];
            }
        }
    }

    private static byte[] Write(IReadOnlyList<Event> events)
    {
        using MemoryStream record = new();
        Span<byte> length = stackalloc byte[4];
        foreach (Event happened in events)
        {
            byte[] json = EventJson.Write(happened);
            BinaryPrimitives.WriteInt32LittleEndian(length, json.Length);
            record.Write(length);
            record.Write(json);
        }
        return record.ToArray();
    }
}
