using Rouser.Core.Coordination;
using Rouser.Core.Sweeps;

namespace Rouser.Core.Tests.Coordination.Simulation;

/// <summary>
/// A deliberately dumb second account of the sweep, kept from events and inputs alone, that is compared with the machine after every step
/// (design.md, contract 4).
/// </summary>
internal sealed class Invariants(Plan plan, RunSettings settings)
{
    private readonly Dictionary<TrialId, Account> _accounts = plan.Trials.Select((t, place) => new Account(t, place)).ToDictionary(a => a.Id);
    private readonly Dictionary<WorkerId, int> _slots = [];
    private readonly Dictionary<LeaseKey, WorkerId> _receivers = [];
    private DateTimeOffset _now;
    private bool _isFresh = true;

    /// <summary>Events that a crash kept from being durable never happened.</summary>
    public void Restart(IReadOnlyList<Event> journal)
    {
        _now = journal.Count > 0 ? journal[^1].At : default;
        foreach (Account account in _accounts.Values) account.Reset();
        foreach (Event happened in journal) Apply(happened);
        _slots.Clear();
        _isFresh = true;
    }

    public void Check(Input input, Ready ready, CoordinatorState state)
    {
        if (input.Now > _now) _now = input.Now;
        NoteContact(input);
        foreach (Event happened in ready.Events)
        {
            Demand(happened.At == _now, $"{happened} is not stamped with the machine's time, {_now:O}");
            Apply(happened);
            CheckFence(input, happened);
            if (happened is TrialAssigned assigned) CheckAssignment(assigned);
        }
        foreach (Effect effect in ready.Effects) CheckEffect(effect);
        CheckState(state);
        if (input is Tick) CheckExpiry();
    }

    /// <summary>A worker has received an assignment: no other worker may ever get the same lease.</summary>
    public void CheckReceiver(WorkerId worker, LeaseKey lease)
    {
        if (!_receivers.TryAdd(lease, worker)) Demand(_receivers[lease] == worker, $"{lease} reached both {_receivers[lease]} and {worker}");
    }

    private void Apply(Event happened)
    {
        switch (happened)
        {
            case TrialAssigned e:
                Account trial = _accounts[e.Trial];
                Demand(trial.State == TrialState.Queued, $"{trial} was assigned");
                Demand(e.Attempt == trial.Attempt + 1, $"{trial} got attempt {e.Attempt}");
                (trial.State, trial.Attempt, trial.Worker, trial.HeardAt) = (TrialState.Running, e.Attempt, e.Worker, e.At);
                break;
            case EpochRecorded e:
                trial = Current(e.Trial, e.Attempt, e);
                Demand(e.Metrics.Epoch == trial.Epochs + 1, $"{trial} recorded epoch {e.Metrics.Epoch} after {trial.Epochs}");
                Demand(e.Metrics.TrainLoss == Samples.Epoch(trial.Place, e.Metrics.Epoch).TrainLoss, $"{trial} recorded another trial's metrics");
                trial.Epochs++;
                break;
            case TrialCompleted e:
                trial = Current(e.Trial, e.Attempt, e);
                Demand(trial.Epochs == trial.Planned.Settings.Epochs, $"{trial} was completed with {trial.Epochs} epochs");
                trial.State = TrialState.Completed;
                break;
            case AttemptFailed e:
                trial = Current(e.Trial, e.Attempt, e);
                Demand(e.Final == (trial.Failures++ == settings.FailedRetries), $"{trial} failed {trial.Failures} times, final: {e.Final}");
                trial.State = e.Final ? TrialState.Failed : TrialState.Queued;
                break;
            case AttemptLost e:
                trial = Current(e.Trial, e.Attempt, e);
                Demand(e.Final == (trial.Losses++ == settings.LostRetries), $"{trial} was lost {trial.Losses} times, final: {e.Final}");
                trial.State = e.Final ? TrialState.Lost : TrialState.Queued;
                break;
            case AttemptReturned e:
                Current(e.Trial, e.Attempt, e).State = TrialState.Queued;
                break;
            case TrialRequeued e:
                trial = _accounts[e.Trial];
                Demand(trial.State is TrialState.Failed or TrialState.Lost, $"{trial} was requeued");
                (trial.State, trial.Failures, trial.Losses) = (TrialState.Queued, 0, 0);
                break;
        }
    }

    // The fence: whatever an attempt brings about, it must be the latest, and open.
    private Account Current(TrialId id, int attempt, Event happened)
    {
        Account trial = _accounts[id];
        Demand(trial.State == TrialState.Running && trial.Attempt == attempt, $"{trial} took {happened}");
        return trial;
    }

    // A result is recorded under the attempt that reported it, never in another one's name.
    private static void CheckFence(Input input, Event happened)
    {
        LeaseKey? reported = input switch { EpochReported i => i.Lease, TrialFinished i => i.Lease, _ => null };
        LeaseKey? recorded = happened switch { EpochRecorded e => new(e.Trial, e.Attempt), TrialCompleted e => new(e.Trial, e.Attempt), _ => null };
        Demand(recorded == reported || recorded is null, $"{happened} came of a report of {reported}");
    }

    private void CheckAssignment(TrialAssigned assigned)
    {
        int held = _accounts.Values.Count(a => a.State == TrialState.Running && a.Worker == assigned.Worker);
        Demand(held <= _slots.GetValueOrDefault(assigned.Worker), $"{assigned.Worker} holds {held} trials in {_slots.GetValueOrDefault(assigned.Worker)} slots");
        int place = _accounts[assigned.Trial].Place;
        Demand(_accounts.Values.All(a => a.State != TrialState.Queued || a.Place > place), $"{assigned.Trial.Short} was assigned before its turn");
    }

    private void CheckEffect(Effect effect)
    {
        switch (effect)
        {
            case AssignTrial e: Demand(Holds(e.Worker, e.Lease), $"{e} without a lease"); break;
            case RevokeLease e: Demand(!Holds(e.Worker, e.Lease), $"{e} of a lease that is current"); break;
            case AcknowledgeEnding e: Demand(!Holds(e.Worker, e.Lease), $"{e} of a lease that is open"); break;
            case ResendEpochs e: Demand(Holds(e.Worker, e.Lease), $"{e} without a lease"); break;
            case EndSweep: Demand(_accounts.Values.All(a => a.State is not (TrialState.Queued or TrialState.Running)), "the sweep ended early"); break;
        }
    }

    private bool Holds(WorkerId worker, LeaseKey lease) =>
        _accounts[lease.Trial] is { State: TrialState.Running } trial && trial.Attempt == lease.Attempt && trial.Worker == worker;

    private void CheckState(CoordinatorState state)
    {
        int waiting = 0;
        foreach (TrialStatus actual in state.Trials)
        {
            Account expected = _accounts[actual.Planned.Id];
            Demand(
                (actual.State, actual.Attempt, actual.EpochsRecorded) == (expected.State, expected.Attempt, expected.Epochs),
                $"{expected}, but the state says {actual.State}, attempt {actual.Attempt}, {actual.EpochsRecorded} epochs");
            if (actual.State == TrialState.Queued && !state.IsDraining && state.Workers.Count > 0)
            {
                string? why = state.Why(actual, _now);
                Demand(why!.Contains($"; {waiting++} before it", StringComparison.Ordinal), $"{expected}: {why}, but {waiting - 1} are before it");
            }
        }
        foreach (TrialState each in Enum.GetValues<TrialState>())
            Demand(state.Count(each) == _accounts.Values.Count(a => a.State == each), $"the state counts {state.Count(each)} {each}");
    }

    private void NoteContact(Input input)
    {
        if (_isFresh)
        {
            foreach (Account account in _accounts.Values) account.HeardAt = _now;
        }
        _isFresh = false;
        switch (input)
        {
            case WorkerJoined i: _slots[i.Worker] = i.Slots; break;
            case WorkerLeft i: _slots.Remove(i.Worker); break;
            case HeartbeatReceived i: foreach (LeaseKey lease in i.Leases) Hear(lease); break;
            case EpochReported i: Hear(i.Lease); break;
            case TrialFinished i: Hear(i.Lease); break;
        }
    }

    private void Hear(LeaseKey lease)
    {
        if (_accounts[lease.Trial].Attempt == lease.Attempt) _accounts[lease.Trial].HeardAt = _now;
    }

    private void CheckExpiry()
    {
        foreach (Account trial in _accounts.Values.Where(a => a.State == TrialState.Running))
            Demand(_now - trial.HeardAt < settings.Lease, $"{trial} is silent since {trial.HeardAt:O}, and its lease is open at {_now:O}");
    }

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds) throw new InvalidOperationException(otherwise);
    }

    private sealed class Account(PlannedTrial planned, int place)
    {
        public PlannedTrial Planned => planned;
        public TrialId Id => planned.Id;
        public int Place => place;
        public TrialState State { get; set; }
        public int Attempt { get; set; }
        public WorkerId Worker { get; set; }
        public int Epochs { get; set; }
        public int Failures { get; set; }
        public int Losses { get; set; }
        public DateTimeOffset HeardAt { get; set; }

        public void Reset() => (State, Attempt, Epochs, Failures, Losses) = (TrialState.Queued, 0, 0, 0, 0);

        public override string ToString() => $"{Id.Short}#{Attempt} ({State}, {Epochs} epochs)";
    }
}
