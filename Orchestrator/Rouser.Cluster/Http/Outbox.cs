using System.Threading.Channels;
using Rouser.Worker;

namespace Rouser.Cluster.Http;

/// <summary>
/// The orders that wait for a worker to fetch them. Where one does not, the oldest are dropped: leases and repeated
/// requests make up for them.
/// </summary>
internal sealed class Outbox
{
    private const int MostWaiting = 10_000,
        MostAtOnce = 500;

    private readonly Channel<Order> _orders = Channel.CreateBounded<Order>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest }
    );
    private CancellationTokenSource? _fetching;

    /// <summary>Adds an order; never blocks.</summary>
    public void Put(Order order) => _orders.Writer.TryWrite(order);

    /// <summary>
    /// Takes what is there, or waits for it; empty if nothing came, or if the worker has asked again meanwhile.
    /// </summary>
    public async Task<IReadOnlyList<Order>> TakeAsync(TimeSpan patience, CancellationToken stop)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(stop);
        wait.CancelAfter(patience);

        // A worker fetches one at a time. If it asks again, the answer to its first question would reach nobody.
        CancellationTokenSource? before = Interlocked.Exchange(ref _fetching, wait);
        if (before is not null)
            await CancelAsync(before).ConfigureAwait(false);
        try
        {
            await _orders.Reader.WaitToReadAsync(wait.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return [];
        }
        finally
        {
            Interlocked.CompareExchange(ref _fetching, null, wait);
        }
        List<Order> taken = [];
        while (taken.Count < MostAtOnce && _orders.Reader.TryRead(out Order? order))
            taken.Add(order);
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
