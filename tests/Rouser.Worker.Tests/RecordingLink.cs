using Rouser.Coordination;

namespace Rouser.Worker.Tests;

/// <summary>Keeps what a worker says, and lets a test wait for it.</summary>
internal sealed class RecordingLink : ICoordinatorLink
{
    /// <summary>Far more than anything here takes: it only keeps a defect from hanging the tests.</summary>
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(5);

    private readonly object _gate = new();
    private readonly List<WorkerMessage> _messages = [];

    /// <summary>All that was said so far.</summary>
    public IReadOnlyList<WorkerMessage> Messages
    {
        get
        {
            lock (_gate)
                return [.. _messages];
        }
    }

    public void Send(WorkerMessage message)
    {
        lock (_gate)
        {
            _messages.Add(message);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Forgets what was said so far.</summary>
    public void Clear()
    {
        lock (_gate)
            _messages.Clear();
    }

    /// <summary>
    /// Waits until the worker has said such a thing, and returns the first; with <paramref name="after"/>, the first
    /// that it said later than that.
    /// </summary>
    public T Await<T>(Func<T, bool>? which = null, WorkerMessage? after = null)
        where T : WorkerMessage
    {
        lock (_gate)
        {
            while (true)
            {
                IEnumerable<WorkerMessage> later = after is null ? _messages : _messages.SkipWhile(m => m != after).Skip(1);
                if (later.OfType<T>().FirstOrDefault(m => which is null || which(m)) is { } found)
                    return found;
                Assert.True(
                    Monitor.Wait(_gate, TooLong),
                    $"The worker never sent {typeof(T).Name}; it sent:\n{string.Join('\n', _messages)}"
                );
            }
        }
    }
}
