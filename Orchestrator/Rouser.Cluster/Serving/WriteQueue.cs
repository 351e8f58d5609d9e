using System.Threading.Channels;

namespace Rouser.Cluster.Serving;

/// <summary>
/// What is written to the disk behind the loop, so that a large network holds up no heartbeat: one write after the
/// other, in the order in which they were added. What is lost in a kill must be there to be done again.
/// </summary>
/// <param name="fault">Takes what a write throws; the next one follows all the same.</param>
internal sealed class WriteQueue(Action<Exception> fault)
{
    private readonly Channel<Action> _writes = Channel.CreateUnbounded<Action>(
        new UnboundedChannelOptions { SingleReader = true }
    );

    private readonly Lock _starting = new();
    private Task? _writer;

    /// <summary>Adds a write. Thread-safe; never blocks.</summary>
    public void Add(Action write)
    {
        _writes.Writer.TryWrite(write);
        lock (_starting)
            _writer ??= Task.Run(WriteAsync);
    }

    /// <summary>Ends the queue when all that was added is written.</summary>
    public Task FlushAsync()
    {
        _writes.Writer.TryComplete();
        lock (_starting)
            return _writer ?? Task.CompletedTask;
    }

    private async Task WriteAsync()
    {
        await foreach (Action write in _writes.Reader.ReadAllAsync().ConfigureAwait(false))
        {
#pragma warning disable CA1031 // A write that goes wrong must not keep the others from the disk.
            try
            {
                write();
            }
            catch (Exception error)
            {
                fault(error);
            }
#pragma warning restore CA1031
        }
    }
}
