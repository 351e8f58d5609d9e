using System.Threading.Channels;
using Rouser.Coordination;

namespace Rouser.Cluster.Http;

/// <summary>
/// The commands that wait for a worker to fetch them. Where one does not, the oldest are dropped: leases and repeated
/// requests make up for them.
/// </summary>
internal sealed class Outbox
{
    private const int MostWaiting = 10_000,
        MostAtOnce = 500;

    private readonly Channel<WorkerCommand> _commands = Channel.CreateBounded<WorkerCommand>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest }
    );
    private CancellationTokenSource? _fetching;

    /// <summary>Adds a command; never blocks.</summary>
    public void Put(WorkerCommand command) => _commands.Writer.TryWrite(command);

    /// <summary>
    /// Takes what is there, or waits for it; empty if nothing came, or if the worker has asked again meanwhile.
    /// </summary>
    public async Task<IReadOnlyList<WorkerCommand>> DequeueAsync(TimeSpan patience, CancellationToken stop)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(stop);
        wait.CancelAfter(patience);

        // A worker fetches one at a time. If it asks again, the answer to its first question would reach nobody.
        CancellationTokenSource? before = Interlocked.Exchange(ref _fetching, wait);
        if (before is not null)
            await CancelAsync(before).ConfigureAwait(false);
        try
        {
            await _commands.Reader.WaitToReadAsync(wait.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return [];
        }
        finally
        {
            Interlocked.CompareExchange(ref _fetching, null, wait);
        }
        List<WorkerCommand> taken = [];
        while (taken.Count < MostAtOnce && _commands.Reader.TryRead(out WorkerCommand? command))
            taken.Add(command);
        return taken;
    }

    private static async Task CancelAsync(CancellationTokenSource fetching)
    {
        try
        {
            await fetching.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }
}
