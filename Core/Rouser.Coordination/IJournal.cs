namespace Rouser.Coordination;

/// <summary>
/// Where the coordinator's events are kept. One writer at a time; readers may read beside it. Opening a journal for
/// writing takes the next fencing token; from then on whoever opened it before can append nothing more, however long
/// it was held up.
/// </summary>
public interface IJournal : IDisposable
{
    /// <summary>
    /// Makes the events durable, with what they changed, all or none, in order. When it returns they survive a crash
    /// of process and machine.
    /// </summary>
    /// <param name="changes">The trials that were touched since the last changes were kept; null to leave that to a
    /// later append.</param>
    /// <exception cref="FencedOutException">The journal was opened for writing again since; found in the transaction
    /// that would have written.</exception>
    /// <exception cref="IOException">The journal could not be written. Nothing was appended.</exception>
    void Append(IReadOnlyList<Event> events, SnapshotDelta? changes = null);

    /// <summary>
    /// Where everything stood at the last append that had changes; null if none had. The events after it are still to
    /// be read.
    /// </summary>
    SweepSnapshot? ReadSnapshot();

    /// <summary>
    /// The sums of that snapshot, at a cost that does not grow with the sweep; null if there is none.
    /// </summary>
    SweepSummary? ReadSummary();

    /// <summary>
    /// What is known to be missing from the journal, in a line for the user, found when it was opened for writing:
    /// what was durable once and is there no more. Null if nothing is.
    /// </summary>
    string? LostProgress => null;

    /// <summary>
    /// Whether a process, on this machine or another, has the journal open to write it now, as far as the place where
    /// it is kept can tell. A database can; a journal in a run folder has the folder's lock for that.
    /// </summary>
    bool HasWriter => false;

    /// <summary>
    /// The events with numbers above <paramref name="after"/> (the first has number 1), in the order they were
    /// appended.
    /// </summary>
    IEnumerable<Event> Read(long after = 0);
}

/// <summary>
/// Somebody else has opened the journal for writing. This writer is a thing of the past: it stops, and harms nothing.
/// </summary>
public sealed class FencedOutException(string message) : IOException(message);
