using Rouser.Snn;
using Rouser.Sweeps;
using Rouser.Sweeps.Sequential;

namespace Rouser.Coordination;

/// <summary>
/// A fact that the coordinator has decided. Events are the journal: the state is what applying them in order gives,
/// and a shell makes them durable before it performs the effects that were decided with them.
/// </summary>
/// <param name="At">When it was decided.</param>
public abstract record Event(DateTimeOffset At);

/// <summary>A fact about one trial.</summary>
public interface ITrialEvent
{
    /// <summary>Which.</summary>
    TrialId Trial { get; }
}

/// <summary>
/// A part of what a trial measured. All of these of a completed trial together are its result, as a results store
/// keeps it for other runs; a new kind of measurement comes along by being one.
/// </summary>
public interface IResultEvent : ITrialEvent
{
    /// <summary>The attempt that measured it.</summary>
    int Attempt { get; }

    /// <summary>The same measurement, as another run records it.</summary>
    Event RecordedAgain(DateTimeOffset at, int attempt);
}

/// <summary>A trial was given to a worker.</summary>
/// <param name="Attempt">From 1; every assignment of a trial has the next number, and only the latest may
/// report.</param>
/// <param name="Worker">To whom.</param>
public sealed record TrialAssigned(DateTimeOffset At, TrialId Trial, int Attempt, WorkerId Worker) : Event(At), ITrialEvent;

/// <summary>An epoch of a trial was recorded. At most once for a trial and epoch, and without gaps.</summary>
public sealed record EpochRecorded(DateTimeOffset At, TrialId Trial, int Attempt, EpochMetrics Metrics) : Event(At), IResultEvent
{
    /// <inheritdoc/>
    public Event RecordedAgain(DateTimeOffset at, int attempt) => this with { At = at, Attempt = attempt };
}

/// <summary>A trial has its result. Terminal.</summary>
public sealed record TrialCompleted(
    DateTimeOffset At,
    TrialId Trial,
    int Attempt,
    IReadOnlyList<IReadOnlyList<double>> WeightDistancesFinal
) : Event(At), IResultEvent
{
    /// <inheritdoc/>
    public Event RecordedAgain(DateTimeOffset at, int attempt) => this with { At = at, Attempt = attempt };
}

/// <summary>
/// The result of a trial was found in a results store: another run has trained the same content. What it measured
/// follows in the same step, as the results of this attempt, which <see cref="WorkerId.ResultsStore"/> holds.
/// </summary>
/// <param name="Attempt">The number goes on from the trial's own attempts.</param>
/// <param name="From">The run that trained it, in words for the user.</param>
public sealed record TrialReused(DateTimeOffset At, TrialId Trial, int Attempt, string From) : Event(At), ITrialEvent;

/// <summary>
/// A trial takes over the epochs of one that is the same but for their number, and will go on from there. The epochs
/// follow in the same step, as those of this attempt, which <see cref="WorkerId.ShorterTrial"/> holds; then the attempt
/// is returned.
/// </summary>
/// <param name="Attempt">The number goes on from the trial's own attempts.</param>
/// <param name="From">The shorter trial.</param>
public sealed record TrialContinued(DateTimeOffset At, TrialId Trial, int Attempt, TrialId From) : Event(At), ITrialEvent;

/// <summary>An attempt failed.</summary>
/// <param name="Reason">Why, in words for the user.</param>
/// <param name="Final">True if the trial's retries are used up: it is then <see cref="TrialState.Failed"/>.</param>
public sealed record AttemptFailed(DateTimeOffset At, TrialId Trial, int Attempt, string Reason, bool Final)
    : Event(At),
        ITrialEvent;

/// <summary>
/// An attempt was lost: its worker fell silent or died. That is no fault of the trial's, and has a budget of its own.
/// </summary>
/// <param name="Reason">Why, in words for the user.</param>
/// <param name="Final">True if the budget is used up: the trial is then <see cref="TrialState.Lost"/>.</param>
public sealed record AttemptLost(DateTimeOffset At, TrialId Trial, int Attempt, string Reason, bool Final)
    : Event(At),
        ITrialEvent;

/// <summary>An attempt ended unharmed and its trial is back in the queue, at no cost.</summary>
public sealed record AttemptReturned(DateTimeOffset At, TrialId Trial, int Attempt, string Reason) : Event(At), ITrialEvent;

/// <summary>The user cancelled the trial, whether it waited or ran. Terminal.</summary>
public sealed record TrialCancelled(DateTimeOffset At, TrialId Trial) : Event(At), ITrialEvent;

/// <summary>The pruner ended a running trial. Terminal.</summary>
/// <param name="Reason">Why, in words for the user.</param>
public sealed record TrialPruned(DateTimeOffset At, TrialId Trial, int Attempt, string Reason) : Event(At), ITrialEvent;

/// <summary>Nothing is assigned from here on.</summary>
public sealed record SweepPaused(DateTimeOffset At) : Event(At);

/// <summary>Trials are assigned again.</summary>
public sealed record SweepContinued(DateTimeOffset At) : Event(At);

/// <summary>A failed, lost or cancelled trial is back in the queue at the user's wish, with fresh retries.</summary>
public sealed record TrialRequeued(DateTimeOffset At, TrialId Trial) : Event(At), ITrialEvent;

/// <summary>A completed trial was given to another worker, to be trained a second time from its first epoch.</summary>
/// <param name="Attempt">The number goes on from the trial's own attempts.</param>
/// <param name="Worker">To whom.</param>
public sealed record CheckAssigned(DateTimeOffset At, TrialId Trial, int Attempt, WorkerId Worker) : Event(At), ITrialEvent;

/// <summary>The second training gave the same bytes as the first. Terminal for the check.</summary>
public sealed record CheckPassed(DateTimeOffset At, TrialId Trial, int Attempt) : Event(At), ITrialEvent;

/// <summary>An attempt at a second training ended without a verdict; the check waits again.</summary>
/// <param name="Reason">Why, in words for the user.</param>
/// <param name="Failed">Whether it counts against the retries: it failed or was lost, and was not handed back.</param>
public sealed record CheckReturned(DateTimeOffset At, TrialId Trial, int Attempt, string Reason, bool Failed)
    : Event(At),
        ITrialEvent;

/// <summary>
/// The second training is given up without a verdict. Terminal for the check; the trial's result stays.
/// </summary>
public sealed record CheckAbandoned(DateTimeOffset At, TrialId Trial, string Reason) : Event(At), ITrialEvent;

/// <summary>
/// An alarm: what must be the same bytes was told twice with different numbers. One of two machines computes wrong,
/// or lies, or an engine is not as reproducible as it says; which, the numbers alone do not tell, so what was
/// recorded first stays.
/// </summary>
/// <param name="Attempt">The attempt that told other numbers. A check under that attempt ends with this.</param>
/// <param name="Epoch">Which epoch; 0 for the result as a whole.</param>
/// <param name="First">Who told what is recorded.</param>
/// <param name="Second">Who told otherwise.</param>
/// <param name="What">What differs, in words for the user.</param>
public sealed record ResultsDisagreed(
    DateTimeOffset At,
    TrialId Trial,
    int Attempt,
    int Epoch,
    WorkerId First,
    WorkerId Second,
    string What
) : Event(At), ITrialEvent;

/// <summary>
/// Trials that were deferred are asked for, because results have shown that they are needed. From here on they wait in
/// the queue.
/// </summary>
public sealed record TrialsOpened(DateTimeOffset At, IReadOnlyList<TrialId> Trials) : Event(At);

/// <summary>A search (<c>mode: tpe</c>) asks for a setting. Those of its trials that wait are opened with it.</summary>
/// <param name="Arm">Each arm has a search of its own.</param>
/// <param name="Reason">Why this one, in words for the user.</param>
public sealed record SettingProposed(DateTimeOffset At, string Study, string Arm, string Setting, string Reason) : Event(At);

/// <summary>A comparison needs no more seeds (<see cref="SeedBudget"/>).</summary>
/// <param name="Arm">The arm that is compared with the baseline.</param>
/// <param name="Setting">At which setting of the study.</param>
/// <param name="Seeds">After so many seeds of each.</param>
/// <param name="Verdict">What it came to.</param>
/// <param name="Reason">The same in words for the user, with the interval.</param>
public sealed record ComparisonSettled(
    DateTimeOffset At,
    string Study,
    string Arm,
    string Setting,
    int Seeds,
    SequentialVerdict Verdict,
    string Reason
) : Event(At);

/// <summary>
/// The run goes on with another plan (<see cref="PlanHistory"/>). Trials that it does not have are out of the sums
/// from here on.
/// </summary>
/// <param name="Revision">How many plans the run had before.</param>
/// <param name="Trials">How many trials the plan has.</param>
public sealed record PlanReplaced(DateTimeOffset At, int Revision, int Trials) : Event(At);

/// <summary>A user wrote a note or tags to trials. It changes no result, and nothing is decided by it.</summary>
public sealed record TrialsAnnotated(DateTimeOffset At, IReadOnlyList<TrialId> Trials, AnnotationChange Change) : Event(At);

/// <summary>A user wrote a note or tags to the sweep as a whole.</summary>
public sealed record SweepAnnotated(DateTimeOffset At, AnnotationChange Change) : Event(At);

/// <summary>
/// A study has another priority from here on, also in further plans of the run: which of the trials that wait comes first
/// goes by it.
/// </summary>
/// <param name="Study">Its name.</param>
/// <param name="Priority">In place of that of the sweep file.</param>
public sealed record StudyPrioritized(DateTimeOffset At, string Study, int Priority) : Event(At);
