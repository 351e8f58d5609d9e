namespace Rouser.Coordination;

/// <summary>Something for a worker's shell to do.</summary>
public abstract record WorkerAction;

/// <summary>
/// Train this, in a slot that is free. The shell answers with an <see cref="EpochTrained"/> for each epoch and with
/// one <see cref="AttemptStopped"/>.
/// </summary>
public sealed record StartAttempt(WorkerCommand.Assign Assignment) : WorkerAction;

/// <summary>Stop an attempt that was started, after the batch in work. It may have ended by itself already.</summary>
public sealed record StopAttempt(LeaseKey Lease) : WorkerAction;

/// <summary>From now on a <see cref="HeartbeatDue"/> comes at this interval, the first one interval from now.</summary>
public sealed record BeatEvery(TimeSpan Interval) : WorkerAction;

/// <summary>
/// What a worker decided on one input. The messages go out in this order; the actions may be done before or after.
/// </summary>
public readonly record struct WorkerReady(IReadOnlyList<WorkerMessage> Messages, IReadOnlyList<WorkerAction> Actions);
