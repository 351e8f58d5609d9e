using System.Collections.Concurrent;
using Rouser.Cluster.Serving;
using Rouser.Coordination;

namespace Rouser.Cluster.Http;

/// <summary>The workers that have been in touch, each with the orders that wait for it.</summary>
internal sealed class WorkerContacts(TimeProvider time) : IWorkerRoutes
{
    /// <summary>Far longer than a worker that lives is silent, which asks for orders all the time.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<WorkerId, Contact> _contacts = new();
    private long _tidiedAt = time.GetTimestamp();

    /// <inheritdoc/>
    public void Deliver(WorkerId worker, WorkerCommand command)
    {
        // Of a worker that was never in touch there is nobody who would fetch the command.
        if (_contacts.TryGetValue(worker, out Contact? contact))
            contact.Commands.Put(command);
    }

    /// <summary>Notes that a worker is in touch.</summary>
    public Contact GetOrAdd(WorkerId worker)
    {
        Contact contact = _contacts.GetOrAdd(worker, _ => new Contact(time));
        contact.HeardAt = time.GetTimestamp();
        Tidy();
        return contact;
    }

    // Workers come and go for weeks under ever new names; what waits for those that are gone is let go now and then.
    private void Tidy()
    {
        if (time.GetElapsedTime(Interlocked.Read(ref _tidiedAt)) < LongestSilence)
            return;
        Interlocked.Exchange(ref _tidiedAt, time.GetTimestamp());
        foreach (KeyValuePair<WorkerId, Contact> pair in _contacts)
        {
            if (time.GetElapsedTime(pair.Value.HeardAt) > LongestSilence)
                _contacts.TryRemove(pair);
        }
    }

    /// <summary>A worker that has been in touch.</summary>
    internal sealed class Contact(TimeProvider time)
    {
        /// <summary>What waits for it.</summary>
        public Outbox Commands { get; } = new();

        /// <summary>
        /// Bounds its requests: a worker that has lost its mind must not cost the others their coordinator.
        /// </summary>
        public RequestRate Rate { get; } = new(time);

        /// <summary>When it was in touch last, as a timestamp.</summary>
        public long HeardAt { get; set; }
    }
}
