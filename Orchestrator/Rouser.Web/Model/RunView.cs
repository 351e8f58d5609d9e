using Rouser.Cluster;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Sweeps;

namespace Rouser.Web.Model;

/// <summary>
/// A run as the page shows it: the coordinator's own state, and of each trial what that does not keep. Pure: events go
/// in, <see cref="Whole"/> and <see cref="TakeChanges"/> come out, and the same events give the same page. Not
/// thread-safe.
/// </summary>
internal sealed class RunView
{
    /// <summary>How many of the last events the page shows.</summary>
    public const int LastEvents = 200;

    private readonly TrialView[] _trials;
    private readonly Dictionary<WorkerId, WorkerView> _workers = [];
    private readonly Queue<EventRow> _events = new(LastEvents);
    private readonly List<Event> _ofRun = [];
    private readonly bool[] _isChanged;
    private readonly List<int> _changed = [];
    private readonly Pace _pace = new();
    private readonly IReadOnlyList<string> _studies;
    private Presence? _presence;
    private bool _workersChanged = true,
        _totalsChanged = true;
    private int _newEvents;
    private long _results,
        _epochs;
    private DateTimeOffset? _startedAt;

    /// <summary>A run before its first event.</summary>
    public RunView(SweepSpec spec, Plan plan)
    {
        (Spec, Plan) = (spec, plan);
        State = new CoordinatorState(plan, spec.Run, isForShow: true);
        _trials = [.. plan.Trials.Select(t => new TrialView(t.Settings.Epochs))];
        _isChanged = new bool[_trials.Length];
        _studies = PlanDocument.StudiesOf(spec, plan);
    }

    /// <summary>The sweep file.</summary>
    public SweepSpec Spec { get; }

    /// <summary>What is trained.</summary>
    public Plan Plan { get; }

    /// <summary>Where everything stands.</summary>
    public CoordinatorState State { get; }

    /// <summary>Whether there are events that it has not been given yet, though they are old.</summary>
    public bool IsReading
    {
        get;
        set
        {
            _totalsChanged |= field != value;
            field = value;
        }
    }

    /// <summary>How many events were taken in, those of trials that the plan has dropped too.</summary>
    public long Taken { get; private set; }

    /// <summary>How often a trial gained or lost its result.</summary>
    public long Results => _results;

    /// <summary>The events that are about no trial, in their order.</summary>
    public IReadOnlyList<Event> EventsOfRun => _ofRun;

    /// <summary>What the state does not keep of a trial.</summary>
    public TrialView Trial(int index) => _trials[index];

    /// <summary>Takes an event in.</summary>
    /// <exception cref="InvalidDataException">It does not fit: the journal is damaged, or of another plan.</exception>
    public void Apply(Event happened)
    {
        State.Apply(happened);
        Taken++;
        _startedAt ??= happened.At;
        _totalsChanged = true;
        int? index = happened is ITrialEvent { Trial: var id } ? State.Find(id)?.PlanIndex : null;
        if (happened is ITrialEvent)
        {
            // The state has no such trial if the plan has dropped it.
            if (index is { } at)
                ApplyToTrial(happened, at);
        }
        else
            ApplyToRun(happened);
        if (happened is EpochRecorded)
            return;
        EventRow row = new(Milliseconds(happened.At), KindOf(happened), index, OneLine.Of(EventLine.Of(happened)));
        Remember(row);
        if (index is { } about)
            _trials[about].Note(row);
        foreach (TrialId annotated in (happened as TrialsAnnotated)?.Trials ?? [])
            if (State.Find(annotated) is { } status)
                _trials[status.PlanIndex].Note(row);
    }

    /// <summary>Takes in what only the process that serves the run knows; null for a run that is only read.</summary>
    public void Know(Presence? presence)
    {
        foreach (LeaseKey lease in (_presence?.Shares.Keys ?? []).Concat(presence?.Shares.Keys ?? []))
        {
            double? before = ShareOf(_presence, lease),
                now = ShareOf(presence, lease);
            if (before != now && State.Find(lease.Trial) is { } trial)
                Change(trial.PlanIndex);
        }
        _totalsChanged |= _presence?.IsDraining != presence?.IsDraining;
        // The page says how long ago a worker was heard of, so its last word is news each time.
        _workersChanged |= presence is not null || _presence is not null;
        _presence = presence;
    }

    /// <summary>All of it.</summary>
    public RunUpdate Whole(long version, DateTimeOffset now) =>
        new(version, Milliseconds(now), Totals(now), [.. State.Trials.Select(Row)], Workers(now), [.. _events]);

    /// <summary>What has changed since the last call; null if nothing has.</summary>
    public RunUpdate? TakeChanges(long version, DateTimeOffset now)
    {
        if (_changed.Count == 0 && !_workersChanged && !_totalsChanged && _newEvents == 0)
            return null;
        RunUpdate update = new(
            version,
            Milliseconds(now),
            Totals(now),
            [.. _changed.Select(i => Row(State.Trials[i]))],
            _workersChanged ? Workers(now) : null,
            [.. _events.Skip(_events.Count - Math.Min(_newEvents, _events.Count))]
        );
        foreach (int i in _changed)
            _isChanged[i] = false;
        _changed.Clear();
        (_workersChanged, _totalsChanged, _newEvents) = (false, false, 0);
        return update;
    }

    private void ApplyToTrial(Event happened, int index)
    {
        TrialView trial = _trials[index];
        Change(index);
        // csharpier-ignore
        switch (happened)
        {
            case TrialAssigned e: trial.Start(e.Attempt, e.Worker, e.At); Act(e.Worker, e.At); break;
            case TrialReused e: trial.Start(e.Attempt, WorkerId.ResultsStore, e.At); break;
            case TrialContinued e: trial.Start(e.Attempt, WorkerId.ShorterTrial, e.At); break;
            case EpochRecorded e: OnEpoch(trial, e, index); break;
            case TrialCompleted e: OnCompleted(trial, e, index); break;
            case AttemptFailed e: trial.End(e.At, "failed", e.Reason); OnEnded(index, worker => worker.Failed++); break;
            case AttemptLost e: trial.End(e.At, "lost", e.Reason); OnEnded(index, worker => worker.Lost++); break;
            case AttemptReturned e: trial.End(e.At, "returned", e.Reason); break;
            case TrialPruned e: trial.End(e.At, "pruned", e.Reason); break;
            case TrialCancelled e: trial.End(e.At, "cancelled", null); break;
            case CheckAssigned e: Act(e.Worker, e.At); break;
        }
        _workersChanged |= happened is not (TrialCancelled or TrialRequeued);
    }

    private void ApplyToRun(Event happened)
    {
        _ofRun.Add(happened);
        if (happened is SweepPaused or SweepContinued)
            _pace.Forget();
        if (happened is TrialsOpened opened)
            foreach (TrialId trial in opened.Trials)
                if (State.Find(trial) is { } status)
                    Change(status.PlanIndex);
        if (happened is TrialsAnnotated annotated)
            foreach (TrialId trial in annotated.Trials)
                if (State.Find(trial) is { } status)
                    Change(status.PlanIndex);
        if (happened is PlanReplaced or ComparisonSettled)
            _results++;
    }

    private void OnEpoch(TrialView trial, EpochRecorded e, int index)
    {
        trial.Record(e.Metrics);
        if (State.Trials[index].Worker is not { IsWorker: true } worker)
            return;
        _pace.Record(e.At, ++_epochs);
        WorkerView who = Act(worker, e.At);
        who.Epochs++;
        who.Pace.Record(e.At, who.Epochs);
    }

    private void OnCompleted(TrialView trial, TrialCompleted e, int index)
    {
        trial.End(e.At, State.Trials[index].IsReused ? "reused" : "completed", null);
        _results++;
        OnEnded(index, worker => worker.Completed++);
    }

    private void OnEnded(int index, Action<WorkerView> count)
    {
        if (State.Trials[index].Worker is { IsWorker: true } worker)
            count(Act(worker, State.At));
    }

    private WorkerView Act(WorkerId worker, DateTimeOffset at)
    {
        if (!_workers.TryGetValue(worker, out WorkerView? view))
            _workers.Add(worker, view = new WorkerView());
        view.ActedAt = at;
        return view;
    }

    private void Change(int index)
    {
        if (_isChanged[index])
            return;
        _isChanged[index] = true;
        _changed.Add(index);
    }

    private void Remember(EventRow row)
    {
        if (_events.Count == LastEvents)
            _events.Dequeue();
        _events.Enqueue(row);
        _newEvents++;
    }

    private RunTotals Totals(DateTimeOffset now)
    {
        SweepSummary sums = State.Summary;
        long total = 0;
        foreach (TrialStatus trial in State.Trials)
        {
            if (trial.State != TrialState.Deferred)
                total += trial.HasEnded ? trial.EpochsRecorded : trial.Planned.Settings.Epochs;
        }
        bool moves = !State.IsFinished && !State.IsPaused && !IsReading;
        double? pace = moves ? _pace.PerMinute(now, _epochs) : null;
        return new RunTotals(
            sums.Trials.ToDictionary(s => s.Key.ToName(), s => s.Value),
            sums.Reused,
            sums.EpochsRecorded,
            total,
            _presence is not null,
            IsReading,
            State.IsPaused,
            _presence?.IsDraining ?? false,
            State.IsFinished,
            pace,
            pace is { } perMinute ? (total - sums.EpochsRecorded) / perMinute * 60 : null,
            _startedAt is { } start ? Milliseconds(start) : null,
            Taken > 0 ? Milliseconds(State.At) : null,
            _results,
            State.Annotation.Note is { Length: > 0 } note ? note : null,
            State.Annotation.Tags is { Count: > 0 } tags ? tags : null,
            Priorities()
        );
    }

    // In the order in which the page numbers studies.
    private int[]? Priorities()
    {
        IReadOnlyList<StudyPriority> all = State.Priorities;
        return all.Count < 2 ? null : [.. _studies.Select(s => all.FirstOrDefault(p => p.Study == s)?.Priority ?? 0)];
    }

    /// <summary>A trial as a row of the table.</summary>
    public TrialRow Row(TrialStatus trial)
    {
        TrialView view = _trials[trial.PlanIndex];
        return new TrialRow(
            trial.PlanIndex,
            trial.State.ToName(),
            trial.Attempt,
            trial.EpochsRecorded,
            trial.Worker?.Value,
            trial.Since is { } since ? Milliseconds(since) : null,
            MetricOf(view),
            trial.LastScore?.TestAccuracy is { } test ? Finite(test) : null,
            trial.LastScore?.TrainLoss is { } loss ? Finite(loss) : null,
            trial.State == TrialState.Completed ? null : trial.Reason,
            ShareOf(_presence, new LeaseKey(trial.Planned.Id, trial.Attempt)),
            trial.Alarm,
            trial.Annotation.Tags is { Count: > 0 } tags ? tags : null,
            trial.Annotation.Note is { Length: > 0 } note ? note : null
        );
    }

    private double? MetricOf(TrialView trial) =>
        trial.Epochs.Count == 0
            ? null
            : Finite(
                Spec.Metric.Select.Of(trial.Epochs.Select(e => e.ValueOf(Spec.Metric.Name) ?? double.NaN), Spec.Metric.Maximize)
                    ?? double.NaN
            );

    private List<WorkerRow> Workers(DateTimeOffset now)
    {
        IEnumerable<WorkerId> here = _presence?.Workers.Keys ?? [];
        List<WorkerRow> rows = [];
        foreach (WorkerId worker in _workers.Keys.Union(here).OrderBy(w => w.Value, StringComparer.Ordinal))
        {
            WorkerView view = _workers.GetValueOrDefault(worker) ?? new WorkerView();
            bool isHere = _presence?.Workers.ContainsKey(worker) ?? false;
            (int slots, DateTimeOffset heardAt) = isHere ? _presence!.Workers[worker] : (0, view.ActedAt);
            IReadOnlyList<int> running = [.. State.HeldBy(worker)];
            rows.Add(
                new WorkerRow(
                    OneLine.Of(worker.Value),
                    isHere ? slots : null,
                    Milliseconds(heardAt),
                    _presence is null ? null : isHere,
                    isHere && now - heardAt > _presence!.SilentAfter,
                    running,
                    view.Epochs,
                    view.Completed,
                    view.Failed,
                    view.Lost,
                    running.Count > 0 ? view.Pace.PerMinute(now, view.Epochs) : null
                )
            );
        }
        return rows;
    }

    private static double? ShareOf(Presence? presence, LeaseKey lease) =>
        presence is not null && presence.Shares.TryGetValue(lease, out double share) ? Math.Round(share, 2) : null;

    private static string KindOf(Event happened) =>
        happened switch
        {
            ResultsDisagreed => "alarm",
            AttemptFailed or AttemptLost => "warn",
            TrialCompleted or TrialReused or CheckPassed or ComparisonSettled => "done",
            SweepPaused
            or SweepContinued
            or TrialCancelled
            or TrialRequeued
            or PlanReplaced
            or TrialsAnnotated
            or SweepAnnotated
            or StudyPrioritized => "user",
            _ => "info",
        };

    // JSON has no NaN.
    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static long Milliseconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds();
}
