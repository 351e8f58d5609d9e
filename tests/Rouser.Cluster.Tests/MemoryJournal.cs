using Rouser.Coordination;

namespace Rouser.Cluster.Tests;

/// <summary>A journal in memory whose disk can fail.</summary>
internal sealed class MemoryJournal : IJournal
{
    private readonly Lock _gate = new();
    private readonly List<IReadOnlyList<Event>> _appends = [];

    /// <summary>Called before an append, with its number from 1; may throw.</summary>
    public Action<int> BeforeAppend { get; set; } = _ => { };

    /// <summary>What each append held.</summary>
    public IReadOnlyList<IReadOnlyList<Event>> Appends
    {
        get
        {
            lock (_gate)
                return [.. _appends];
        }
    }

    /// <summary>All events, in order.</summary>
    public IReadOnlyList<Event> Events => [.. Appends.SelectMany(events => events)];

    public void Append(IReadOnlyList<Event> events, SnapshotDelta? changes = null)
    {
        BeforeAppend(Appends.Count + 1);
        lock (_gate)
            _appends.Add([.. events]);
    }

    /// <summary>It keeps events alone: whoever opens it replays them.</summary>
    public SweepSnapshot? ReadSnapshot() => null;

    public SweepSummary? ReadSummary() => null;

    public IEnumerable<Event> Read(long after = 0) => Events.Skip((int)after);

    public void Dispose() { }
}
