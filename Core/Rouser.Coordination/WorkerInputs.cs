using Rouser.Snn;

namespace Rouser.Coordination;

/// <summary>Something that happened in or around a worker, as its machine is told of it.</summary>
public abstract record WorkerInput;

/// <summary>The worker is up: it joins.</summary>
public sealed record WorkerStarted : WorkerInput;

/// <summary>The coordinator, or whoever speaks for it, has told the worker something.</summary>
public sealed record CommandReceived(WorkerCommand Command) : WorkerInput;

/// <summary>
/// The interval of <see cref="BeatEvery"/> has passed once more. The machine's only notion of time.
/// </summary>
public sealed record HeartbeatDue : WorkerInput;

/// <summary>
/// An attempt has an epoch to report: it was trained, or stands in the checkpoint that the attempt goes on from.
/// </summary>
public sealed record EpochTrained(LeaseKey Lease, EpochMetrics Metrics) : WorkerInput;

/// <summary>An attempt that was started is over, and its slot is free.</summary>
/// <param name="Ending">How it ended.</param>
/// <param name="CanGoOn">Whether the worker can train on; false where its own disk has failed: it then hands back
/// what it holds.</param>
public sealed record AttemptStopped(AttemptEnding Ending, bool CanGoOn = true) : WorkerInput;

/// <summary>
/// The worker is to go: its attempts stop after the batch in work, their trials are handed back, and it takes no more.
/// </summary>
public sealed record LeaveRequested : WorkerInput;
