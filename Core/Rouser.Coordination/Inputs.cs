using Rouser.Snn;
using Rouser.Sweeps;

namespace Rouser.Coordination;

/// <summary>Something that happened outside, as the coordinator is told of it.</summary>
/// <param name="Now">When, by the shell's clock. The machine's time never runs backwards: it takes the latest it has
/// seen.</param>
public abstract record Input(DateTimeOffset Now);

/// <summary>Time has passed: leases may expire, trials may run out of time.</summary>
public sealed record Tick(DateTimeOffset Now) : Input(Now);

/// <summary>
/// A worker has said something. Every message may be lost, repeated or reordered, or be a lie; the machine answers
/// each of them, in any state, and records what <see cref="ReportCheck"/> lets pass.
/// </summary>
/// <param name="Now">When it arrived.</param>
/// <param name="From">Who says so.</param>
public sealed record MessageReceived(DateTimeOffset Now, WorkerId From, WorkerMessage Message) : Input(Now);

/// <summary>
/// Somebody else has found out that a worker is gone for certain (its process died, its node was removed): its leases
/// end at once, as lost.
/// </summary>
public sealed record WorkerGone(DateTimeOffset Now, WorkerId Worker, string Reason) : Input(Now);

/// <summary>
/// The shell has opened the journal again and every worker of before died with it (a run on one machine): all leases
/// end and cost the trials none of their retries.
/// </summary>
public sealed record SweepResumed(DateTimeOffset Now) : Input(Now);

/// <summary>
/// A results store has the result of a trial. It counts if the trial still waits, and is held against the trial as
/// what a worker says is: it comes from a file, which may hold anything.
/// </summary>
/// <param name="From">The run that trained it, in words for the user.</param>
/// <param name="Result">All that it measured: its epochs from the first to the last, and its completion.</param>
public sealed record ResultFound(DateTimeOffset Now, TrialId Trial, string From, IReadOnlyList<IResultEvent> Result) : Input(Now);

/// <summary>
/// A trial that is the same but for fewer epochs has a result, and a checkpoint to go on from is kept under this trial.
/// It counts if nothing of the trial is recorded yet, and is held against the trial as what a worker says is.
/// </summary>
/// <param name="From">The shorter trial.</param>
/// <param name="Epochs">What it measured, from the first epoch to its last.</param>
public sealed record ShorterTrialFound(DateTimeOffset Now, TrialId Trial, TrialId From, IReadOnlyList<EpochMetrics> Epochs)
    : Input(Now);

/// <summary>Assign nothing more, and ask the workers to hand back what they hold.</summary>
public sealed record DrainRequested(DateTimeOffset Now) : Input(Now);

/// <summary>
/// Assign nothing more until <see cref="ContinueRequested"/>, restarts included. What runs, runs to its end.
/// </summary>
public sealed record PauseRequested(DateTimeOffset Now) : Input(Now);

/// <summary>Go on after a pause.</summary>
public sealed record ContinueRequested(DateTimeOffset Now) : Input(Now);

/// <summary>
/// The user does not want these trials: those that have not ended end at once, as cancelled.
/// <see cref="TrialSelection"/> turns an arm into trials.
/// </summary>
public sealed record CancelRequested(DateTimeOffset Now, IReadOnlyCollection<TrialId> Trials) : Input(Now);

/// <summary>The user wants trials that ended without a result to be tried again, with fresh retries.</summary>
/// <param name="State">Which ones: <see cref="TrialState.Failed"/>, <see cref="TrialState.Lost"/> or
/// <see cref="TrialState.Cancelled"/>.</param>
/// <param name="Only">Of these alone; null for all that are in that state.</param>
public sealed record RetryRequested(DateTimeOffset Now, TrialState State, IReadOnlySet<TrialId>? Only = null) : Input(Now);

/// <summary>The user writes a note or tags.</summary>
/// <param name="Trials">To these trials; null for the sweep as a whole.</param>
/// <param name="Change">What changes.</param>
public sealed record AnnotateRequested(DateTimeOffset Now, IReadOnlyCollection<TrialId>? Trials, AnnotationChange Change)
    : Input(Now);

/// <summary>The user wants the trials of a study to be handed out sooner, or later.</summary>
/// <param name="Study">Its name.</param>
/// <param name="Priority">In place of that of the sweep file; studies with a higher one come first.</param>
public sealed record PrioritizeRequested(DateTimeOffset Now, string Study, int Priority) : Input(Now);
