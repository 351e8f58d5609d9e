using Rouser.Simulation.Invariants;

namespace Rouser.Simulation.World;

/// <summary>
/// Virtual time: what is to happen, in the order of when; things due at the same instant in the order in which they
/// were put down.
/// </summary>
internal sealed class Timeline
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<Action, (long Ticks, long Order)> _due = new();
    private long _ticks;
    private long _order;

    /// <summary>The true time. What a process takes for the time is another matter.</summary>
    public DateTimeOffset Now => Start.AddTicks(_ticks);

    /// <summary>Seconds since the start.</summary>
    public double Seconds => (double)_ticks / TimeSpan.TicksPerSecond;

    /// <summary>Puts something down that will happen in so many seconds, and not before.</summary>
    public void After(double seconds, Action happens) =>
        _due.Enqueue(happens, (_ticks + (long)Math.Ceiling(seconds * TimeSpan.TicksPerSecond), _order++));

    /// <summary>Goes to the next thing that is due, and lets it happen.</summary>
    public void Advance()
    {
        if (!_due.TryDequeue(out Action? happens, out (long Ticks, long Order) due))
            throw new InvariantBrokenException("nothing is left to happen, and the sweep has not ended");
        _ticks = due.Ticks;
        happens();
    }
}
