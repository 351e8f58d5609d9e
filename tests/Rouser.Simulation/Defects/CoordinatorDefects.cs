using Rouser.Coordination;
using Rouser.Simulation.Scenarios;
using Rouser.Simulation.World;
using Rouser.Sweeps;

namespace Rouser.Simulation.Defects;

/// <summary>
/// Defects of the coordinator, its loop and its journal. Each wraps the product's parts: it tells the machine something
/// else than what happened, or adds to what the machine decided.
/// </summary>
internal static class CoordinatorDefects
{
    // csharpier-ignore
    public static readonly Dictionary<string, Build> All = new()
    {
        // The journal takes events from whoever has it open: a coordinator that was taken for dead writes on.
        ["fencing-off"] = new() { Open = file => new FileJournal(file, fences: false) },
        // Half a record that a power cut left behind stays in the file, and hides what is written behind it.
        ["torn-tail-not-cut"] = new() { Open = file => new FileJournal(file, cutsTornTail: false) },
        // The orchestrator acts first and writes down afterwards.
        ["effects-before-events"] = new() { PersistsBeforeActing = false },
        // A trial that was touched is left out of the snapshot.
        ["snapshot-forgets-a-trial"] = new() { Keeps = changes => changes with { Trials = [.. changes.Trials.Skip(1)] } },
        ["lease-never-expires"] = new() { SettingsOf = run => run with { Lease = TimeSpan.MaxValue } },
        ["lost-without-limit"] = new() { SettingsOf = run => run with { LostRetries = int.MaxValue } },
        ["workers-not-asked-to-join"] = new() { Delivers = command => command is not WorkerCommand.Join },
        ["missing-epochs-not-asked-for"] = new() { Delivers = command => command is not WorkerCommand.Resend },

        // What an earlier attempt says counts for the one that runs now.
        ["stale-report-counts"] = Stale(message => message is EpochReported or TrialFinished),
        ["stale-hand-back-ends-later-attempt"] = Stale(message => message is TrialHandedBack),
        ["stale-error-ends-later-attempt"] = Stale(message => message is TrialErrored),
        ["stale-lack-of-data-ends-later-attempt"] = Stale(message => message is DataMissing),

        // What ends an attempt costs its trial something else than it should.
        ["hand-back-is-charged"] = Told(m => m is TrialHandedBack e ? new TrialErrored(e.Lease, e.Reason, false) : m),
        ["lack-of-data-is-charged"] = Told(m => m is DataMissing e ? new TrialErrored(e.Lease, "no data", false) : m),
        ["error-is-free"] = Told(m => m is TrialErrored e ? new TrialHandedBack(e.Lease, e.Reason) : m),
        ["error-is-final"] = Told(m => m is TrialErrored e ? e with { Repeats = true } : m),
        ["death-is-free"] = Heard(i => i is WorkerGone e ? new MessageReceived(e.Now, e.Worker, new WorkerLeft(e.Reason)) : i),
        ["farewell-is-charged"] = Heard(i =>
            i is MessageReceived { Message: WorkerLeft left } e ? new WorkerGone(e.Now, e.From, left.Reason) : i),
        ["silence-is-failure"] = new() { CoordinatorStep = FailTheSilent },

        // What was asked for is not done.
        ["lack-of-data-is-not-noted"] = Told(m => m is DataMissing e ? new TrialHandedBack(e.Lease, "no data") : m),
        ["slot-too-many"] = Told(m => m is WorkerJoined e ? e with { Slots = e.Slots + 1 } : m),
        ["drain-is-ignored"] = Heard(i => i is DrainRequested ? new Tick(i.Now) : i),
        ["pause-is-ignored"] = Heard(i => i is PauseRequested ? new Tick(i.Now) : i),
        ["priority-is-ignored"] = Heard(i => i is PrioritizeRequested ? new Tick(i.Now) : i),
        ["snapshot-forgets-priorities"] = new() { Keeps = changes => changes with { Summary = changes.Summary with { Priorities = null } } },
        ["snapshot-forgets-what-users-wrote"] = new()
        {
            Keeps = changes => changes with { Trials = [.. changes.Trials.Select(t => t with { Annotation = null })] },
        },
        ["resumption-keeps-leases"] = Heard(i => i is SweepResumed ? new Tick(i.Now) : i),
        ["cancel-spares-what-runs"] = new() { CoordinatorStep = CancelWaiting },

        // A run that has grown takes the events of trials that it has dropped for damage.
        ["growth-forgets-what-was-dropped"] = Grown(plan => plan with { History = plan.History! with { Dropped = [] } }),
        ["growth-is-not-noted"] = Grown(plan => plan with { History = plan.History! with { Revision = plan.Revision - 1 } }),
        ["growth-keeps-the-former-order"] = Grown(plan => plan with { Trials = [.. plan.Trials.OrderBy(t => Scenario.PlaceOf(t.Id))] }),

        // A search does not go by the sweep's settings.
        ["search-asks-for-too-many"] = Searched(searches => searches with
        {
            OfStudy = searches.OfStudy.ToDictionary(s => s.Key, s => s.Value with { Parallel = s.Value.Parallel + 1 }),
        }),
        ["search-goes-by-another-metric"] = Searched(searches => searches with { Metric = ValidationMetric.Find("validation_loss")! }),

        // What must not be decided is.
        ["duplicate-result-accepted"] = new() { CoordinatorStep = AcceptTwice },
        ["found-result-taken-twice"] = new() { CoordinatorStep = TakeTwice },
        ["epochs-taken-over-twice"] = new() { CoordinatorStep = TakeOverTwice },
        // What a shorter trial has measured is recorded, and the attempt that brought it never ends.
        ["taken-over-trial-stays-held"] = new() { CoordinatorStep = HoldTakenOver },
        ["pruned-at-last-epoch"] = new() { CoordinatorStep = PruneAtLastEpoch },
        ["end-acknowledged-without-record"] = new() { CoordinatorStep = AcknowledgeAlways },
        ["retry-keeps-the-count"] = new() { CoordinatorStep = RetryWithoutRenewal },
    };

    private static Build Grown(Func<Plan, Plan> change) => new() { PlanOf = plan => plan.Revision == 0 ? plan : change(plan) };

    private static Build Searched(Func<SettingSearches, SettingSearches> change) =>
        new() { SettingsOf = run => run.Searches is { } searches ? run with { Searches = change(searches) } : run };

    private static Build Heard(Func<Input, Input> hear) =>
        new() { CoordinatorStep = (machine, input) => machine.Step(hear(input)) };

    private static Build Told(Func<WorkerMessage, WorkerMessage> hear) =>
        Heard(input => input is MessageReceived i ? i with { Message = hear(i.Message) } : input);

    private static Build Stale(Func<WorkerMessage, bool> which) =>
        new()
        {
            CoordinatorStep = (machine, input) =>
                machine.Step(input is MessageReceived i && which(i.Message) ? Later(machine.State, i) : input),
        };

    private static MessageReceived Later(CoordinatorState state, MessageReceived received)
    {
        LeaseKey? named = received.Message switch
        {
            EpochReported m => m.Lease,
            AttemptEnding m => m.Lease,
            _ => null,
        };
        if (named is not { } lease || state.Find(lease.Trial) is not { State: TrialState.Running } trial)
            return received;
        if (lease.Attempt >= trial.Attempt)
            return received;
        WorkerMessage message = received.Message switch
        {
            EpochReported m => m with { Lease = trial.Lease },
            AttemptEnding m => m with { Lease = trial.Lease },
            var other => other,
        };
        return received with { From = trial.Holder!.Value, Message = message };
    }

    private static Ready FailTheSilent(Coordinator machine, Input input)
    {
        if (input is not Tick)
            return machine.Step(input);
        List<Event> events = [];
        List<Effect> effects = [];
        foreach (TrialStatus trial in machine.State.Trials.Where(t => t.State == TrialState.Running))
        {
            if (machine.State.LeaseOf(trial) is not { } lease || lease.ExpiresAt > input.Now)
                continue;
            TrialErrored error = new(trial.Lease, "silent", Repeats: false);
            Add(machine.Step(new MessageReceived(input.Now, trial.Holder!.Value, error)));
        }
        Add(machine.Step(input));
        return new Ready(events, effects);

        void Add(Ready ready)
        {
            events.AddRange(ready.Events);
            effects.AddRange(ready.Effects);
        }
    }

    private static Ready CancelWaiting(Coordinator machine, Input input) =>
        machine.Step(
            input is CancelRequested cancel
                ? cancel with
                {
                    Trials = [.. cancel.Trials.Where(id => machine.State.Find(id) is not { State: TrialState.Running })],
                }
                : input
        );

    private static Ready AcceptTwice(Coordinator machine, Input input)
    {
        Ready ready = machine.Step(input);
        if (input is not MessageReceived { Message: TrialFinished result } || ready.Events.Count > 0)
            return ready;
        LeaseKey lease = result.Lease;
        if (machine.State.Find(lease.Trial) is not { State: TrialState.Completed } trial || trial.Attempt != lease.Attempt)
            return ready;
        TrialCompleted again = new(machine.State.At, lease.Trial, lease.Attempt, result.WeightDistancesFinal);
        return ready with { Events = [again] };
    }

    private static Ready TakeTwice(Coordinator machine, Input input)
    {
        Ready ready = machine.Step(input);
        return
            input is ResultFound found
            && ready.Events.Count == 0
            && machine.State.Find(found.Trial) is { State: TrialState.Completed } trial
            ? ready with
            {
                Events = [new TrialReused(machine.State.At, found.Trial, trial.Attempt + 1, found.From)],
            }
            : ready;
    }

    private static Ready TakeOverTwice(Coordinator machine, Input input)
    {
        Ready ready = machine.Step(input);
        return
            input is ShorterTrialFound found
            && ready.Events.Count == 0
            && machine.State.Find(found.Trial) is { State: TrialState.Queued } trial
            ? ready with
            {
                Events = [new TrialContinued(machine.State.At, found.Trial, trial.Attempt + 1, found.From)],
            }
            : ready;
    }

    private static Ready HoldTakenOver(Coordinator machine, Input input)
    {
        Ready ready = machine.Step(input);
        return input is ShorterTrialFound
            ? ready with
            {
                Events = [.. ready.Events.Where(e => e is not AttemptReturned)],
            }
            : ready;
    }

    private static Ready PruneAtLastEpoch(Coordinator machine, Input input)
    {
        Ready ready = machine.Step(input);
        if (ready.Events is not [EpochRecorded recorded] || machine.State.Find(recorded.Trial) is not { } trial)
            return ready;
        if (recorded.Metrics.Epoch < trial.Planned.Settings.Epochs)
            return ready;
        if (machine.State.Pruner?.Judge(trial.Planned, recorded.Metrics) is not { } reason)
            return ready;
        TrialPruned pruned = new(recorded.At, recorded.Trial, recorded.Attempt, reason);
        machine.State.Leases.Close(trial.PlanIndex);
        machine.State.Apply(pruned);
        return ready with { Events = [recorded, pruned] };
    }

    private static Ready AcknowledgeAlways(Coordinator machine, Input input)
    {
        Ready ready = machine.Step(input);
        return input is MessageReceived { Message: TrialFinished result } i
            ? ready with
            {
                Effects = [.. ready.Effects, new SendCommand(i.From, new WorkerCommand.Acknowledge(result.Lease))],
            }
            : ready;
    }

    private static Ready RetryWithoutRenewal(Coordinator machine, Input input)
    {
        if (input is not RetryRequested)
            return machine.Step(input);
        int[] failed = [.. machine.State.Trials.Select(t => t.FailedAttempts)];
        Ready ready = machine.Step(input);
        foreach (TrialRequeued requeued in ready.Events.OfType<TrialRequeued>())
        {
            TrialStatus trial = machine.State.Find(requeued.Trial)!;
            trial.FailedAttempts = failed[trial.PlanIndex];
        }
        return ready;
    }
}
