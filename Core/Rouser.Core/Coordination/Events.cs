using Rouser.Core.Metrics;
using Rouser.Core.Sweeps;

namespace Rouser.Core.Coordination;

/// <summary>
/// A fact that the coordinator has decided. Events are the journal: the state is what applying them in order gives, and a shell makes
/// them durable before it performs the effects that were decided with them.
/// </summary>
/// <param name="At">When it was decided.</param>
public abstract record Event(DateTimeOffset At);

/// <summary>A trial was given to a worker.</summary>
/// <param name="At">When.</param>
/// <param name="Trial">Which trial.</param>
/// <param name="Attempt">From 1; every assignment of a trial has the next number, and only the latest may report.</param>
/// <param name="Worker">To whom.</param>
public sealed record TrialAssigned(DateTimeOffset At, TrialId Trial, int Attempt, WorkerId Worker) : Event(At);

/// <summary>An epoch of a trial was recorded. At most once for a trial and epoch, and without gaps.</summary>
public sealed record EpochRecorded(DateTimeOffset At, TrialId Trial, int Attempt, EpochMetrics Metrics) : Event(At);

/// <summary>A trial has its result. Terminal.</summary>
public sealed record TrialCompleted(DateTimeOffset At, TrialId Trial, int Attempt, IReadOnlyList<IReadOnlyList<double>> WeightDistancesFinal) : Event(At);

/// <summary>An attempt failed.</summary>
/// <param name="At">When.</param>
/// <param name="Trial">Which trial.</param>
/// <param name="Attempt">Which attempt.</param>
/// <param name="Reason">Why, in words for the user.</param>
/// <param name="Final">True if the trial's retries are used up: it is then <see cref="TrialState.Failed"/>.</param>
public sealed record AttemptFailed(DateTimeOffset At, TrialId Trial, int Attempt, string Reason, bool Final) : Event(At);

/// <summary>An attempt was lost: its worker fell silent or died. That is no fault of the trial's, and has a budget of its own.</summary>
/// <param name="At">When.</param>
/// <param name="Trial">Which trial.</param>
/// <param name="Attempt">Which attempt.</param>
/// <param name="Reason">Why, in words for the user.</param>
/// <param name="Final">True if the budget is used up: the trial is then <see cref="TrialState.Lost"/>.</param>
public sealed record AttemptLost(DateTimeOffset At, TrialId Trial, int Attempt, string Reason, bool Final) : Event(At);

/// <summary>An attempt ended unharmed and its trial is back in the queue, at no cost.</summary>
public sealed record AttemptReturned(DateTimeOffset At, TrialId Trial, int Attempt, string Reason) : Event(At);

/// <summary>The user cancelled the trial, whether it waited or ran. Terminal.</summary>
public sealed record TrialCancelled(DateTimeOffset At, TrialId Trial) : Event(At);

/// <summary>The pruner ended a running trial. Terminal.</summary>
/// <param name="At">When.</param>
/// <param name="Trial">Which trial.</param>
/// <param name="Attempt">Which attempt.</param>
/// <param name="Reason">Why, in words for the user.</param>
public sealed record TrialPruned(DateTimeOffset At, TrialId Trial, int Attempt, string Reason) : Event(At);

/// <summary>Nothing is assigned from here on.</summary>
public sealed record SweepPaused(DateTimeOffset At) : Event(At);

/// <summary>Trials are assigned again.</summary>
public sealed record SweepContinued(DateTimeOffset At) : Event(At);

/// <summary>A failed, lost or cancelled trial is back in the queue at the user's wish, with fresh retries.</summary>
public sealed record TrialRequeued(DateTimeOffset At, TrialId Trial) : Event(At);
