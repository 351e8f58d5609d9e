using Rouser.Snn;

namespace Rouser.Coordination;

/// <summary>
/// An attempt that a worker has in work, or whose end the coordinator has not acknowledged yet.
/// </summary>
public sealed class WorkerAttempt
{
    private readonly List<EpochMetrics> _reported = [];

    internal WorkerAttempt(WorkerCommand.Assign assignment) => Assignment = assignment;

    /// <summary>What was ordered.</summary>
    public WorkerCommand.Assign Assignment { get; }

    /// <summary>Under which lease.</summary>
    public LeaseKey Lease => Assignment.Lease;

    /// <summary>Whether it has a slot; else it waits for one, or has ended.</summary>
    public bool HasSlot { get; internal set; }

    /// <summary>
    /// The lease is not the worker's any more: whatever the attempt still says is not sent.
    /// </summary>
    public bool IsRevoked { get; internal set; }

    /// <summary>
    /// How it ended, as the coordinator is told until it acknowledges it; null while it is in work.
    /// </summary>
    public AttemptEnding? Ending { get; internal set; }

    /// <summary>The epochs that were reported, kept in case they must be sent again.</summary>
    public IReadOnlyList<EpochMetrics> Reported => _reported;

    internal void Report(EpochMetrics metrics) => _reported.Add(metrics);

    /// <inheritdoc/>
    public override string ToString() => $"{Lease} ({Ending?.ToString() ?? (HasSlot ? "in work" : "waits for a slot")})";
}
