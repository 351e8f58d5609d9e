namespace Rouser.Core.Coordination;

/// <summary>Where the coordinator's events are kept. One writer at a time; readers may read beside it.</summary>
public interface IJournal : IDisposable
{
    /// <summary>Makes the events durable, all or none, in order. When it returns they survive a crash of process and machine.</summary>
    void Append(IReadOnlyList<Event> events);

    /// <summary>All events so far, in the order they were appended.</summary>
    IEnumerable<Event> Read();
}
