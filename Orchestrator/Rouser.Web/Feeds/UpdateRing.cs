namespace Rouser.Web.Feeds;

/// <summary>
/// The last updates of a run, written once for all who look on. A client is a number, that of the last update it has;
/// whoever has fallen further behind than the ring reaches takes the run as a whole again. So what is kept does not
/// grow with the number of clients or their slowness. Thread-safe.
/// </summary>
internal sealed class UpdateRing
{
    /// <summary>Updates that are kept: some twenty seconds of a busy sweep.</summary>
    public const int Length = 40;

    private readonly Lock _gate = new();
    private readonly Queue<byte[]> _updates = new(Length);
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _version;

    /// <summary>The number of the last update.</summary>
    public long Version
    {
        get
        {
            lock (_gate)
                return _version;
        }
    }

    /// <summary>Adds an update; its number is the next.</summary>
    public void Add(byte[] update)
    {
        lock (_gate)
        {
            if (_updates.Count == Length)
                _updates.Dequeue();
            _updates.Enqueue(update);
            _version++;
            WakeAll();
        }
    }

    // Whoever waits goes on elsewhere, so that this may be done under the lock.
    private void WakeAll()
    {
        _more.SetResult();
        _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>All updates are of another past from here on: nobody's number reaches into the ring.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _updates.Clear();
            _version++;
            WakeAll();
        }
    }

    /// <summary>The updates after a number.</summary>
    /// <returns>In their order, none if there are none yet; null if the ring does not reach that far back.</returns>
    public IReadOnlyList<byte[]>? After(long version)
    {
        lock (_gate)
        {
            long oldest = _version - _updates.Count;
            return version < oldest || version > _version ? null : [.. _updates.Skip((int)(version - oldest))];
        }
    }

    /// <summary>Waits for an update after that number, or for <paramref name="patience"/>.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was signalled.</exception>
    public async Task WaitAsync(long version, TimeSpan patience, CancellationToken stop)
    {
        Task more;
        lock (_gate)
        {
            if (_version != version)
                return;
            more = _more.Task;
        }
        try
        {
            await more.WaitAsync(patience, stop).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Nothing has happened; the caller says so.
        }
    }
}
