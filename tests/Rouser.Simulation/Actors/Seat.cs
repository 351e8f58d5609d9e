namespace Rouser.Simulation.Actors;

/// <summary>A host that an orchestrator may run on, and the address that workers reach it at.</summary>
internal sealed class Seat(int host)
{
    /// <summary>The host.</summary>
    public int Host => host;

    /// <summary>By how much its clock is wrong.</summary>
    public TimeSpan ClockError { get; set; }

    /// <summary>The orchestrator that runs there; null if none does.</summary>
    public Orchestrator? Process { get; set; }

    /// <inheritdoc/>
    public override string ToString() => $"host-{host}";
}
