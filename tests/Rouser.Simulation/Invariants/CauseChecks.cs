using Rouser.Coordination;
using Rouser.Sweeps;
using static Rouser.Simulation.Invariants.Invariant;

namespace Rouser.Simulation.Invariants;

/// <summary>What an event does to an attempt, and what that costs its trial.</summary>
[Flags]
internal enum Outcome
{
    None = 0,
    Assigned = 1,
    Recorded = 2,
    Result = 4,
    Free = 8,
    Lost = 16,
    Failed = 32,
    Pruned = 64,
    Cancelled = 128,
    Requeued = 256,
    Abandoned = 512,
    Alarm = 1024,
    Paused = 2048,
    Continued = 4096,
    Reused = 8192,
    Opened = 16384,
    TakenOver = 32768,
    Annotated = 65536,
    Prioritized = 131072,
}

/// <summary>
/// Which input may bring about what, and of whose lease: an attempt is ended by the input that names its lease, at the
/// cost that this input may have, and an input that has to end an attempt does.
/// </summary>
internal static class CauseChecks
{
    /// <summary>Checks an event before it is taken in.</summary>
    /// <param name="input">What the machine was told.</param>
    /// <param name="happened">What it decided.</param>
    /// <param name="before">The sweep before this event.</param>
    public static void Check(Input input, Event happened, Ledger before)
    {
        // The first step notes a new plan, whatever it is told; and a search goes on with whatever ends a trial.
        if (happened is PlanReplaced || (before.IsSearch && happened is SettingProposed or TrialsOpened))
            return;
        Outcome outcome = OutcomeOf(happened);
        Demand((PermittedBy(input) & outcome) != 0, $"{TraceText.Of(happened)} came of {TraceText.Of(input)}");
        if ((outcome & (Outcome.Recorded | Outcome.Result | Outcome.Free | Outcome.Lost | Outcome.Failed | Outcome.Pruned)) == 0)
            return;
        (TrialId id, int attempt) = AttemptOf(happened);
        Account trial = before.Find(id)!;
        if (LeaseOf(input) is { } named)
            Demand(named == new LeaseKey(id, attempt), $"{TraceText.Of(happened)} came of {TraceText.Of(input)}");
        if (SenderOf(input) is { } sender)
            Demand(
                trial.IsHeld && trial.Holder == sender,
                $"{TraceText.Of(happened)} of {trial.Holder} came of {sender}: {TraceText.Of(input)}"
            );
        if (happened is TrialPruned)
            Demand(trial.Recorded < trial.Epochs, $"{trial} was pruned after its last epoch");
    }

    /// <summary>Checks that what had to happen did.</summary>
    /// <param name="input">What the machine was told.</param>
    /// <param name="heldBefore">Whether the sender held the lease that the input names.</param>
    /// <param name="after">The sweep after the step.</param>
    public static void CheckEffect(Input input, bool heldBefore, Ledger after)
    {
        switch (input)
        {
            case MessageReceived { Message: AttemptEnding and not TrialFinished } when heldBefore:
                Demand(after.HolderOf(LeaseOf(input)!.Value) is null, $"the attempt goes on after {TraceText.Of(input)}");
                break;
            case MessageReceived { Message: WorkerLeft } or WorkerGone:
                Account? held = after.Running.FirstOrDefault(trial => trial.Holder == SenderOf(input));
                Demand(held is null, $"{held} goes on after {TraceText.Of(input)}");
                break;
            case SweepResumed:
                Demand(after.Running.Count == 0, $"{after.Running.Count} trials go on after the sweep was resumed");
                break;
            case RetryRequested i when i.State is TrialState.Failed or TrialState.Lost or TrialState.Cancelled:
                Demand(after.Count(i.State) == 0, $"{after.Count(i.State)} trials are {i.State} after {input}");
                break;
            case ShorterTrialFound i:
                Demand(
                    after.Find(i.Trial)!.Recorded > 0 || after.Find(i.Trial)!.State != TrialState.Queued,
                    $"{after.Find(i.Trial)} took nothing over"
                );
                Demand(after.Running.All(t => t.Worker != WorkerId.ShorterTrial), $"epochs are taken over, and nobody goes on");
                break;
            case PrioritizeRequested i:
                Demand(after.PriorityOf(i.Study) == i.Priority, $"study {i.Study} has another priority after {input}");
                break;
            case AnnotateRequested { Trials: { } trials, Change: { } change }:
                Demand(
                    trials
                        .Select(after.Find)
                        .OfType<Account>()
                        .All(t => (change.Note ?? t.Note) == t.Note && change.Added.All(t.Tags.Contains)),
                    $"it is not written to every trial after {input}"
                );
                break;
            case PauseRequested or ContinueRequested:
                Demand(
                    after.IsPaused == input is PauseRequested,
                    $"the sweep is {(after.IsPaused ? "" : "not ")}paused after {input}"
                );
                break;
        }
    }

    /// <summary>Whether the input names a lease that its sender holds.</summary>
    public static bool IsOfHolder(Input input, Ledger ledger) =>
        LeaseOf(input) is { } lease && SenderOf(input) is { } sender && ledger.Holds(sender, lease);

    // csharpier-ignore
    private static Outcome PermittedBy(Input input) =>
        input switch
        {
            // Silence is lost, a time limit is a failure, and a check without a witness is given up.
            Tick => Outcome.Lost | Outcome.Failed | Outcome.Abandoned,
            WorkerGone => Outcome.Lost | Outcome.Abandoned,
            SweepResumed => Outcome.Free,
            ResultFound => Outcome.Reused | Outcome.Recorded | Outcome.Result | Outcome.Alarm,
            ShorterTrialFound => Outcome.TakenOver | Outcome.Recorded | Outcome.Free,
            CancelRequested => Outcome.Cancelled | Outcome.Abandoned,
            RetryRequested => Outcome.Requeued | Outcome.Opened,
            PauseRequested => Outcome.Paused,
            ContinueRequested => Outcome.Continued,
            AnnotateRequested => Outcome.Annotated,
            PrioritizeRequested => Outcome.Prioritized,
            MessageReceived i => PermittedBy(i.Message),
            _ => Outcome.None,
        };

    // csharpier-ignore
    private static Outcome PermittedBy(WorkerMessage message) =>
        message switch
        {
            WorkRequested => Outcome.Assigned,
            WorkerLeft => Outcome.Free,
            // No worker here says what its trial cannot have given, so that nothing fails for being refused.
            EpochReported => Outcome.Recorded | Outcome.Pruned | Outcome.Alarm,
            TrialFinished => Outcome.Result | Outcome.Alarm | Outcome.Opened,
            TrialErrored => Outcome.Failed | Outcome.Abandoned | Outcome.Alarm,
            TrialHandedBack => Outcome.Free,
            DataMissing => Outcome.Free,
            _ => Outcome.None,
        };

    // csharpier-ignore
    private static Outcome OutcomeOf(Event happened) =>
        happened switch
        {
            TrialAssigned or CheckAssigned => Outcome.Assigned,
            TrialReused => Outcome.Reused,
            TrialContinued => Outcome.TakenOver,
            EpochRecorded => Outcome.Recorded,
            TrialCompleted or CheckPassed => Outcome.Result,
            AttemptReturned or CheckReturned { Failed: false } => Outcome.Free,
            AttemptLost => Outcome.Lost,
            AttemptFailed => Outcome.Failed,
            // The budget of a check knows no difference.
            CheckReturned => Outcome.Lost | Outcome.Failed,
            TrialPruned => Outcome.Pruned,
            TrialCancelled => Outcome.Cancelled,
            TrialRequeued => Outcome.Requeued,
            CheckAbandoned => Outcome.Abandoned,
            ResultsDisagreed => Outcome.Alarm,
            SweepPaused => Outcome.Paused,
            SweepContinued => Outcome.Continued,
            TrialsAnnotated or SweepAnnotated => Outcome.Annotated,
            StudyPrioritized => Outcome.Prioritized,
            TrialsOpened or ComparisonSettled => Outcome.Opened,
            _ => Outcome.None,
        };

    private static (TrialId Trial, int Attempt) AttemptOf(Event happened) =>
        happened switch
        {
            EpochRecorded e => (e.Trial, e.Attempt),
            TrialCompleted e => (e.Trial, e.Attempt),
            TrialPruned e => (e.Trial, e.Attempt),
            AttemptFailed e => (e.Trial, e.Attempt),
            AttemptLost e => (e.Trial, e.Attempt),
            AttemptReturned e => (e.Trial, e.Attempt),
            CheckPassed e => (e.Trial, e.Attempt),
            CheckReturned e => (e.Trial, e.Attempt),
            _ => throw new InvariantBrokenException($"the simulator knows no attempt of {happened}"),
        };

    private static WorkerId? SenderOf(Input input) =>
        input switch
        {
            MessageReceived i => i.From,
            WorkerGone i => i.Worker,
            _ => null,
        };

    private static LeaseKey? LeaseOf(Input input) =>
        input is not MessageReceived { Message: var message }
            ? null
            : message switch
            {
                EpochReported m => m.Lease,
                AttemptEnding m => m.Lease,
                _ => null,
            };
}
