using System.Globalization;
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
public sealed class Coordinator : ICoordinator
{
    private readonly RunSettings _settings;
    private readonly Decisions _decisions;
    private readonly CrossChecks _checks;

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
        _decisions = new Decisions(State);
        _checks = new CrossChecks(State, settings, _decisions);
    }

    /// <summary>Starts on a plan, in the state that the journal tells.</summary>
    /// <exception cref="InvalidDataException">The journal is damaged or belongs to another plan.</exception>
    public static Coordinator Open(Plan plan, RunSettings settings, IJournal journal)
    {
        // Pruners, comparisons of arms and searches need the epochs of all trials, which a snapshot has not.
        SweepSnapshot? snapshot = settings is { Pruner: null, DefersTrials: false } ? journal.ReadSnapshot() : null;
        return new Coordinator(plan, settings, snapshot, journal.Read(snapshot?.Through ?? 0));
    }

    private DateTimeOffset Now => _decisions.Now;

    /// <inheritdoc/>
    public CoordinatorState State { get; }

    /// <inheritdoc/>
    public Ready Step(Input input)
    {
        _decisions.AdvanceClock(input.Now);
        if (!State.IsLive)
            RenewLeases();
        if (State.HasNewPlan)
            _decisions.Record(new PlanReplaced(Now, State.PlanRevision, State.Trials.Count));
        OpenNeededTrials();
        bool wasFinished = State.IsFinished;
        // csharpier-ignore
        switch (input)
        {
            case Tick: OnTick(); break;
            case MessageReceived i: OnMessage(i.From, i.Message); break;
            case WorkerGone i: OnWorkerOut(i.Worker, ReportCheck.Reason(i.Reason), RecordLostAttempt); break;
            case ResultFound i: OnResultFound(i); break;
            case ShorterTrialFound i: OnShorterTrialFound(i); break;
            case SweepResumed: OnSweepResumed(); break;
            case DrainRequested: OnDrainRequested(); break;
            case PauseRequested: OnPauseRequested(); break;
            case ContinueRequested: OnContinueRequested(); break;
            case CancelRequested i: OnCancelRequested(i.Trials); break;
            case RetryRequested i: OnRetryRequested(i.State, i.Only); break;
            case AnnotateRequested i: OnAnnotateRequested(i.Trials, i.Change); break;
            case PrioritizeRequested i: OnPrioritizeRequested(i.Study, i.Priority); break;
            default: throw new ArgumentOutOfRangeException(nameof(input), input, "An input that the machine does not know.");
        }
        OpenNeededTrials();
        if (State.IsFinished && !wasFinished)
            _decisions.Perform(new EndSweep());
        return _decisions.CollectReady();
    }

    /// <inheritdoc/>
    public SnapshotDelta CollectChanges() => State.CollectChanges();

    private void OnMessage(WorkerId from, WorkerMessage message)
    {
        // csharpier-ignore
        switch (message)
        {
            case WorkerJoined m: OnWorkerJoined(from, m.Slots); break;
            case WorkerLeft m: OnWorkerOut(from, ReportCheck.Reason(m.Reason), ReturnToQueue); break;
            case WorkRequested m: OnWorkRequested(from, m.FreeSlots); break;
            case Heartbeat m: OnHeartbeat(from, m.Leases); break;
            case EpochReported m: OnEpochReported(from, m.Lease, m.Metrics); break;
            case TrialFinished m: OnTrialFinished(from, m.Lease, m.WeightDistancesFinal); break;
            case TrialErrored m: OnTrialErrored(from, m.Lease, ReportCheck.Reason(m.Reason), m.Repeats); break;
            case TrialHandedBack m: OnTrialHandedBack(from, m.Lease, ReportCheck.Reason(m.Reason)); break;
            case DataMissing m: OnDataMissing(from, m.Lease, m.DataDigest); break;
            default: throw new ArgumentOutOfRangeException(nameof(message), message, "A message that the machine does not know.");
        }
    }

    // Before and after an input: a machine may start on a plan or with settings that want other trials than those of
    // the journal.
    private void OpenNeededTrials()
    {
        foreach (Event decided in State.Comparisons?.Decide(State, Now) ?? [])
            _decisions.Record(decided);
        while (State.Proposals?.Decide(State, Now) is { Count: > 0 } proposed)
        {
            foreach (Event decided in proposed)
                _decisions.Record(decided);
        }
    }

    // A lease that the journal leaves open may be held by a worker that outlived this machine's predecessor; it gets
    // its full time to be heard of.
    private void RenewLeases()
    {
        State.IsLive = true;
        foreach (TrialStatus trial in State.Trials)
        {
            if (trial.IsHeld)
                State.Leases.Open(trial.PlanIndex, Now);
        }
    }

    private void OnTick()
    {
        while (State.Leases.FirstDue(Now) is int planIndex)
        {
            TrialStatus trial = State.Trials[planIndex];
            Lease lease = State.LeaseOf(trial)!;
            (WorkerId holder, LeaseKey key) = (trial.Holder!.Value, trial.Lease);
            bool isSilent = lease.ExpiresAt <= Now;
            string reason = isSilent
                ? $"{holder} was silent for {DurationText.Format(Now - lease.HeardAt)}"
                : $"took longer than run.timeout ({DurationText.Format(_settings.Timeout)})";
            if (isSilent)
                RecordLostAttempt(trial, reason);
            else
                RecordFailedAttempt(trial, reason);
            Revoke(holder, key, reason);
        }
        // Their leases, which are extended with them, have run out above.
        while (State.Present.FirstSilentWorker(Now) is WorkerId gone)
            State.Present.Leave(gone);
        _checks.AbandonWithoutSecondWorker();
    }

    private void OnWorkerJoined(WorkerId worker, int slots)
    {
        bool isNew = State.Present.Join(worker, slots, Now);
        if (isNew && State.IsDraining)
            _decisions.Send(worker, new WorkerCommand.Drain());
    }

    private void OnWorkerOut(WorkerId worker, string reason, Action<TrialStatus, string> end)
    {
        State.Present.Leave(worker);
        foreach (int planIndex in State.HeldBy(worker).ToArray())
            end(State.Trials[planIndex], reason);
    }

    private void OnWorkRequested(WorkerId worker, int freeSlots)
    {
        WorkerStatus? status = State.Present.MarkHeard(worker, Now);
        if (State.IsFinished)
            _decisions.Perform(new EndSweep());
        else if (State.IsDraining)
            _decisions.Send(worker, new WorkerCommand.Drain());
        else if (status is null)
            _decisions.Send(worker, new WorkerCommand.Join());
        else
            FillSlots(worker, status, freeSlots);
    }

    private void FillSlots(WorkerId worker, WorkerStatus status, int freeSlots)
    {
        State.Present.ForgetOldMissing(status, Now);
        int open = Math.Clamp(status.Slots - State.HeldBy(worker).Count, 0, Math.Max(0, freeSlots));
        // More free slots than by our count: assignments may not have reached the worker, so those that it is silent
        // on go out again.
        IEnumerable<TrialStatus> unheard = State.HeldBy(worker).Select(planIndex => State.Trials[planIndex]).Where(IsUnheard);
        foreach (TrialStatus trial in unheard.Take(freeSlots - open))
            SendAssignment(trial, worker);
        if (State.IsPaused || State.Present.MustWait(worker, Now))
            return;
        // Checks first: they are few, and bad memory is worth knowing of before it has trained all the rest.
        for (; open > 0 && _checks.Next(worker, status) is { } trial; open--)
            AssignCheck(trial, worker);
        for (; open > 0 && State.Queue.First(status.MissingData) is int planIndex; open--)
            Assign(State.Trials[planIndex], worker);
    }

    // A quarter of the lease is time enough for an assignment or its first report to be under way.
    private bool IsUnheard(TrialStatus trial) =>
        State.LeaseOf(trial) is { Confirmed: false } lease && Now - lease.HeardAt >= _settings.Lease / 4;

    private void OnHeartbeat(WorkerId worker, IReadOnlyList<LeaseKey> leases)
    {
        if (State.Present.MarkHeard(worker, Now) is null && !State.IsFinished)
            _decisions.Send(worker, new WorkerCommand.Join());
        // A worker whose slots are all taken asks for nothing, so this is where it is told again.
        else if (State.IsDraining && leases.Count > 0)
            _decisions.Send(worker, new WorkerCommand.Drain());
        foreach (LeaseKey lease in leases)
        {
            if (HolderOf(worker, lease) is { } trial)
                State.Leases.Extend(trial.PlanIndex, Now);
            else
                Revoke(worker, lease, WhyNotHeld(lease));
        }
    }

    private void OnEpochReported(WorkerId worker, LeaseKey lease, EpochMetrics metrics)
    {
        if (FindForReport(worker, lease) is not { } trial)
            return;
        int expected = 1 + (trial.IsBeingChecked ? _checks.Agreed(trial) : trial.EpochsRecorded);
        if (ReportCheck.Refuse(trial.Planned, metrics) is { } fault)
            Refuse(trial, worker, fault);
        else if (metrics.Epoch > expected)
            AskForMissing(trial, worker, expected);
        else if (metrics.Epoch == expected && !trial.IsBeingChecked)
            RecordEpoch(trial, metrics);
        else
            _checks.CompareEpoch(trial, worker, metrics);
    }

    // What no training of the trial can have given ends the attempt: its worker has bad memory, or lies, and a retry
    // is another's.
    private void Refuse(TrialStatus trial, WorkerId worker, string fault)
    {
        LeaseKey lease = trial.Lease;
        string reason = $"{worker} reported {fault}";
        State.Present.Distrust(worker, Now);
        RecordFailedAttempt(trial, reason);
        Revoke(worker, lease, reason);
    }

    private void RecordEpoch(TrialStatus trial, EpochMetrics metrics)
    {
        _decisions.Record(new EpochRecorded(Now, trial.Planned.Id, trial.Attempt, metrics));
        // After its last epoch a trial costs nothing more.
        if (metrics.Epoch == trial.Planned.Settings.Epochs || State.Pruner?.Judge(trial.Planned, metrics) is not { } reason)
            return;
        End(trial, new TrialPruned(Now, trial.Planned.Id, trial.Attempt, reason));
        Revoke(trial.Worker!.Value, trial.Lease, $"pruned: {reason}");
    }

    private void OnTrialFinished(WorkerId worker, LeaseKey lease, IReadOnlyList<IReadOnlyList<double>> distances)
    {
        if (FindForEnding(worker, lease) is not { } trial)
            return;
        int arrived = trial.IsBeingChecked ? _checks.Agreed(trial) : trial.EpochsRecorded;
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
            End(trial, new TrialCompleted(Now, lease.Trial, lease.Attempt, distances));
        else
            _checks.CompareResult(trial, worker, distances);
        _decisions.Perform(new DiscardCheckpoint(lease.Trial));
        Acknowledge(worker, lease);
    }

    private void OnTrialErrored(WorkerId worker, LeaseKey lease, string reason, bool repeats)
    {
        if (FindForEnding(worker, lease) is not { } trial)
            return;
        if (trial.IsBeingChecked && repeats)
            _checks.Disagree(trial, worker, $"the second training failed ({reason})");
        else
            RecordFailedAttempt(trial, reason, repeats);
        Acknowledge(worker, lease);
    }

    private void OnTrialHandedBack(WorkerId worker, LeaseKey lease, string reason)
    {
        if (FindForEnding(worker, lease) is not { } trial)
            return;
        ReturnToQueue(trial, reason);
        Acknowledge(worker, lease);
    }

    private void OnDataMissing(WorkerId worker, LeaseKey lease, string digest)
    {
        // Only of data that the trial needs: a worker could name a million others.
        if (State.Find(lease.Trial)?.Planned.DataDigest == digest && State.Present.MarkHeard(worker, Now) is { } status)
            State.Present.Miss(status, digest, Now);
        if (FindForEnding(worker, lease) is not { } trial)
            return;
        ReturnToQueue(trial, $"{worker} does not have data set {trial.Planned.Settings.Dataset.Name}");
        Acknowledge(worker, lease);
    }

    private void OnResultFound(ResultFound found)
    {
        if (
            State.Find(found.Trial) is not { State: TrialState.Queued } trial
            || ReportCheck.Refuse(trial.Planned, found.Result) is not null
        )
            return;
        // Epochs that an attempt of this run has reported must be the same numbers; the rest is recorded.
        int known = trial.EpochsRecorded;
        foreach (EpochRecorded epoch in found.Result.OfType<EpochRecorded>().Take(known))
            _checks.CompareEpoch(trial, WorkerId.ResultsStore, epoch.Metrics);
        if (trial.Alarm is not null)
            return;
        int attempt = trial.Attempt + 1;
        _decisions.Record(new TrialReused(Now, found.Trial, attempt, ReportCheck.Reason(found.From)));
        foreach (IResultEvent measured in found.Result.Where(e => e is not EpochRecorded epoch || epoch.Metrics.Epoch > known))
            _decisions.Record(measured.RecordedAgain(Now, attempt));
        _decisions.Perform(new DiscardCheckpoint(found.Trial));
    }

    private void OnShorterTrialFound(ShorterTrialFound found)
    {
        if (
            State.Find(found.Trial) is not { State: TrialState.Queued, EpochsRecorded: 0 } trial
            || ReportCheck.Refuse(trial.Planned, found.Epochs) is not null
        )
            return;
        int attempt = trial.Attempt + 1;
        _decisions.Record(new TrialContinued(Now, found.Trial, attempt, found.From));
        foreach (EpochMetrics epoch in found.Epochs)
            _decisions.Record(new EpochRecorded(Now, found.Trial, attempt, epoch));
        string reason = $"goes on after epoch {found.Epochs.Count.ToString(CultureInfo.InvariantCulture)} of {found.From.Short}";
        _decisions.Record(new AttemptReturned(Now, found.Trial, attempt, reason));
    }

    private void OnSweepResumed()
    {
        if (State.IsFinished)
            _decisions.Perform(new EndSweep());
        foreach (TrialStatus trial in State.Trials)
        {
            if (trial.IsHeld)
                ReturnToQueue(trial, "the run was interrupted");
        }
    }

    private void OnDrainRequested()
    {
        if (State.IsDraining)
            return;
        State.IsDraining = true;
        foreach (WorkerId worker in State.Workers.Keys.OrderBy(w => w.Value, StringComparer.Ordinal))
            _decisions.Send(worker, new WorkerCommand.Drain());
    }

    private void OnPauseRequested()
    {
        if (!State.IsPaused)
            _decisions.Record(new SweepPaused(Now));
    }

    private void OnContinueRequested()
    {
        if (State.IsPaused)
            _decisions.Record(new SweepContinued(Now));
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
                    ? new CheckAbandoned(Now, trial.Planned.Id, "the trial is cancelled")
                    : new TrialCancelled(Now, trial.Planned.Id)
            );
            if (holder is { } worker)
                Revoke(worker, lease, "the trial is cancelled");
        }
    }

    private void OnRetryRequested(TrialState state, IReadOnlySet<TrialId>? only)
    {
        if (!state.EndedWithoutResult() || State.Count(state) == 0)
            return;
        foreach (TrialStatus trial in State.Trials)
        {
            if (trial.State == state && only?.Contains(trial.Planned.Id) != false)
                _decisions.Record(new TrialRequeued(Now, trial.Planned.Id));
        }
    }

    // What changes nothing, or would leave a tag out, is no fact.
    private void OnAnnotateRequested(IReadOnlyCollection<TrialId>? trials, AnnotationChange change)
    {
        if (change.Fault() is not null)
            return;
        bool Changes(Annotation now) => !now.Overflows(change) && !now.With(change).IsSame(now);
        if (trials is null)
        {
            if (Changes(State.Annotation))
                _decisions.Record(new SweepAnnotated(Now, change));
            return;
        }
        TrialId[] changed =
        [
            .. trials
                .Distinct()
                .Select(State.Find)
                .OfType<TrialStatus>()
                .Where(t => Changes(t.Annotation))
                .Select(t => t.Planned.Id),
        ];
        if (changed.Length > 0)
            _decisions.Record(new TrialsAnnotated(Now, changed, change));
    }

    private void OnPrioritizeRequested(string study, int priority)
    {
        if (State.Priorities.Any(p => p.Study == study && p.Priority != priority))
            _decisions.Record(new StudyPrioritized(Now, study, priority));
    }

    private void Assign(TrialStatus trial, WorkerId worker)
    {
        _decisions.Record(new TrialAssigned(Now, trial.Planned.Id, trial.Attempt + 1, worker));
        State.Leases.Open(trial.PlanIndex, Now);
        SendAssignment(trial, worker);
    }

    // A check that went on from a checkpoint of the first training would find that it agrees with itself.
    private void AssignCheck(TrialStatus trial, WorkerId worker)
    {
        _decisions.Record(new CheckAssigned(Now, trial.Planned.Id, trial.Lease.Attempt + 1, worker));
        State.Leases.Open(trial.PlanIndex, Now);
        _decisions.Perform(new DiscardCheckpoint(trial.Planned.Id));
        SendAssignment(trial, worker);
    }

    private void SendAssignment(TrialStatus trial, WorkerId worker) =>
        _decisions.Send(
            worker,
            new WorkerCommand.Assign(
                trial.Lease,
                _settings.Lease,
                _settings.CheckpointEvery,
                trial.Planned,
                // A second training leaves no networks.
                _settings.Keep.KeepsEpochs && !trial.IsBeingChecked
                    ? _settings.Keep
                    : null
            )
        );

    private void RecordFailedAttempt(TrialStatus trial, string reason, bool repeats = false)
    {
        if (trial.IsBeingChecked)
            _checks.ReturnToQueue(trial, reason, failed: true);
        else
            End(
                trial,
                new AttemptFailed(
                    Now,
                    trial.Planned.Id,
                    trial.Attempt,
                    reason,
                    Final: repeats || trial.FailedAttempts >= _settings.FailedRetries
                )
            );
    }

    private void RecordLostAttempt(TrialStatus trial, string reason)
    {
        if (trial.IsBeingChecked)
            _checks.ReturnToQueue(trial, reason, failed: true);
        else
            End(
                trial,
                new AttemptLost(Now, trial.Planned.Id, trial.Attempt, reason, Final: trial.LostAttempts >= _settings.LostRetries)
            );
    }

    private void ReturnToQueue(TrialStatus trial, string reason)
    {
        if (trial.IsBeingChecked)
            _checks.ReturnToQueue(trial, reason, failed: false);
        else
            End(trial, new AttemptReturned(Now, trial.Planned.Id, trial.Attempt, reason));
    }

    private void End(TrialStatus trial, Event ending)
    {
        State.Leases.Close(trial.PlanIndex);
        _checks.Forget(trial);
        _decisions.Record(ending);
    }

    private void AskForMissing(TrialStatus trial, WorkerId worker, int from) =>
        _decisions.Send(worker, new WorkerCommand.Resend(trial.Lease, from));

    // The fence: a message counts only under the lease that is current, and from the worker that holds it; whoever
    // else had one is told to stop.
    private TrialStatus? FindForReport(WorkerId worker, LeaseKey lease)
    {
        if (HolderOf(worker, lease) is { } current)
        {
            State.Leases.Extend(current.PlanIndex, Now);
            State.Present.MarkHeard(worker, Now);
            return current;
        }
        if (CompletedUnder(worker, lease) is null && State.Find(lease.Trial)?.WorkerOf(lease.Attempt) is not null)
            Revoke(worker, lease, WhyNotHeld(lease));
        return null;
    }

    // An ending is repeated until it is answered, so that of a result already on record is acknowledged again.
    private TrialStatus? FindForEnding(WorkerId worker, LeaseKey lease)
    {
        if (CompletedUnder(worker, lease) is not null)
            Acknowledge(worker, lease);
        return FindForReport(worker, lease);
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

    private void Acknowledge(WorkerId worker, LeaseKey lease) => _decisions.Send(worker, new WorkerCommand.Acknowledge(lease));

    private void Revoke(WorkerId worker, LeaseKey lease, string reason) =>
        _decisions.Send(worker, new WorkerCommand.Revoke(lease, reason));
}
