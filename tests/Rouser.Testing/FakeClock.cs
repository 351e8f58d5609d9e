namespace Rouser.Testing;

/// <summary>
/// A clock that stands until it is told to go on. Timers that fall due run on the caller's thread, in the order of
/// their times.
/// </summary>
public sealed class FakeClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private DateTimeOffset _now = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Timers that are running.</summary>
    public int Timers
    {
        get
        {
            lock (_gate)
                return _timers.Count;
        }
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now;
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            var timer = new Timer(this, () => callback(state), period) { Due = _now + dueTime };
            _timers.Add(timer);
            return timer;
        }
    }

    /// <summary>Lets time pass.</summary>
    public void Advance(TimeSpan span)
    {
        DateTimeOffset end = GetUtcNow() + span;
        while (Next(end) is { } timer)
            timer.Call();
        lock (_gate)
            _now = end;
    }

    private Timer? Next(DateTimeOffset end)
    {
        lock (_gate)
        {
            Timer? next = _timers.Where(t => t.Due <= end).MinBy(t => t.Due);
            if (next is null)
                return null;
            _now = next.Due;
            next.Due += next.Period;
            return next;
        }
    }

    private sealed class Timer(FakeClock clock, Action call, TimeSpan period) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public TimeSpan Period => period;

        public Action Call => call;

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod) => throw new NotSupportedException("Nothing changes a timer.");

        public void Dispose()
        {
            lock (clock._gate)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
