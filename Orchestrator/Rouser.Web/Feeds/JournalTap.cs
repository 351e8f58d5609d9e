using Rouser.Coordination;

namespace Rouser.Web.Feeds;

/// <summary>
/// A journal that shows a page what is appended, once it is durable. The append waits for nobody: events that are not
/// fetched in time are dropped here, and the reader takes them from the journal.
/// </summary>
/// <param name="journal">The journal, of whose end nobody else appends.</param>
public sealed class JournalTap(IJournal journal) : IJournal
{
    /// <summary>Events that are kept for the reader: a second of a sweep whose trials take no time.</summary>
    private const int MostKept = 20_000;

    private readonly Lock _gate = new();
    private readonly List<Event> _kept = [];
    private long _last = LastOf(journal);
    private bool _isWatched;

    /// <summary>Tells that there is something new. Must not block.</summary>
    public event Action? Appended;

    /// <inheritdoc/>
    public string? LostProgress => journal.LostProgress;

    /// <inheritdoc/>
    public bool HasWriter => journal.HasWriter;

    /// <inheritdoc/>
    public void Append(IReadOnlyList<Event> events, SnapshotDelta? changes = null)
    {
        journal.Append(events, changes);
        bool isWatched;
        lock (_gate)
        {
            _last += events.Count;
            isWatched = _isWatched;
            if (isWatched)
            {
                _kept.AddRange(events);
                // All of them, because the reader goes on where the journal does.
                if (_kept.Count > MostKept)
                    _kept.Clear();
            }
        }
        if (isWatched)
            Appended?.Invoke();
    }

    /// <summary>The events after a number, as far as they are kept; from the first call on they are.</summary>
    /// <param name="after">The number of the last event that the reader has.</param>
    /// <returns>The events; null if the reader must ask the journal.</returns>
    public IReadOnlyList<Event>? Take(long after)
    {
        lock (_gate)
        {
            _isWatched = true;
            if (after == _last)
            {
                _kept.Clear();
                return [];
            }
            long first = _last - _kept.Count;
            if (after < first || after > _last)
                return null;
            Event[] taken = [.. _kept.Skip((int)(after - first))];
            _kept.Clear();
            return taken;
        }
    }

    /// <inheritdoc/>
    public SweepSnapshot? ReadSnapshot() => journal.ReadSnapshot();

    /// <inheritdoc/>
    public SweepSummary? ReadSummary() => journal.ReadSummary();

    /// <inheritdoc/>
    public IEnumerable<Event> Read(long after = 0) => journal.Read(after);

    /// <inheritdoc/>
    public void Dispose() => journal.Dispose();

    // An append that has changes notes how far it went, so that hardly an event is read here.
    private static long LastOf(IJournal journal)
    {
        long through = journal.ReadSnapshot()?.Through ?? 0;
        return through + journal.Read(through).LongCount();
    }
}
