using Rouser.Snn;
using Rouser.Sweeps;

namespace Rouser.Coordination;

/// <summary>
/// The control plane as a pure state machine: an input goes in, events and effects come out. No clock, file, socket
/// or thread inside. Three shells run it: in this process, behind HTTP, and as an Akka.NET cluster singleton; and a
/// simulator for the tests.
/// </summary>
/// <remarks>
/// Work is pulled: a worker with free slots asks, and asks again after a while if it got nothing. A worker that has
/// not joined gets nothing, so workers join whenever they connect. Every input costs O(log n) in the number of
/// trials, times the trials it touches.
/// </remarks>
public sealed class Coordinator
{
    private readonly RunSettings _settings;
    private readonly List<Event> _events = [];
    private readonly List<Effect> _effects = [];
    private DateTimeOffset _now;

    // By how much the journal is ahead of the shell's clock, if that was set back since the journal was written.
    private TimeSpan _ahead;

    // Of each check that runs, by place: how many epochs agree so far. Not in the journal: after a restart the worker
    // is asked for them again.
    private readonly Dictionary<int, int> _agreed = [];

    // Since when nothing is left but second trainings that nobody there may take; null if it is otherwise.
    private DateTimeOffset? _withoutWitnessSince;

    /// <summary>
    /// Starts on a plan, in the state that <paramref name="journal"/> leads to (empty for a new sweep).
    /// </summary>
    /// <exception cref="InvalidDataException">The journal is damaged or belongs to another plan.</exception>
    public Coordinator(Plan plan, RunSettings settings, IEnumerable<Event> journal)
        : this(plan, settings, null, journal) { }

    /// <summary>
    /// Starts on a plan, in the state that a snapshot, if there is one, and the events after it lead to.
    /// </summary>
    /// <exception cref="InvalidDataException">The journal is damaged or belongs to another plan.</exception>
    public Coordinator(Plan plan, RunSettings settings, SweepSnapshot? snapshot, IEnumerable<Event> after)
    {
        _settings = settings;
        State = new CoordinatorState(plan, settings);
        if (snapshot is not null)
            State.Restore(snapshot);
        foreach (Event happened in after)
            State.Apply(happened);
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

    /// <summary>
    /// Takes one input. The state already includes the events returned; the caller persists them before it performs
    /// the effects.
    /// </summary>
    public Ready Step(Input input)
    {
        TakeTime(input.Now);
        if (!State.IsLive)
            RenewLeases();
        bool wasFinished = State.IsFinished;
        // csharpier-ignore
        switch (input)
        {
            case Tick: OnTick(); break;
            case WorkerJoined i: OnWorkerJoined(i.Worker, i.Slots); break;
            case WorkerLeft i: OnWorkerOut(i.Worker, ReportCheck.Reason(i.Reason), Return); break;
            case WorkerGone i: OnWorkerOut(i.Worker, ReportCheck.Reason(i.Reason), Lose); break;
            case WorkRequested i: OnWorkRequested(i.Worker, i.FreeSlots); break;
            case HeartbeatReceived i: OnHeartbeat(i.Worker, i.Leases); break;
            case EpochReported i: OnEpochReported(i.Worker, i.Lease, i.Metrics); break;
            case TrialFinished i: OnTrialFinished(i.Worker, i.Lease, i.WeightDistancesFinal); break;
            case TrialErrored i: OnTrialErrored(i.Worker, i.Lease, ReportCheck.Reason(i.Reason), i.Repeats); break;
            case TrialHandedBack i: OnTrialHandedBack(i.Worker, i.Lease, ReportCheck.Reason(i.Reason)); break;
            case DataMissing i: OnDataMissing(i.Worker, i.Lease, i.DataDigest); break;
            case SweepResumed: OnSweepResumed(); break;
            case DrainRequested: OnDrainRequested(); break;
            case PauseRequested: OnPauseRequested(); break;
            case ContinueRequested: OnContinueRequested(); break;
            case CancelRequested i: OnCancelRequested(i.Trials); break;
            case RetryRequested i: OnRetryRequested(i.State); break;
            default: throw new ArgumentOutOfRangeException(nameof(input), input, "An input that the machine does not know.");
        }
        if (State.IsFinished && !wasFinished)
            Perform(new EndSweep());
        return TakeReady();
    }

    /// <summary>
    /// What changed since the last call, for the append that makes the events of the steps in between durable.
    /// </summary>
    public SnapshotDelta TakeChanges() => State.TakeChanges();

    // The machine's time never runs backwards. It goes on from the journal's last event even where the clock says
    // that this is yet to come; else no silence would be noticed, and no lease end, until the clock had caught up.
    private void TakeTime(DateTimeOffset now)
    {
        if (!State.IsLive && now < _now)
            _ahead = _now - now;
        now = _ahead < DateTimeOffset.MaxValue - now ? now + _ahead : DateTimeOffset.MaxValue;
        if (now > _now)
            _now = now;
    }

    // A lease that the journal leaves open may be held by a worker that outlived this machine's predecessor; it gets
    // its full time to be heard of.
    private void RenewLeases()
    {
        State.IsLive = true;
        foreach (TrialStatus trial in State.Trials)
        {
            if (trial.IsHeld)
                State.Leases.Open(trial.Place, _now);
        }
    }

    private void OnTick()
    {
        while (State.Leases.FirstDue(_now) is int place)
        {
            TrialStatus trial = State.Trials[place];
            Lease lease = State.LeaseOf(trial)!;
            (WorkerId holder, LeaseKey key) = (trial.Holder!.Value, trial.Lease);
            bool isSilent = lease.ExpiresAt <= _now;
            string reason = isSilent
                ? $"{holder} was silent for {Words.Of(_now - lease.HeardAt)}"
                : $"took longer than run.timeout ({Words.Of(_settings.Timeout)})";
            if (isSilent)
                Lose(trial, reason);
            else
                Fail(trial, reason);
            Revoke(holder, key, reason);
        }
        // Their leases, which are extended with them, have run out above.
        while (State.Present.FirstGone(_now) is WorkerId gone)
            State.Present.Leave(gone);
        AbandonChecksWithoutWitness();
    }

    // A sweep that has all its results does not wait for ever for a second worker.
    private void AbandonChecksWithoutWitness()
    {
        bool isAlone =
            State.WaitsForChecksAlone
            && !State.IsPaused
            && !State.IsDraining
            && !State.Present.All.Any(worker => NextCheck(worker.Key, worker.Value) is not null);
        _withoutWitnessSince = isAlone ? _withoutWitnessSince ?? _now : null;
        if (_withoutWitnessSince is not { } since || _now - since < _settings.Lease)
            return;
        foreach (int place in State.Checks.All())
            Decide(new CheckAbandoned(_now, State.Trials[place].Planned.Id, "no worker is there but the one that trained it"));
    }

    private void OnWorkerJoined(WorkerId worker, int slots)
    {
        bool isNew = State.Present.Join(worker, slots, _now);
        if (isNew && State.IsDraining)
            Perform(new DrainWorker(worker));
    }

    private void OnWorkerOut(WorkerId worker, string reason, Action<TrialStatus, string> end)
    {
        State.Present.Leave(worker);
        foreach (int place in State.HeldBy(worker).ToArray())
            end(State.Trials[place], reason);
    }

    private void OnWorkRequested(WorkerId worker, int freeSlots)
    {
        WorkerStatus? status = State.Present.Hear(worker, _now);
        if (State.IsFinished)
            Perform(new EndSweep());
        else if (State.IsDraining)
            Perform(new DrainWorker(worker));
        else if (status is null)
            Perform(new RequestJoin(worker));
        else
            FillSlots(worker, status, freeSlots);
    }

    private void FillSlots(WorkerId worker, WorkerStatus status, int freeSlots)
    {
        State.Present.ForgetOldMissing(status, _now);
        int open = Math.Clamp(status.Slots - State.HeldBy(worker).Count, 0, Math.Max(0, freeSlots));
        // More free slots than by our count: assignments may not have reached the worker, so those that it is silent
        // on go out again.
        IEnumerable<TrialStatus> unheard = State.HeldBy(worker).Select(place => State.Trials[place]).Where(IsUnheard);
        foreach (TrialStatus trial in unheard.Take(freeSlots - open))
            Perform(new AssignTrial(worker, trial.Lease, trial.Place));
        if (State.IsPaused || State.Present.MustWait(worker, _now))
            return;
        // Checks first: they are few, and bad memory is worth knowing of before it has trained all the rest.
        for (; open > 0 && NextCheck(worker, status) is int place; open--)
            AssignCheck(State.Trials[place], worker);
        for (; open > 0 && State.Queue.First(status.MissingData) is int place; open--)
            Assign(State.Trials[place], worker);
    }

    private int? NextCheck(WorkerId worker, WorkerStatus status) =>
        State.Checks.Count == 0
            ? null
            : State.Checks.First(worker, place => status.MissingData?.Contains(State.Trials[place].Planned.DataDigest) != true);

    // A quarter of the lease is time enough for an assignment or its first report to be under way.
    private bool IsUnheard(TrialStatus trial) =>
        State.LeaseOf(trial) is { Confirmed: false } lease && _now - lease.HeardAt >= _settings.Lease / 4;

    private void OnHeartbeat(WorkerId worker, IReadOnlyList<LeaseKey> leases)
    {
        if (State.Present.Hear(worker, _now) is null && !State.IsFinished)
            Perform(new RequestJoin(worker));
        // A worker whose slots are all taken asks for nothing, so this is where it is told again.
        else if (State.IsDraining && leases.Count > 0)
            Perform(new DrainWorker(worker));
        foreach (LeaseKey lease in leases)
        {
            if (HolderOf(worker, lease) is { } trial)
                State.Leases.Extend(trial.Place, _now);
            else
                Revoke(worker, lease, WhyNotHeld(lease));
        }
    }

    private void OnEpochReported(WorkerId worker, LeaseKey lease, EpochMetrics metrics)
    {
        if (HeardFrom(worker, lease) is not { } trial)
            return;
        int expected = 1 + (trial.IsBeingChecked ? _agreed.GetValueOrDefault(trial.Place) : trial.EpochsRecorded);
        if (ReportCheck.Refuse(trial.Planned, metrics) is { } fault)
            Refuse(trial, worker, fault);
        else if (metrics.Epoch > expected)
            AskForMissing(trial, worker, expected);
        else if (metrics.Epoch == expected && !trial.IsBeingChecked)
            RecordEpoch(trial, metrics);
        else
            CompareEpoch(trial, worker, metrics);
    }

    // What no training of the trial can have given ends the attempt: its worker has bad memory, or lies, and a retry
    // is another's.
    private void Refuse(TrialStatus trial, WorkerId worker, string fault)
    {
        LeaseKey lease = trial.Lease;
        string reason = $"{worker} reported {fault}";
        State.Present.Distrust(worker, _now);
        Fail(trial, reason);
        Revoke(worker, lease, reason);
    }

    // An epoch that is recorded already: a repeated message, a later attempt that trains it again, or a check. The
    // values must be the same.
    private void CompareEpoch(TrialStatus trial, WorkerId worker, EpochMetrics metrics)
    {
        if (trial.MarkOf(metrics.Epoch) is { } mark && mark.Digest != ResultDigest.Of(metrics))
            Disagree(
                trial,
                trial.WorkerOf(mark.Attempt) ?? worker,
                worker,
                metrics.Epoch,
                $"epoch {metrics.Epoch} was told with other numbers"
            );
        else if (trial.IsBeingChecked && metrics.Epoch == _agreed.GetValueOrDefault(trial.Place) + 1)
            _agreed[trial.Place] = metrics.Epoch;
    }

    // One alarm for a trial is enough: whoever goes on to tell other numbers must not fill the journal.
    private void Disagree(TrialStatus trial, WorkerId first, WorkerId second, int epoch, string what)
    {
        bool endsCheck = trial.IsBeingChecked;
        if (trial.Alarm is not null && !endsCheck)
            return;
        LeaseKey lease = trial.Lease;
        if (endsCheck)
            CloseLease(trial);
        Decide(new ResultsDisagreed(_now, trial.Planned.Id, lease.Attempt, epoch, first, second, what));
        if (endsCheck)
            Revoke(second, lease, $"{first} and {second} disagree: {what}");
    }

    private void RecordEpoch(TrialStatus trial, EpochMetrics metrics)
    {
        Decide(new EpochRecorded(_now, trial.Planned.Id, trial.Attempt, metrics));
        // After its last epoch a trial costs nothing more.
        if (metrics.Epoch == trial.Planned.Settings.Epochs || State.Pruner?.Judge(trial.Planned, metrics) is not { } reason)
            return;
        End(trial, new TrialPruned(_now, trial.Planned.Id, trial.Attempt, reason));
        Revoke(trial.Worker!.Value, trial.Lease, $"pruned: {reason}");
    }

    private void OnTrialFinished(WorkerId worker, LeaseKey lease, IReadOnlyList<IReadOnlyList<double>> distances)
    {
        if (HeardEndingFrom(worker, lease) is not { } trial)
            return;
        int arrived = trial.IsBeingChecked ? _agreed.GetValueOrDefault(trial.Place) : trial.EpochsRecorded;
        if (ReportCheck.Refuse(trial.Planned, distances) is { } fault)
        {
            Refuse(trial, worker, fault);
            return;
        }
        if (arrived < trial.Planned.Settings.Epochs)
        {
            AskForMissing(trial, worker, arrived + 1);
            return;
        }
        if (!trial.IsBeingChecked)
            End(trial, new TrialCompleted(_now, lease.Trial, lease.Attempt, distances));
        else if (trial.ResultMark is { } mark && mark != ResultDigest.Of(distances))
            Disagree(
                trial,
                trial.Worker!.Value,
                worker,
                epoch: 0,
                "the distances to the final weights were told with other numbers"
            );
        else
            End(trial, new CheckPassed(_now, lease.Trial, lease.Attempt));
        Acknowledge(worker, lease);
    }

    private void OnTrialErrored(WorkerId worker, LeaseKey lease, string reason, bool repeats)
    {
        if (HeardEndingFrom(worker, lease) is not { } trial)
            return;
        if (trial.IsBeingChecked && repeats)
            Disagree(trial, trial.Worker!.Value, worker, epoch: 0, $"the second training failed ({reason})");
        else
            Fail(trial, reason, repeats);
        Acknowledge(worker, lease);
    }

    private void OnTrialHandedBack(WorkerId worker, LeaseKey lease, string reason)
    {
        if (HeardEndingFrom(worker, lease) is not { } trial)
            return;
        Return(trial, reason);
        Acknowledge(worker, lease);
    }

    private void OnDataMissing(WorkerId worker, LeaseKey lease, string digest)
    {
        // Only of data that the trial needs: a worker could name a million others.
        if (State.Find(lease.Trial)?.Planned.DataDigest == digest && State.Present.Hear(worker, _now) is { } status)
            State.Present.Miss(status, digest, _now);
        if (HeardEndingFrom(worker, lease) is not { } trial)
            return;
        Return(trial, $"{worker} does not have data set {trial.Planned.Settings.Dataset.Name}");
        Acknowledge(worker, lease);
    }

    private void OnSweepResumed()
    {
        if (State.IsFinished)
            Perform(new EndSweep());
        foreach (TrialStatus trial in State.Trials)
        {
            if (trial.IsHeld)
                Return(trial, "the run was interrupted");
        }
    }

    private void OnDrainRequested()
    {
        if (State.IsDraining)
            return;
        State.IsDraining = true;
        foreach (WorkerId worker in State.Workers.Keys.OrderBy(w => w.Value, StringComparer.Ordinal))
            Perform(new DrainWorker(worker));
    }

    private void OnPauseRequested()
    {
        if (!State.IsPaused)
            Decide(new SweepPaused(_now));
    }

    private void OnContinueRequested()
    {
        if (State.IsPaused)
            Decide(new SweepContinued(_now));
    }

    private void OnCancelRequested(IReadOnlyCollection<TrialId> trials)
    {
        foreach (
            TrialStatus trial in trials
                .Select(State.Find)
                .OfType<TrialStatus>()
                .Where(t => !t.HasEnded || t.Check is { IsOpen: true })
        )
        {
            (WorkerId? holder, LeaseKey lease) = (trial.Holder, trial.Lease);
            End(
                trial,
                trial.HasEnded
                    ? new CheckAbandoned(_now, trial.Planned.Id, "the trial is cancelled")
                    : new TrialCancelled(_now, trial.Planned.Id)
            );
            if (holder is { } worker)
                Revoke(worker, lease, "the trial is cancelled");
        }
    }

    private void OnRetryRequested(TrialState state)
    {
        if (state is not (TrialState.Failed or TrialState.Lost or TrialState.Cancelled) || State.Count(state) == 0)
            return;
        foreach (TrialStatus trial in State.Trials)
        {
            if (trial.State == state)
                Decide(new TrialRequeued(_now, trial.Planned.Id));
        }
    }

    private void Assign(TrialStatus trial, WorkerId worker)
    {
        Decide(new TrialAssigned(_now, trial.Planned.Id, trial.Attempt + 1, worker));
        State.Leases.Open(trial.Place, _now);
        Perform(new AssignTrial(worker, trial.Lease, trial.Place));
    }

    private void AssignCheck(TrialStatus trial, WorkerId worker)
    {
        Decide(new CheckAssigned(_now, trial.Planned.Id, trial.Lease.Attempt + 1, worker));
        State.Leases.Open(trial.Place, _now);
        Perform(new AssignTrial(worker, trial.Lease, trial.Place, FromStart: true));
    }

    private void Fail(TrialStatus trial, string reason, bool repeats = false)
    {
        if (trial.IsBeingChecked)
            EndCheck(trial, reason, failed: true);
        else
            End(
                trial,
                new AttemptFailed(
                    _now,
                    trial.Planned.Id,
                    trial.Attempt,
                    reason,
                    Final: repeats || trial.FailedAttempts >= _settings.FailedRetries
                )
            );
    }

    private void Lose(TrialStatus trial, string reason)
    {
        if (trial.IsBeingChecked)
            EndCheck(trial, reason, failed: true);
        else
            End(
                trial,
                new AttemptLost(_now, trial.Planned.Id, trial.Attempt, reason, Final: trial.LostAttempts >= _settings.LostRetries)
            );
    }

    private void Return(TrialStatus trial, string reason)
    {
        if (trial.IsBeingChecked)
            EndCheck(trial, reason, failed: false);
        else
            End(trial, new AttemptReturned(_now, trial.Planned.Id, trial.Attempt, reason));
    }

    // A check that fails again and again is no reason to keep a sweep from its end.
    private void EndCheck(TrialStatus trial, string reason, bool failed)
    {
        End(trial, new CheckReturned(_now, trial.Planned.Id, trial.Lease.Attempt, reason, failed));
        if (failed && trial.Check!.FailedAttempts > _settings.LostRetries)
            Decide(new CheckAbandoned(_now, trial.Planned.Id, reason));
    }

    private void End(TrialStatus trial, Event ending)
    {
        CloseLease(trial);
        Decide(ending);
    }

    private void CloseLease(TrialStatus trial)
    {
        State.Leases.Close(trial.Place);
        _agreed.Remove(trial.Place);
    }

    private void AskForMissing(TrialStatus trial, WorkerId worker, int from) =>
        Perform(new ResendEpochs(worker, trial.Lease, from));

    // The fence: a message counts only under the lease that is current, and from the worker that holds it; whoever
    // else had one is told to stop.
    private TrialStatus? HeardFrom(WorkerId worker, LeaseKey lease)
    {
        if (HolderOf(worker, lease) is { } current)
        {
            State.Leases.Extend(current.Place, _now);
            State.Present.Hear(worker, _now);
            return current;
        }
        if (CompletedUnder(worker, lease) is null && State.Find(lease.Trial)?.WorkerOf(lease.Attempt) is not null)
            Revoke(worker, lease, WhyNotHeld(lease));
        return null;
    }

    // An ending is repeated until it is answered, so that of a result already on record is acknowledged again.
    private TrialStatus? HeardEndingFrom(WorkerId worker, LeaseKey lease)
    {
        if (CompletedUnder(worker, lease) is not null)
            Acknowledge(worker, lease);
        return HeardFrom(worker, lease);
    }

    private TrialStatus? CompletedUnder(WorkerId worker, LeaseKey lease)
    {
        if (State.Find(lease.Trial) is not { State: TrialState.Completed } done)
            return null;
        bool isResult = done.Attempt == lease.Attempt && done.Worker == worker;
        bool isCheck = done.Check is { State: CheckState.Passed } check && check.Worker == worker && done.Lease == lease;
        return isResult || isCheck ? done : null;
    }

    private TrialStatus? HolderOf(WorkerId worker, LeaseKey lease) =>
        State.Find(lease.Trial) is { IsHeld: true } trial && trial.Lease == lease && trial.Holder == worker ? trial : null;

    private string WhyNotHeld(LeaseKey lease) =>
        State.Find(lease.Trial) switch
        {
            null => "the plan has no such trial",
            { IsHeld: true } trial => $"attempt {trial.Lease.Attempt} runs on {trial.Holder}",
            { State: TrialState.Completed } => "the trial is completed",
            { State: TrialState.Cancelled } => "the trial is cancelled",
            { } trial => trial.Reason ?? "no such attempt was made",
        };

    private void Acknowledge(WorkerId worker, LeaseKey lease) => Perform(new AcknowledgeEnding(worker, lease));

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
