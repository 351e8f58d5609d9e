using Rouser.Sweeps;

namespace Rouser.Coordination;

/// <summary>
/// Where everything stands. What the journal tells changes only by <see cref="Apply"/>, live and on replay alike.
/// Which workers are there, whether the sweep drains, and the time left on leases are not in the journal: they are
/// found out anew after a restart.
/// </summary>
public sealed class CoordinatorState
{
    private static readonly SortedSet<int> None = [];

    private readonly TrialStatus[] _trials;
    private readonly Dictionary<TrialId, int> _planIndices;
    private readonly int[] _counts = new int[Enum.GetValues<TrialState>().Length];
    private readonly Dictionary<WorkerId, SortedSet<int>> _held = [];
    private readonly Workers _workers;
    private readonly bool[] _isTouched;
    private readonly List<int> _touched = [];
    private readonly HashSet<int> _cancelledDeferred = [];
    private readonly string _origin;
    private readonly HashSet<TrialId> _dropped;
    private readonly double _crossCheck;
    private readonly TrialOrder _order;
    private readonly bool _isForShow;
    private readonly SortedDictionary<string, int> _priorities = new(StringComparer.Ordinal);
    private int _checksRunning;
    private long _epochsPlanned,
        _epochsRecorded;
    private int _reused;

    /// <summary>A new sweep: every trial waits.</summary>
    /// <param name="isForShow">Whether no machine will go on from here. Then no digests are kept of what was reported,
    /// which a machine compares later reports with, and which cost more than all the rest.</param>
    public CoordinatorState(Plan plan, RunSettings settings, bool isForShow = false)
    {
        _isForShow = isForShow;
        _trials = [.. plan.Trials.Select((trial, planIndex) => new TrialStatus(trial, planIndex))];
        _planIndices = _trials.ToDictionary(t => t.Planned.Id, t => t.PlanIndex);
        _isTouched = new bool[_trials.Length];
        Queue = new WaitingTrials(plan.Trials);
        _counts[(int)TrialState.Queued] = _trials.Length;
        _epochsPlanned = plan.Trials.Sum(t => (long)t.Settings.Epochs);
        foreach (TrialId deferred in settings.DeferredIn(plan))
            Defer(_trials[_planIndices[deferred]]);
        Comparisons = settings.Budgets is { } budgets ? new SeedComparisons(plan, budgets, _planIndices) : null;
        Proposals = settings.Searches is { } searches ? new SettingProposals(plan, searches, _planIndices) : null;
        Leases = new Leases(settings.Lease, settings.Timeout);
        _workers = new Workers(settings.Lease);
        Pruner = settings.Pruner is { } pruner ? new TrialPruner(pruner) : null;
        (_origin, _crossCheck) = (plan.Origin, settings.CrossCheck);
        (PlanRevision, _dropped) = (plan.Revision, [.. plan.History?.Dropped ?? []]);
        _order = new TrialOrder(plan, settings.Priorities);
    }

    /// <summary>Every trial, in the order of the plan.</summary>
    public IReadOnlyList<TrialStatus> Trials => _trials;

    /// <summary>The workers that are there.</summary>
    public IReadOnlyDictionary<WorkerId, WorkerStatus> Workers => _workers.All;

    /// <summary>Whether this machine assigns nothing more, because it is about to end.</summary>
    public bool IsDraining { get; internal set; }

    /// <summary>Whether nothing is assigned until the user lets the sweep continue.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>What users wrote to the sweep as a whole.</summary>
    public Annotation Annotation { get; private set; } = Annotation.None;

    /// <summary>The studies and their priorities now, in the order of the sweep file.</summary>
    public IReadOnlyList<StudyPriority> Priorities => _order.Priorities(_priorities);

    /// <summary>Which of the run's plans the journal is known to follow.</summary>
    public int Revision { get; private set; }

    /// <summary>Whether the journal does not say yet that the plan was replaced.</summary>
    internal bool HasNewPlan => Revision < PlanRevision;

    /// <summary>Which of the run's plans this state is of.</summary>
    internal int PlanRevision { get; }

    /// <summary>When the last event happened.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>
    /// Whether every trial has ended, with a result or without, and no second training is left to be done.
    /// </summary>
    public bool IsFinished => HasEveryResult && _checksRunning + Checks.Count == 0;

    /// <summary>Whether every trial has ended, with a result or without.</summary>
    public bool HasEveryResult => Count(TrialState.Queued) + Count(TrialState.Running) == 0;

    /// <summary>Whether nothing is left but second trainings that wait.</summary>
    internal bool WaitsForChecksAlone => HasEveryResult && _checksRunning == 0 && Checks.Count > 0;

    /// <summary>The sweep in sums.</summary>
    public SweepSummary Summary =>
        new(
            At,
            // Most sweeps defer nothing, and older programs do not know the word.
            Enum.GetValues<TrialState>()
                .Where(state => state != TrialState.Deferred || Count(state) > 0)
                .ToDictionary(state => state, Count),
            _epochsRecorded,
            _epochsPlanned,
            IsPaused,
            Revision,
            _reused,
            Annotation.IsEmpty ? null : Annotation,
            _priorities.Count == 0 ? null : new SortedDictionary<string, int>(_priorities, StringComparer.Ordinal)
        );

    internal WaitingTrials Queue { get; private set; }

    internal Leases Leases { get; }

    /// <summary>The second trainings that wait.</summary>
    internal WaitingChecks Checks { get; } = new();

    /// <summary>Judges running trials; null for none.</summary>
    internal TrialPruner? Pruner { get; }

    /// <summary>The comparisons that decide which seeds are trained; null for none.</summary>
    internal SeedComparisons? Comparisons { get; }

    /// <summary>The searches that decide which settings are trained; null for none.</summary>
    internal SettingProposals? Proposals { get; }

    /// <summary>The comparisons that need no more seeds, in the order in which they were settled.</summary>
    public IReadOnlyCollection<ComparisonSettled> Settled => Comparisons?.Settled ?? [];

    /// <summary>How many comparisons decide which seeds are trained.</summary>
    public int ComparisonCount => Comparisons?.Count ?? 0;

    /// <summary>
    /// Whether a machine drives this state; else it is what a journal tells, and knows of no workers.
    /// </summary>
    internal bool IsLive { get; set; }

    internal Workers Present => _workers;

    /// <summary>How many trials are in that state.</summary>
    public int Count(TrialState state) => _counts[(int)state];

    /// <summary>
    /// The trials that are to be trained, as far as one can know: those that wait or run, and, of searches, some that
    /// stand for those that will be proposed.
    /// </summary>
    public IReadOnlyList<TrialStatus> Expected
    {
        get
        {
            HashSet<int> standIns = [.. Proposals?.StandIns(this) ?? []];
            return [.. _trials.Where(t => t.State.IsLeft() || standIns.Contains(t.PlanIndex))];
        }
    }

    /// <summary>The trial of that identity, or null if the plan has none.</summary>
    public TrialStatus? Find(TrialId trial) => _planIndices.TryGetValue(trial, out int planIndex) ? _trials[planIndex] : null;

    /// <summary>The trials that would be handed out next, that many at most, in their order.</summary>
    public IReadOnlyList<PlannedTrial> NextInQueue(int count) => [.. Queue.Take(count).Select(index => _trials[index].Planned)];

    /// <summary>The plan indices of the trials that the worker holds, in the order of the plan.</summary>
    public IReadOnlyCollection<int> HeldBy(WorkerId worker) => _held.GetValueOrDefault(worker, None);

    /// <summary>
    /// The time left on a running trial's lease; null if the trial does not run, or if no machine watches it (a
    /// journal that is only read).
    /// </summary>
    public Lease? LeaseOf(TrialStatus trial) => Leases.Find(trial.PlanIndex);

    /// <summary>Takes a fact in. Total on every sequence that the machine can have written.</summary>
    /// <exception cref="InvalidDataException">The event cannot follow what came before: the journal is damaged or
    /// belongs to another plan.</exception>
    public void Apply(Event happened)
    {
        if (happened.At > At)
            At = happened.At;
        if (happened is ITrialEvent { Trial: var trial } && _dropped.Contains(trial))
            return;
        // csharpier-ignore
        switch (happened)
        {
            case TrialAssigned e: OnAssigned(Planned(e.Trial), e); break;
            case TrialReused e: OnReused(Planned(e.Trial), e); break;
            case TrialContinued e: Start(Planned(e.Trial), e.Attempt, WorkerId.ShorterTrial, e.At); break;
            case EpochRecorded e: OnRecorded(Running(e.Trial, e.Attempt), e); break;
            case TrialCompleted e: OnCompleted(Running(e.Trial, e.Attempt), e); break;
            case TrialPruned e: End(Running(e.Trial, e.Attempt), TrialState.Pruned, e.At, e.Reason); break;
            case TrialCancelled e: OnCancelled(Planned(e.Trial), e); break;
            case AttemptFailed e: OnFailed(Running(e.Trial, e.Attempt), e); break;
            case AttemptLost e: OnLost(Running(e.Trial, e.Attempt), e); break;
            case AttemptReturned e: End(Running(e.Trial, e.Attempt), TrialState.Queued, e.At, e.Reason); break;
            case TrialRequeued e: OnRequeued(Planned(e.Trial), e); break;
            case CheckAssigned e: OnCheckAssigned(Planned(e.Trial), e); break;
            case CheckPassed e: EndCheck(Checked(e.Trial, e.Attempt), CheckState.Passed); break;
            case CheckReturned e: OnCheckReturned(Checked(e.Trial, e.Attempt), e); break;
            case CheckAbandoned e: EndCheck(Planned(e.Trial), CheckState.Abandoned); break;
            case ResultsDisagreed e: OnDisagreed(Planned(e.Trial), e); break;
            case SweepPaused: IsPaused = true; break;
            case SweepContinued: IsPaused = false; break;
            case PlanReplaced e: OnPlanReplaced(e); break;
            case TrialsOpened e: OnOpened(e); break;
            case ComparisonSettled e: Comparisons?.Settle(e); break;
            case SettingProposed e: Proposals?.Propose(e, _trials); break;
            case TrialsAnnotated e: OnAnnotated(e); break;
            case SweepAnnotated e: Annotation = Annotation.With(e.Change); break;
            case StudyPrioritized e: OnPrioritized(e); break;
            default: throw new ArgumentOutOfRangeException(nameof(happened), happened, "An event that the state does not know.");
        }
    }

    /// <summary>Takes over what was kept, before any event.</summary>
    /// <exception cref="InvalidDataException">It belongs to another plan, or its sums are not those of its
    /// trials.</exception>
    internal void Restore(SweepSnapshot kept)
    {
        foreach (TrialSnapshot trial in kept.Trials)
        {
            if (_dropped.Contains(trial.Trial))
                continue;
            TrialStatus status = Planned(trial.Trial);
            // What an earlier plan deferred, and what only a user has written to, is as if nobody had touched it, but for
            // what was written: a note must not decide what the plan of now trains.
            if (trial.State == TrialState.Deferred || trial.Since == default)
            {
                status.Annotation = trial.Annotation ?? Annotation.None;
                continue;
            }
            status.Restore(trial);
            _epochsRecorded += trial.EpochsRecorded;
            Move(status, trial.State, trial.Since);
            if (trial.State == TrialState.Completed)
                RestoreCheck(status);
        }
        (At, IsPaused, Revision) = (kept.Summary.At, kept.Summary.IsPaused, kept.Summary.Revision);
        Annotation = kept.Summary.Annotation ?? Annotation.None;
        foreach ((string study, int priority) in kept.Summary.Priorities ?? new Dictionary<string, int>())
            _priorities[study] = priority;
        if (_priorities.Count > 0)
            Queue = Queue.InOrder(_order.Of(_priorities));
        // The sums of an earlier plan are those of other trials.
        bool addsUp =
            kept.Summary.EpochsRecorded == _epochsRecorded && kept.Summary.Trials.All(sum => Count(sum.Key) == sum.Value);
        if (Revision == PlanRevision && !addsUp)
            throw new InvalidDataException("The journal is damaged or belongs to another plan: its snapshot does not add up");
        CollectChangedTrials();
    }

    /// <summary>What was touched since the last call.</summary>
    internal SnapshotDelta CollectChanges() => new(Summary, CollectChangedTrials());

    private TrialSnapshot[] CollectChangedTrials()
    {
        TrialSnapshot[] touched = [.. _touched.Select(planIndex => _trials[planIndex].ToSnapshot())];
        foreach (int planIndex in _touched)
            _isTouched[planIndex] = false;
        _touched.Clear();
        return touched;
    }

    private void Touch(TrialStatus trial)
    {
        if (_isTouched[trial.PlanIndex])
            return;
        _isTouched[trial.PlanIndex] = true;
        _touched.Add(trial.PlanIndex);
    }

    private void Defer(TrialStatus trial)
    {
        Queue.Remove(trial.PlanIndex);
        trial.State = TrialState.Deferred;
        _counts[(int)TrialState.Queued]--;
        _counts[(int)TrialState.Deferred]++;
        _epochsPlanned -= trial.Planned.Settings.Epochs;
    }

    private void OnOpened(TrialsOpened e)
    {
        foreach (TrialId id in e.Trials.Where(id => !_dropped.Contains(id)))
            Open(Planned(id), e.At);
    }

    // An earlier plan may not have deferred the trial, or may have opened it though this one never did.
    private void Open(TrialStatus trial, DateTimeOffset at)
    {
        if (trial.State == TrialState.Deferred)
            Move(trial, TrialState.Queued, at);
    }

    // The comparisons of an earlier plan are none of this one's, even where they have the same names.
    private void OnPlanReplaced(PlanReplaced e)
    {
        Revision = e.Revision;
        Comparisons?.Reopen();
    }

    private void OnAnnotated(TrialsAnnotated e)
    {
        foreach (TrialStatus trial in e.Trials.Where(id => !_dropped.Contains(id)).Select(Planned))
        {
            trial.Annotation = trial.Annotation.With(e.Change);
            Touch(trial);
        }
    }

    private void OnPrioritized(StudyPrioritized e)
    {
        _priorities[e.Study] = e.Priority;
        Queue = Queue.InOrder(_order.Of(_priorities));
    }

    private void OnAssigned(TrialStatus trial, TrialAssigned e) => Start(trial, e.Attempt, e.Worker, e.At);

    private void OnReused(TrialStatus trial, TrialReused e) => Start(trial, e.Attempt, WorkerId.ResultsStore, e.At);

    private void Start(TrialStatus trial, int attempt, WorkerId holder, DateTimeOffset at)
    {
        Open(trial, at);
        if (trial.State != TrialState.Queued || attempt != trial.Attempt + 1)
            throw Misfit(trial.Planned.Id, $"attempt {attempt} starts");
        trial.AddAttempt(holder);
        Move(trial, TrialState.Running, at);
    }

    private void OnRecorded(TrialStatus trial, EpochRecorded e)
    {
        if (e.Metrics.Epoch != trial.EpochsRecorded + 1)
            throw Misfit(e.Trial, $"epoch {e.Metrics.Epoch} follows epoch {trial.EpochsRecorded}");
        trial.Record(e.Metrics, isForShow: _isForShow);
        Pruner?.Record(trial.Planned, e.Metrics);
        Comparisons?.Record(trial.PlanIndex, e.Metrics);
        Proposals?.Record(trial.PlanIndex, e.Metrics.Validation);
        _epochsRecorded++;
        Touch(trial);
    }

    private void OnCompleted(TrialStatus trial, TrialCompleted e)
    {
        if (!_isForShow)
            trial.ResultMark = ResultDigest.Of(e.WeightDistancesFinal);
        Move(trial, TrialState.Completed, e.At);
        Comparisons?.Complete(trial.PlanIndex);
        if (TrialCheck.IsChosen(_origin, trial.Planned, _crossCheck))
            SetCheck(trial, TrialCheck.Wanted);
    }

    // A run whose settings have changed since may hold checks that are not wanted any more, or want some that were not.
    private void RestoreCheck(TrialStatus trial)
    {
        TrialCheck? kept = trial.Check;
        trial.Check = null;
        if (kept is null && TrialCheck.IsChosen(_origin, trial.Planned, _crossCheck))
            kept = TrialCheck.Wanted;
        if (kept is not null)
            SetCheck(trial, kept);
    }

    private void OnCheckAssigned(TrialStatus trial, CheckAssigned e)
    {
        TrialCheck check = trial.Check ?? TrialCheck.Wanted;
        if (
            trial.State != TrialState.Completed
            || check.State != CheckState.Waiting
            || e.Attempt != trial.Attempt + check.Attempts + 1
        )
            throw Misfit(e.Trial, $"check {e.Attempt} starts");
        SetCheck(trial, check with { State = CheckState.Running, Attempts = check.Attempts + 1, Worker = e.Worker });
    }

    private void OnCheckReturned(TrialStatus trial, CheckReturned e) =>
        SetCheck(
            trial,
            trial.Check! with
            {
                State = CheckState.Waiting,
                FailedAttempts = trial.Check!.FailedAttempts + (e.Failed ? 1 : 0),
            }
        );

    private void OnDisagreed(TrialStatus trial, ResultsDisagreed e)
    {
        trial.Alarm ??= $"{e.First} and {e.Second} disagree: {e.What}";
        Touch(trial);
        if (trial.IsBeingChecked && e.Attempt == trial.Lease.Attempt)
            EndCheck(trial, CheckState.Disagreed);
    }

    private void EndCheck(TrialStatus trial, CheckState verdict)
    {
        if (trial.Check is not { IsOpen: true })
            throw Misfit(trial.Planned.Id, "a check ends that is not open");
        SetCheck(trial, trial.Check with { State = verdict });
    }

    // The one place that keeps count of checks: who holds one, and which wait.
    private void SetCheck(TrialStatus trial, TrialCheck next)
    {
        Touch(trial);
        if (trial.Check is { State: CheckState.Waiting })
            Checks.Remove(trial.Worker!.Value, trial.PlanIndex);
        if (trial.IsBeingChecked)
        {
            LetGo(trial.Check!.Worker!.Value, trial.PlanIndex);
            _checksRunning--;
        }
        trial.Check = next;
        if (next.State == CheckState.Waiting)
            Checks.Add(trial.Worker!.Value, trial.PlanIndex);
        if (next.State == CheckState.Running)
        {
            Hold(next.Worker!.Value, trial.PlanIndex);
            _checksRunning++;
        }
    }

    private void OnCancelled(TrialStatus trial, TrialCancelled e)
    {
        if (trial.HasEnded)
            throw Misfit(e.Trial, "a trial that has ended is cancelled");
        if (trial.State == TrialState.Deferred)
            _cancelledDeferred.Add(trial.PlanIndex);
        Move(trial, TrialState.Cancelled, e.At);
    }

    private void OnFailed(TrialStatus trial, AttemptFailed e)
    {
        trial.FailedAttempts++;
        End(trial, e.Final ? TrialState.Failed : TrialState.Queued, e.At, e.Reason);
    }

    private void OnLost(TrialStatus trial, AttemptLost e)
    {
        trial.LostAttempts++;
        End(trial, e.Final ? TrialState.Lost : TrialState.Queued, e.At, e.Reason);
    }

    private void OnRequeued(TrialStatus trial, TrialRequeued e)
    {
        if (!trial.State.EndedWithoutResult())
            throw Misfit(e.Trial, "a trial that has not failed is retried");
        (trial.FailedAttempts, trial.LostAttempts) = (0, 0);
        // One that was cancelled before anybody asked for it is asked for by whoever would have done so.
        bool wasDeferred = _cancelledDeferred.Remove(trial.PlanIndex);
        Move(trial, wasDeferred ? TrialState.Deferred : TrialState.Queued, e.At);
        Comparisons?.Reconsider(trial.PlanIndex);
    }

    private void End(TrialStatus trial, TrialState next, DateTimeOffset at, string reason)
    {
        // A journal of before reasons were cleaned may hold anything.
        trial.Reason = ReportCheck.Reason(reason);
        Move(trial, next, at);
    }

    private void Move(TrialStatus trial, TrialState next, DateTimeOffset at)
    {
        if (trial.State == TrialState.Queued)
            Queue.Remove(trial.PlanIndex);
        if (trial.State == TrialState.Running)
            LetGo(trial.Worker!.Value, trial.PlanIndex);
        if (trial.State == TrialState.Deferred)
            _epochsPlanned += trial.Planned.Settings.Epochs;
        if (next == TrialState.Deferred)
            _epochsPlanned -= trial.Planned.Settings.Epochs;
        Touch(trial);
        _counts[(int)trial.State]--;
        (trial.State, trial.Since) = (next, at);
        _counts[(int)next]++;
        if (trial.IsReused)
            _reused++;
        if (next == TrialState.Queued)
            Queue.Add(trial.PlanIndex);
        if (next == TrialState.Running)
            Hold(trial.Worker!.Value, trial.PlanIndex);
        Proposals?.Move(trial, _trials);
    }

    private void Hold(WorkerId worker, int planIndex)
    {
        if (!_held.TryGetValue(worker, out SortedSet<int>? planIndices))
            _held.Add(worker, planIndices = []);
        planIndices.Add(planIndex);
    }

    private void LetGo(WorkerId worker, int planIndex)
    {
        SortedSet<int> planIndices = _held[worker];
        planIndices.Remove(planIndex);
        if (planIndices.Count == 0)
            _held.Remove(worker);
    }

    private TrialStatus Planned(TrialId trial) => Find(trial) ?? throw Misfit(trial, "the plan has no such trial");

    private TrialStatus Running(TrialId id, int attempt)
    {
        TrialStatus trial = Planned(id);
        return trial.State == TrialState.Running && trial.Attempt == attempt
            ? trial
            : throw Misfit(id, $"attempt {attempt} does not run");
    }

    private TrialStatus Checked(TrialId id, int attempt)
    {
        TrialStatus trial = Planned(id);
        return trial.IsBeingChecked && trial.Lease.Attempt == attempt ? trial : throw Misfit(id, $"check {attempt} does not run");
    }

    private static InvalidDataException Misfit(TrialId trial, string what) =>
        new($"The journal is damaged or belongs to another plan: trial {trial}: {what}");
}
