using Rouser.Simulation.Actors;

namespace Rouser.Simulation.World;

/// <summary>
/// The clock of a host: it may be wrong, and it jumps; what it measures is true. It has no timers, because whoever
/// runs under virtual time is driven.
/// </summary>
internal sealed class SimulatedClock(Timeline timeline, Seat seat) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => timeline.Now + seat.ClockError;

    public override long GetTimestamp() => timeline.Now.Ticks;
}
