namespace Rouser.Cluster;

/// <summary>How serving a sweep ended.</summary>
/// <param name="Finished">Every trial has ended; otherwise the sweep was stopped and can be resumed.</param>
/// <param name="Fault">What stopped it, if it was neither the user nor the plan's end: the disk, or a defect.</param>
public sealed record SweepEnd(bool Finished, Exception? Fault);
