namespace Rouser.Coordination;

/// <summary>
/// Something for the shell to do, after the events decided with it are durable. Safe to lose: leases and repeated
/// requests make up for it.
/// </summary>
public abstract record Effect;

/// <summary>
/// Give the trial to the worker that asked. May come twice for a lease (the first may have been lost): a worker that
/// has it lets the second pass.
/// </summary>
/// <param name="Worker">To whom.</param>
/// <param name="Lease">Under which lease.</param>
/// <param name="PlanIndex">The trial's place in the plan.</param>
/// <param name="FromStart">Whether the trial is to be trained a second time: the shell deletes what checkpoints it
/// keeps before it passes the order on.</param>
public sealed record AssignTrial(WorkerId Worker, LeaseKey Lease, int PlanIndex, bool FromStart = false) : Effect;

/// <summary>
/// Tell the worker that this lease is not (or no longer) its own: it stops the attempt and reports nothing more.
/// </summary>
public sealed record RevokeLease(WorkerId Worker, LeaseKey Lease, string Reason) : Effect;

/// <summary>
/// Reports of this lease were lost or came out of order: the worker sends its epochs again, from the first one
/// missing, and then, if it was done, that it is. Nothing that skips an epoch is recorded.
/// </summary>
/// <param name="Worker">Who holds the lease.</param>
/// <param name="Lease">Which lease.</param>
/// <param name="FromEpoch">The first epoch that is not recorded.</param>
public sealed record ResendEpochs(WorkerId Worker, LeaseKey Lease, int FromEpoch) : Effect;

/// <summary>
/// The end of this attempt is on record: the worker may forget the lease, and all that it keeps to report it again.
/// </summary>
public sealed record AcknowledgeEnding(WorkerId Worker, LeaseKey Lease) : Effect;

/// <summary>
/// The machine does not know this worker (it was restarted, or took the worker for gone): the worker joins and asks
/// for work again.
/// </summary>
public sealed record RequestJoin(WorkerId Worker) : Effect;

/// <summary>Ask the worker to checkpoint what it holds and hand it back.</summary>
public sealed record DrainWorker(WorkerId Worker) : Effect;

/// <summary>Every trial of the plan has ended: the shell may stop.</summary>
public sealed record EndSweep : Effect;
