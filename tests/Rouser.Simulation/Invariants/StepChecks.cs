using Rouser.Coordination;
using Rouser.Simulation.Scenarios;
using Rouser.Sweeps;
using static Rouser.Simulation.Invariants.Invariant;

namespace Rouser.Simulation.Invariants;

/// <summary>
/// Watches one coordinator from when it opens the journal: after every step it holds what the machine decided against
/// a <see cref="Ledger"/> of its own, and against the rules that no ledger knows: slots, the order of the queue, the
/// time left on leases, who is told what.
/// </summary>
/// <param name="scenario">The sweep.</param>
/// <param name="durable">What the journal holds when the coordinator opens it.</param>
internal sealed class StepChecks(Scenario scenario, Ledger durable)
{
    private readonly Ledger _ledger = durable.Copy();
    private readonly Dictionary<WorkerId, int> _slots = [];
    private readonly Dictionary<WorkerId, (DateTimeOffset Since, HashSet<string> Digests)> _missing = [];
    private DateTimeOffset _now;
    private TimeSpan _ahead;
    private bool _isDraining;
    private bool _hasStarted;
    private int _steps;

    /// <summary>The sweep as this coordinator sees it, which may be ahead of what is durable.</summary>
    public Ledger Ledger => _ledger;

    /// <summary>Checks that a machine which has just read the journal knows what the journal tells.</summary>
    /// <param name="state">The machine's state.</param>
    public void CheckStart(CoordinatorState state)
    {
        _now = state.At;
        foreach (Account account in _ledger.Accounts)
            CheckTrial(state, account);
        CheckCounts(state);
    }

    /// <summary>Checks a step.</summary>
    /// <param name="input">What the machine was told.</param>
    /// <param name="ready">What it decided.</param>
    /// <param name="state">Its state now.</param>
    public void Check(Input input, Ready ready, CoordinatorState state)
    {
        // A clock that is behind the journal when the machine starts stays so: the machine's time goes on from the
        // journal's.
        if (!_hasStarted && input.Now < _now)
            _ahead = _now - input.Now;
        if (input.Now + _ahead > _now)
            _now = input.Now + _ahead;
        if (!_hasStarted)
            Start();
        Note(input);
        bool isOfHolder = CauseChecks.IsOfHolder(input, _ledger);
        foreach (Event happened in ready.Events)
        {
            CauseChecks.Check(input, happened, _ledger);
            CheckEnding(input, happened);
            _ledger.Apply(happened);
            Demand(happened.At == _now, $"{happened} is not stamped with the machine's time, {_now:O}");
            if (happened is TrialAssigned assigned)
                CheckAssignment(assigned);
            if (happened is CheckAssigned check)
                CheckSlots(check.Worker, _ledger.Find(check.Trial)!);
            if (_ledger.Find(TrialOf(happened)) is { } touched)
                Touch(touched);
            foreach (TrialId annotated in (happened as TrialsAnnotated)?.Trials ?? [])
                Touch(_ledger.Find(annotated)!);
        }
        CauseChecks.CheckEffect(input, isOfHolder, _ledger);
        foreach (Effect effect in ready.Effects)
            CheckEffect(effect);
        foreach (Account touched in _touched)
            CheckTrial(state, touched);
        _touched.Clear();
        CheckCounts(state);
        if (input is Tick)
            CheckExpiry();
        if (input is CancelRequested cancel)
            CheckCancelled(cancel);
        if ((++_steps & 255) == 0)
            foreach (Account account in _ledger.Accounts)
                CheckTrial(state, account);
    }

    private readonly List<Account> _touched = [];

    private void Touch(Account trial)
    {
        if (!_touched.Contains(trial))
            _touched.Add(trial);
    }

    private static TrialId TrialOf(Event happened) =>
        happened switch
        {
            TrialAssigned e => e.Trial,
            TrialReused e => e.Trial,
            TrialContinued e => e.Trial,
            EpochRecorded e => e.Trial,
            TrialCompleted e => e.Trial,
            AttemptFailed e => e.Trial,
            AttemptLost e => e.Trial,
            AttemptReturned e => e.Trial,
            TrialPruned e => e.Trial,
            TrialCancelled e => e.Trial,
            TrialRequeued e => e.Trial,
            CheckAssigned e => e.Trial,
            CheckPassed e => e.Trial,
            CheckReturned e => e.Trial,
            CheckAbandoned e => e.Trial,
            ResultsDisagreed e => e.Trial,
            _ => default,
        };

    // Leases that the journal leaves open may be held by workers that outlived the predecessor; they get their full
    // time.
    private void Start()
    {
        _hasStarted = true;
        foreach (Account trial in _ledger.Running)
            (trial.HeardAt, trial.StartedAt) = (_now, _now);
    }

    private void Note(Input input)
    {
        // csharpier-ignore
        switch (input)
        {
            case MessageReceived i: Note(i.From, i.Message); break;
            case WorkerGone i: _slots.Remove(i.Worker); break;
            case DrainRequested: _isDraining = true; break;
        }
    }

    private void Note(WorkerId from, WorkerMessage message)
    {
        // csharpier-ignore
        switch (message)
        {
            case WorkerJoined m:
                _slots[from] = m.Slots;
                _missing.Remove(from);
                break;
            case WorkerLeft: _slots.Remove(from); break;
            case Heartbeat m: foreach (LeaseKey lease in m.Leases) Hear(from, lease); break;
            case EpochReported m: Hear(from, m.Lease); break;
            case TrialFinished m: Hear(from, m.Lease); break;
            case DataMissing m:
                _missing.TryAdd(from, (_now, []));
                _missing[from].Digests.Add(m.DataDigest);
                break;
            case WorkRequested:
                // The machine forgets after ten leases.
                if (_missing.TryGetValue(from, out (DateTimeOffset Since, HashSet<string>) old) && _now - old.Since >= 10 * scenario.Run.Lease)
                    _missing.Remove(from);
                break;
        }
    }

    private void Hear(WorkerId worker, LeaseKey lease)
    {
        if (_ledger.Holds(worker, lease))
            _ledger.HolderOf(lease)!.HeardAt = _now;
    }

    // Ends that nobody reported need their time to have come.
    private void CheckEnding(Input input, Event happened)
    {
        if (input is not Tick)
            return;
        switch (happened)
        {
            case AttemptLost e when _ledger.Find(e.Trial) is { } trial:
                Demand(
                    _now - trial.HeardAt >= scenario.Run.Lease,
                    $"{trial} was lost {(_now - trial.HeardAt).TotalSeconds} s after it was heard of"
                );
                break;
            case CheckReturned e when _ledger.Find(e.Trial) is { } trial:
                Demand(
                    _now - trial.HeardAt >= scenario.Run.Lease || _now - trial.StartedAt >= scenario.Run.Timeout,
                    $"the check of {trial} ended {(_now - trial.HeardAt).TotalSeconds} s after it was heard of"
                );
                break;
            case AttemptFailed e when _ledger.Find(e.Trial) is { } trial:
                Demand(
                    _now - trial.StartedAt >= scenario.Run.Timeout,
                    $"{trial} ran out of time after {(_now - trial.StartedAt).TotalSeconds} s"
                );
                break;
        }
    }

    private void CheckAssignment(TrialAssigned assigned)
    {
        Account trial = _ledger.Find(assigned.Trial)!;
        CheckSlots(assigned.Worker, trial);
        foreach (Account earlier in _ledger.InOrder)
        {
            if (earlier.PlanIndex == trial.PlanIndex)
                break;
            Demand(
                earlier.State != TrialState.Queued || Lacks(assigned.Worker, earlier),
                $"{trial} was assigned before its turn: {earlier} waits"
            );
        }
    }

    private void CheckSlots(WorkerId worker, Account trial)
    {
        int held = _ledger.Running.Count(other => other.Holder == worker),
            slots = _slots.GetValueOrDefault(worker);
        Demand(held <= slots, $"{worker} holds {held} trials in {slots} slots");
        Demand(
            !_isDraining && !_ledger.IsPaused,
            $"{trial} was assigned though the sweep {(_isDraining ? "drains" : "is paused")}"
        );
        Demand(!Lacks(worker, trial), $"{trial} was assigned to {worker}, which lacks its data");
    }

    private bool Lacks(WorkerId worker, Account trial) =>
        _missing.TryGetValue(worker, out (DateTimeOffset, HashSet<string> Digests) known)
        && known.Digests.Contains(trial.Planned.DataDigest);

    private void CheckEffect(Effect effect)
    {
        // csharpier-ignore
        switch (effect)
        {
            case SendCommand e: CheckCommand(e.Worker, e.Command); break;
            case DiscardCheckpoint e: Demand(_ledger.Find(e.Trial)!.Results > 0, $"{e} of a trial that has no result"); break;
            case EndSweep: Demand(_ledger.IsFinished, $"the sweep ended early"); break;
        }
    }

    private void CheckCommand(WorkerId worker, WorkerCommand command)
    {
        // csharpier-ignore
        switch (command)
        {
            case WorkerCommand.Assign c: Demand(_ledger.Holds(worker, c.Lease), $"{worker} is given {c.Lease} without a lease"); break;
            case WorkerCommand.Revoke c: Demand(!_ledger.Holds(worker, c.Lease), $"{c} of a lease that is current"); break;
            case WorkerCommand.Resend c: Demand(_ledger.Holds(worker, c.Lease), $"{c} without a lease"); break;
            case WorkerCommand.Acknowledge c: Demand(!_ledger.Holds(worker, c.Lease), $"{c} of a lease that is current"); break;
            case WorkerCommand.Drain: Demand(_isDraining, $"{worker} is asked to drain, and the sweep does not"); break;
        }
    }

    private static void CheckTrial(CoordinatorState state, Account account)
    {
        TrialStatus actual = state.Trials[account.PlanIndex];
        Demand(
            actual.State == account.State
                && actual.Attempt == account.Attempt
                && actual.EpochsRecorded == account.Recorded
                && actual.FailedAttempts == account.FailedAttempts
                && actual.LostAttempts == account.LostAttempts
                && (account.Attempt == 0 || actual.Worker == account.Worker)
                && actual.Check?.State == account.Check
                && (actual.Check?.Attempts ?? 0) == account.CheckAttempts
                && actual.Annotation.Note == account.Note
                && actual.Annotation.Tags.SequenceEqual(account.Tags),
            $"by the events it is {account} on {account.Worker}, but by the machine's state {actual.State}, "
                + $"attempt {actual.Attempt} on {actual.Worker}, {actual.Annotation}"
        );
    }

    private void CheckCounts(CoordinatorState state)
    {
        for (TrialState each = 0; each <= TrialState.Pruned; each++)
            Demand(
                state.Count(each) == _ledger.Count(each),
                $"the machine counts {state.Count(each)} {each}, the events make {_ledger.Count(each)}"
            );
    }

    private void CheckExpiry()
    {
        foreach (Account trial in _ledger.Running)
        {
            Demand(
                _now - trial.HeardAt < scenario.Run.Lease,
                $"{trial} is silent for {(_now - trial.HeardAt).TotalSeconds} s, and its lease is open"
            );
            Demand(
                _now - trial.StartedAt < scenario.Run.Timeout,
                $"{trial} runs for {(_now - trial.StartedAt).TotalSeconds} s, and its time is not up"
            );
        }
    }

    private void CheckCancelled(CancelRequested cancel)
    {
        foreach (TrialId id in cancel.Trials)
            Demand(
                _ledger.Find(id) is not { HasEnded: false } and not { HasOpenCheck: true },
                $"{_ledger.Find(id)} goes on though it was cancelled"
            );
    }
}
