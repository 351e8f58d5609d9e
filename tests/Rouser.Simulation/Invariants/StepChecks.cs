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
        foreach (Event happened in ready.Events)
        {
            CheckEnding(input, happened);
            _ledger.Apply(happened);
            Demand(happened.At == _now, $"{happened} is not stamped with the machine's time, {_now:O}");
            CheckFence(input, happened);
            if (happened is TrialAssigned assigned)
                CheckAssignment(assigned);
            if (happened is CheckAssigned check)
                CheckSlots(check.Worker, _ledger.Find(check.Trial)!);
            if (_ledger.Find(TrialOf(happened)) is { } touched)
                Touch(touched);
        }
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
            case WorkerJoined i:
                _slots[i.Worker] = i.Slots;
                _missing.Remove(i.Worker);
                break;
            case WorkerLeft i: _slots.Remove(i.Worker); break;
            case WorkerGone i: _slots.Remove(i.Worker); break;
            case HeartbeatReceived i:
                foreach (LeaseKey lease in i.Leases)
                {
                    if (_ledger.Holds(i.Worker, lease)) _ledger.HolderOf(lease)!.HeardAt = _now;
                }
                break;
            case EpochReported i: Hear(i.Worker, i.Lease); break;
            case TrialFinished i: Hear(i.Worker, i.Lease); break;
            case DataMissing i:
                _missing.TryAdd(i.Worker, (_now, []));
                _missing[i.Worker].Digests.Add(i.DataDigest);
                break;
            case WorkRequested i:
                // The machine forgets after ten leases.
                if (_missing.TryGetValue(i.Worker, out (DateTimeOffset Since, HashSet<string>) old) && _now - old.Since >= 10 * scenario.Run.Lease)
                    _missing.Remove(i.Worker);
                break;
            case DrainRequested: _isDraining = true; break;
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

    // A result is recorded under the attempt that reported it, never in another one's name.
    private static void CheckFence(Input input, Event happened)
    {
        LeaseKey? recorded = happened switch
        {
            EpochRecorded e => new(e.Trial, e.Attempt),
            TrialCompleted e => new(e.Trial, e.Attempt),
            CheckPassed e => new(e.Trial, e.Attempt),
            _ => null,
        };
        if (recorded is null)
            return;
        LeaseKey? reported = input switch
        {
            EpochReported i => i.Lease,
            TrialFinished i => i.Lease,
            _ => null,
        };
        Demand(recorded == reported, $"{TraceText.Of(happened)} came of {TraceText.Of(input)}");
    }

    private void CheckAssignment(TrialAssigned assigned)
    {
        Account trial = _ledger.Find(assigned.Trial)!;
        CheckSlots(assigned.Worker, trial);
        foreach (Account earlier in _ledger.Accounts)
        {
            if (earlier.Place == trial.Place)
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
            case AssignTrial e: Demand(_ledger.Holds(e.Worker, e.Lease), $"{e} without a lease"); break;
            case RevokeLease e: Demand(!_ledger.Holds(e.Worker, e.Lease), $"{e} of a lease that is current"); break;
            case ResendEpochs e: Demand(_ledger.Holds(e.Worker, e.Lease), $"{e} without a lease"); break;
            case AcknowledgeEnding e: Demand(!_ledger.Holds(e.Worker, e.Lease), $"{e} of a lease that is current"); break;
            case EndSweep: Demand(_ledger.IsFinished, $"the sweep ended early"); break;
        }
    }

    private static void CheckTrial(CoordinatorState state, Account account)
    {
        TrialStatus actual = state.Trials[account.Place];
        Demand(
            actual.State == account.State
                && actual.Attempt == account.Attempt
                && actual.EpochsRecorded == account.Recorded
                && actual.FailedAttempts == account.FailedAttempts
                && actual.LostAttempts == account.LostAttempts
                && (account.Attempt == 0 || actual.Worker == account.Worker)
                && actual.Check?.State == account.Check
                && (actual.Check?.Attempts ?? 0) == account.CheckAttempts,
            $"by the events it is {account} on {account.Worker}, but by the machine's state {actual.State}, "
                + $"attempt {actual.Attempt} on {actual.Worker}"
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
