using Rouser.Sweeps;

namespace Rouser.Coordination;

/// <summary>
/// Something for the shell to do, after the events decided with it are durable. Safe to lose: leases and repeated
/// requests make up for it.
/// </summary>
public abstract record Effect;

/// <summary>Tell a worker.</summary>
public sealed record SendCommand(WorkerId Worker, WorkerCommand Command) : Effect;

/// <summary>
/// Delete what is kept of a trial to go on with: its result is on record, or it is to be trained anew from its first
/// epoch.
/// </summary>
public sealed record DiscardCheckpoint(TrialId Trial) : Effect;

/// <summary>Every trial of the plan has ended: tell whoever is there, and stop.</summary>
public sealed record EndSweep : Effect;
