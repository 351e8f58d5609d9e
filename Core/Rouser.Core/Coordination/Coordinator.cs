using Rouser.Core.Metrics;
using Rouser.Core.Sweeps;

namespace Rouser.Core.Coordination;

/// <summary>
/// The control plane as a pure state machine: an input goes in, events and effects come out. No clock, file, socket or thread inside. Three
/// shells run it: in this process, behind HTTP, and as an Akka.NET cluster singleton; and a simulator for the tests.
/// </summary>
/// <remarks>
/// Work is pulled: a worker with free slots asks, and asks again after a while if it got nothing. A worker that has not joined gets
/// nothing, so workers join whenever they connect. Every input costs O(log n) in the number of trials, times the trials it touches.
/// </remarks>
public sealed class Coordinator
{
    private readonly RunSettings _settings;
    private readonly List<Event> _events = [];
    private readonly List<Effect> _effects = [];
    private DateTimeOffset _now;

    /// <summary>Starts on a plan, in the state that <paramref name="journal"/> leads to (empty for a new sweep).</summary>
    /// <exception cref="InvalidDataException">The journal is damaged or belongs to another plan.</exception>
    public Coordinator(Plan plan, RunSettings settings, IEnumerable<Event> journal)
        : this(plan, settings, null, journal)
    {
    }

    /// <summary>Starts on a plan, in the state that a snapshot, if there is one, and the events after it lead to.</summary>
    /// <exception cref="InvalidDataException">The journal is damaged or belongs to another plan.</exception>
    public Coordinator(Plan plan, RunSettings settings, SweepSnapshot? snapshot, IEnumerable<Event> after)
    {
        _settings = settings;
        State = new CoordinatorState(plan, settings);
        if (snapshot is not null) State.Restore(snapshot);
        foreach (Event happened in after) State.Apply(happened);
        _now = State.At;
    }

    /// <summary>Starts on a plan, in the state that the journal tells.</summary>
    /// <exception cref="InvalidDataException">The journal is damaged or belongs to another plan.</exception>
    public static Coordinator Open(Plan plan, RunSettings settings, IJournal journal)
    {
        // A pruner compares with the epochs of all trials, which a snapshot has not.
        SweepSnapshot? snapshot = settings.Pruner is null ? journal.ReadSnapshot() : null;
        return new Coordinator(plan, settings, snapshot, journal.Read(snapshot?.Through ?? 0));
    }

    /// <summary>Where everything stands; read-only to all but the machine.</summary>
    public CoordinatorState State { get; }

    /// <summary>Takes one input. The state already includes the events returned; the caller persists them before it performs the effects.</summary>
    public Ready Step(Input input)
    {
        if (input.Now > _now) _now = input.Now;
        if (!State.IsLive) RenewLeases();
        bool wasFinished = State.IsFinished;
        switch (input)
        {
            case Tick: OnTick(); break;
            case WorkerJoined i: OnWorkerJoined(i.Worker, i.Slots); break;
            case WorkerLeft i: OnWorkerOut(i.Worker, i.Reason, Return); break;
            case WorkerGone i: OnWorkerOut(i.Worker, i.Reason, Lose); break;
            case WorkRequested i: OnWorkRequested(i.Worker, i.FreeSlots); break;
            case HeartbeatReceived i: OnHeartbeat(i.Worker, i.Leases); break;
            case EpochReported i: OnEpochReported(i.Lease, i.Metrics); break;
            case TrialFinished i: OnTrialFinished(i.Lease, i.WeightDistancesFinal); break;
            case TrialErrored i: OnTrialErrored(i.Lease, i.Reason, i.Repeats); break;
            case TrialHandedBack i: OnTrialHandedBack(i.Lease, i.Reason); break;
            case DataMissing i: OnDataMissing(i.Worker, i.Lease, i.DataDigest); break;
            case SweepResumed: OnSweepResumed(); break;
            case DrainRequested: OnDrainRequested(); break;
            case PauseRequested: OnPauseRequested(); break;
            case ContinueRequested: OnContinueRequested(); break;
            case CancelRequested i: OnCancelRequested(i.Trials); break;
            case RetryRequested i: OnRetryRequested(i.State); break;
            default: throw new ArgumentOutOfRangeException(nameof(input), input, "An input that the machine does not know.");
        }
        if (State.IsFinished && !wasFinished) Perform(new EndSweep());
        return TakeReady();
    }

    /// <summary>What changed since the last call, for the append that makes the events of the steps in between durable.</summary>
    public SnapshotDelta TakeChanges() => State.TakeChanges();

    // A lease that the journal leaves open may be held by a worker that outlived this machine's predecessor; it gets its full time to be heard of.
    private void RenewLeases()
    {
        State.IsLive = true;
        if (State.Count(TrialState.Running) == 0) return;
        foreach (TrialStatus trial in State.Trials)
        {
            if (trial.State == TrialState.Running) State.Leases.Open(trial.Place, _now);
        }
    }

    private void OnTick()
    {
        while (State.Leases.FirstDue(_now) is int place)
        {
            TrialStatus trial = State.Trials[place];
            Lease lease = State.LeaseOf(trial)!;
            if (lease.ExpiresAt <= _now) Lose(trial, $"{trial.Worker} was silent for {Words.Of(_now - lease.HeardAt)}");
            else Fail(trial, $"took longer than run.timeout ({Words.Of(_settings.Timeout)})");
            Revoke(trial.Worker!.Value, trial.Lease, trial.Reason!);
        }
        // Their leases, which are extended with them, have run out above.
        while (State.Present.FirstGone(_now) is WorkerId gone) State.Present.Leave(gone);
    }

    private void OnWorkerJoined(WorkerId worker, int slots)
    {
        bool isNew = State.Present.Join(worker, slots, _now);
        if (isNew && State.IsDraining) Perform(new DrainWorker(worker));
    }

    private void OnWorkerOut(WorkerId worker, string reason, Action<TrialStatus, string> end)
    {
        State.Present.Leave(worker);
        foreach (int place in State.HeldBy(worker).ToArray()) end(State.Trials[place], reason);
    }

    private void OnWorkRequested(WorkerId worker, int freeSlots)
    {
        WorkerStatus? status = State.Present.Hear(worker, _now);
        if (State.IsFinished) Perform(new EndSweep());
        else if (State.IsDraining) Perform(new DrainWorker(worker));
        else if (status is null) Perform(new RequestJoin(worker));
        else FillSlots(worker, status, freeSlots);
    }

    private void FillSlots(WorkerId worker, WorkerStatus status, int freeSlots)
    {
        State.Present.ForgetOldMissing(status, _now);
        int open = Math.Clamp(status.Slots - State.HeldBy(worker).Count, 0, Math.Max(0, freeSlots));
        // More free slots than by our count: assignments may not have reached the worker, so those that it is silent on go out again.
        IEnumerable<TrialStatus> unheard = State.HeldBy(worker).Select(place => State.Trials[place]).Where(IsUnheard);
        foreach (TrialStatus trial in unheard.Take(freeSlots - open)) Perform(new AssignTrial(worker, trial.Lease, trial.Place));
        if (State.IsPaused) return;
        for (; open > 0 && State.Queue.First(status.MissingData) is int place; open--) Assign(State.Trials[place], worker);
    }

    // A quarter of the lease is time enough for an assignment or its first report to be under way.
    private bool IsUnheard(TrialStatus trial) =>
        State.LeaseOf(trial) is { Confirmed: false } lease && _now - lease.HeardAt >= _settings.Lease / 4;

    private void OnHeartbeat(WorkerId worker, IReadOnlyList<LeaseKey> leases)
    {
        if (State.Present.Hear(worker, _now) is null && !State.IsFinished) Perform(new RequestJoin(worker));
        // A worker whose slots are all taken asks for nothing, so this is where it is told again.
        else if (State.IsDraining && leases.Count > 0) Perform(new DrainWorker(worker));
        foreach (LeaseKey lease in leases)
        {
            if (HolderOf(lease) is { } trial && trial.Worker == worker) State.Leases.Extend(trial.Place, _now);
            else Revoke(worker, lease, WhyNotHeld(lease));
        }
    }

    private void OnEpochReported(LeaseKey lease, EpochMetrics metrics)
    {
        if (HeardFrom(lease) is not { } trial) return;
        if (metrics.Epoch < 1 || metrics.Epoch > trial.Planned.Settings.Epochs)
        {
            Fail(trial, $"{trial.Worker} reported epoch {metrics.Epoch} of a trial of {trial.Planned.Settings.Epochs}");
            Revoke(trial.Worker!.Value, lease, trial.Reason!);
        }
        else if (metrics.Epoch > trial.EpochsRecorded + 1) AskForMissing(trial);
        else if (metrics.Epoch == trial.EpochsRecorded + 1) RecordEpoch(trial, metrics);
        // Else it is recorded already: a repeated message, or a later attempt that trains the epoch again and gets the same values.
    }

    private void RecordEpoch(TrialStatus trial, EpochMetrics metrics)
    {
        Decide(new EpochRecorded(_now, trial.Planned.Id, trial.Attempt, metrics));
        // After its last epoch a trial costs nothing more.
        if (metrics.Epoch == trial.Planned.Settings.Epochs || State.Pruner?.Judge(trial.Planned, metrics) is not { } reason) return;
        End(trial, new TrialPruned(_now, trial.Planned.Id, trial.Attempt, reason));
        Revoke(trial.Worker!.Value, trial.Lease, $"pruned: {reason}");
    }

    private void OnTrialFinished(LeaseKey lease, IReadOnlyList<IReadOnlyList<double>> weightDistancesFinal)
    {
        if (HeardEndingFrom(lease) is not { } trial) return;
        if (trial.EpochsRecorded < trial.Planned.Settings.Epochs)
        {
            AskForMissing(trial);
            return;
        }
        End(trial, new TrialCompleted(_now, lease.Trial, lease.Attempt, weightDistancesFinal));
        Acknowledge(trial);
    }

    private void OnTrialErrored(LeaseKey lease, string reason, bool repeats)
    {
        if (HeardEndingFrom(lease) is not { } trial) return;
        Fail(trial, reason, repeats);
        Acknowledge(trial);
    }

    private void OnTrialHandedBack(LeaseKey lease, string reason)
    {
        if (HeardEndingFrom(lease) is not { } trial) return;
        Return(trial, reason);
        Acknowledge(trial);
    }

    private void OnDataMissing(WorkerId worker, LeaseKey lease, string digest)
    {
        // Only of data that the trial needs: a worker could name a million others.
        if (State.Find(lease.Trial)?.Planned.DataDigest == digest && State.Present.Hear(worker, _now) is { } status) State.Present.Miss(status, digest, _now);
        if (HeardEndingFrom(lease) is not { } trial) return;
        Return(trial, $"{worker} does not have data set {trial.Planned.Settings.Dataset.Name}");
        Acknowledge(trial);
    }

    private void OnSweepResumed()
    {
        if (State.IsFinished) Perform(new EndSweep());
        foreach (TrialStatus trial in State.Trials)
        {
            if (trial.State == TrialState.Running) Return(trial, "the run was interrupted");
        }
    }

    private void OnDrainRequested()
    {
        if (State.IsDraining) return;
        State.IsDraining = true;
        foreach (WorkerId worker in State.Workers.Keys.OrderBy(w => w.Value, StringComparer.Ordinal)) Perform(new DrainWorker(worker));
    }

    private void OnPauseRequested()
    {
        if (!State.IsPaused) Decide(new SweepPaused(_now));
    }

    private void OnContinueRequested()
    {
        if (State.IsPaused) Decide(new SweepContinued(_now));
    }

    private void OnCancelRequested(IReadOnlyCollection<TrialId> trials)
    {
        foreach (TrialStatus trial in trials.Select(State.Find).OfType<TrialStatus>().Where(t => !t.HasEnded))
        {
            (bool runs, LeaseKey lease) = (trial.State == TrialState.Running, trial.Lease);
            End(trial, new TrialCancelled(_now, trial.Planned.Id));
            if (runs) Revoke(trial.Worker!.Value, lease, "the trial is cancelled");
        }
    }

    private void OnRetryRequested(TrialState state)
    {
        if (state is not (TrialState.Failed or TrialState.Lost or TrialState.Cancelled) || State.Count(state) == 0) return;
        foreach (TrialStatus trial in State.Trials)
        {
            if (trial.State == state) Decide(new TrialRequeued(_now, trial.Planned.Id));
        }
    }

    private void Assign(TrialStatus trial, WorkerId worker)
    {
        Decide(new TrialAssigned(_now, trial.Planned.Id, trial.Attempt + 1, worker));
        State.Leases.Open(trial.Place, _now);
        Perform(new AssignTrial(worker, trial.Lease, trial.Place));
    }

    private void Fail(TrialStatus trial, string reason, bool repeats = false) =>
        End(trial, new AttemptFailed(_now, trial.Planned.Id, trial.Attempt, reason, Final: repeats || trial.Failures >= _settings.FailedRetries));

    private void Lose(TrialStatus trial, string reason) =>
        End(trial, new AttemptLost(_now, trial.Planned.Id, trial.Attempt, reason, Final: trial.Losses >= _settings.LostRetries));

    private void Return(TrialStatus trial, string reason) =>
        End(trial, new AttemptReturned(_now, trial.Planned.Id, trial.Attempt, reason));

    private void End(TrialStatus trial, Event ending)
    {
        State.Leases.Close(trial.Place);
        Decide(ending);
    }

    private void AskForMissing(TrialStatus trial) => Perform(new ResendEpochs(trial.Worker!.Value, trial.Lease, trial.EpochsRecorded + 1));

    // The fence: a message counts only under the lease that is current; any other attempt's sender is told to stop.
    private TrialStatus? HeardFrom(LeaseKey lease)
    {
        if (HolderOf(lease) is { } current)
        {
            State.Leases.Extend(current.Place, _now);
            State.Present.Hear(current.Worker!.Value, _now);
            return current;
        }
        if (CompletedUnder(lease) is null && State.Find(lease.Trial)?.WorkerOf(lease.Attempt) is { } sender) Revoke(sender, lease, WhyNotHeld(lease));
        return null;
    }

    // An ending is repeated until it is answered, so that of a result already on record is acknowledged again.
    private TrialStatus? HeardEndingFrom(LeaseKey lease)
    {
        if (CompletedUnder(lease) is { } done) Acknowledge(done);
        return HeardFrom(lease);
    }

    private TrialStatus? CompletedUnder(LeaseKey lease) =>
        State.Find(lease.Trial) is { State: TrialState.Completed } done && done.Attempt == lease.Attempt ? done : null;

    private TrialStatus? HolderOf(LeaseKey lease) =>
        State.Find(lease.Trial) is { State: TrialState.Running } trial && trial.Attempt == lease.Attempt ? trial : null;

    private string WhyNotHeld(LeaseKey lease) => State.Find(lease.Trial) switch
    {
        null => "the plan has no such trial",
        { State: TrialState.Running } trial => $"attempt {trial.Attempt} runs on {trial.Worker}",
        { State: TrialState.Completed } => "the trial is completed",
        { State: TrialState.Cancelled } => "the trial is cancelled",
        { } trial => trial.Reason ?? "no such attempt was made",
    };

    private void Acknowledge(TrialStatus trial) => Perform(new AcknowledgeEnding(trial.Worker!.Value, trial.Lease));

    private void Revoke(WorkerId worker, LeaseKey lease, string reason) => Perform(new RevokeLease(worker, lease, reason));

    private void Decide(Event decided)
    {
        State.Apply(decided);
        _events.Add(decided);
    }

    private void Perform(Effect effect) => _effects.Add(effect);

    private Ready TakeReady()
    {
        Ready ready = new([.. _events], [.. _effects]);
        _events.Clear();
        _effects.Clear();
        return ready;
    }
}
