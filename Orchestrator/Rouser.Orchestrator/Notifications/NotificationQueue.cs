using System.Threading.Channels;

namespace Rouser.Orchestrator.Notifications;

/// <summary>
/// Sends notifications to one target, one after the other, and tries again with pauses that grow. Nobody waits for it
/// but whoever ends it, and he for a bounded time. What has no room, or does not arrive, is counted.
/// </summary>
/// <param name="time">The pauses' clock.</param>
/// <param name="warn">Is told of a notification that is given up, in one line.</param>
internal sealed class NotificationQueue(INotificationTarget target, TimeProvider time, Action<string> warn) : IAsyncDisposable
{
    /// <summary>What may wait. A target that hangs for hours must not fill the memory.</summary>
    private const int MostWaiting = 100;

    private const int MostTries = 12;

    /// <summary>How long one try may take.</summary>
    private static readonly TimeSpan OneTry = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500),
        LongestPause = TimeSpan.FromMinutes(1),
        LongestPauseAtTheEnd = TimeSpan.FromSeconds(1);

    private readonly Channel<Notification> _waiting = Channel.CreateBounded<Notification>(MostWaiting);
    private readonly CancellationTokenSource _ending = new(),
        _stop = new();
    private Task? _sending;
    private int _missed;

    /// <summary>Takes a notification; never waits.</summary>
    public void Put(Notification notification)
    {
        _sending ??= Task.Run(SendAllAsync);
        if (!_waiting.Writer.TryWrite(notification))
            Interlocked.Increment(ref _missed);
    }

    /// <summary>Sends what waits, for so long at most.</summary>
    /// <returns>How many notifications did not arrive, all in all.</returns>
    public async Task<int> EndAsync(TimeSpan patience)
    {
        _waiting.Writer.TryComplete();
        await _ending.CancelAsync().ConfigureAwait(false);
        if (_sending is not null && await Task.WhenAny(_sending, Task.Delay(patience, time)).ConfigureAwait(false) != _sending)
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            await _sending.ConfigureAwait(false);
        }
        return _missed;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndAsync(TimeSpan.Zero).ConfigureAwait(false);
        (target as IDisposable)?.Dispose();
        _ending.Dispose();
        _stop.Dispose();
    }

    private async Task SendAllAsync()
    {
        await foreach (Notification notification in _waiting.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            if (_stop.IsCancellationRequested || await TryAsync(notification).ConfigureAwait(false) is not null)
                _missed++;
        }
    }

    private async Task<Undelivered?> TryAsync(Notification notification)
    {
        TimeSpan pause = FirstPause;
        for (int tries = 1; ; tries++)
        {
            Undelivered? missed = await OnceAsync(notification).ConfigureAwait(false);
            if (missed is null)
                return null;
            if (missed.IsFinal || tries == MostTries || _stop.IsCancellationRequested)
            {
                warn($"notification '{notification.Kind}' did not reach {target.Name}: {missed.Reason}");
                return missed;
            }
            await PauseAsync(pause).ConfigureAwait(false);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task<Undelivered?> OnceAsync(Notification notification)
    {
        using var one = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        one.CancelAfter(OneTry);
        try
        {
            return await target.SendAsync(notification, one.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return new Undelivered("it does not answer", IsFinal: false);
        }
#pragma warning disable CA1031 // Whatever it is, it is a word that was not heard, and no reason to end a sweep.
        catch (Exception e)
        {
            return new Undelivered(e.GetType().Name, IsFinal: false);
        }
#pragma warning restore CA1031
    }

    private async Task PauseAsync(TimeSpan pause)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, _ending.Token);
        try
        {
            if (!_ending.IsCancellationRequested)
            {
                await Task.Delay(pause, time, ends.Token).ConfigureAwait(false);
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // The sweep ends: not so long any more.
        }
        try
        {
            await Task.Delay(pause < LongestPauseAtTheEnd ? pause : LongestPauseAtTheEnd, time, _stop.Token)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The patience is at its end.
        }
    }
}
