using Rouser.Coordination;
using Rouser.Snn;

namespace Rouser.Simulation.Actors;

/// <summary>An attempt that a worker has in work, or whose end was not acknowledged yet.</summary>
internal sealed class Attempt(LeaseKey lease, int place)
{
    /// <summary>Under which lease.</summary>
    public LeaseKey Lease => lease;

    /// <summary>The trial's place in the plan.</summary>
    public int Place => place;

    /// <summary>The epochs done, from the first; those of a checkpoint included.</summary>
    public List<EpochMetrics> History { get; } = [];

    /// <summary>How many of them were reported.</summary>
    public int Reported { get; set; }

    /// <summary>Whether it was asked to stop after the batch in work.</summary>
    public bool IsStopping { get; set; }

    /// <summary>Whether the lease is not its worker's any more: nothing it says is sent.</summary>
    public bool IsRevoked { get; set; }

    /// <summary>Whether it has a slot; else it waits for one.</summary>
    public bool HasSlot { get; set; }

    /// <summary>How it ended, as the coordinator is told until it acknowledges it; null while it is in work.</summary>
    public Input? Ending { get; set; }

    /// <inheritdoc/>
    public override string ToString() => $"{lease} ({(Ending is null ? "in work" : TraceText.Of(Ending))})";
}
