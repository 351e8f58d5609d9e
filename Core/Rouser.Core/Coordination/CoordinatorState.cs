using Rouser.Core.Sweeps;

namespace Rouser.Core.Coordination;

/// <summary>
/// Where everything stands. What the journal tells changes only by <see cref="Apply"/>, live and on replay alike. Which workers are there,
/// whether the sweep drains, and the time left on leases are not in the journal: they are found out anew after a restart.
/// </summary>
public sealed class CoordinatorState
{
    private static readonly SortedSet<int> None = [];

    private readonly TrialStatus[] _trials;
    private readonly Dictionary<TrialId, int> _places;
    private readonly int[] _counts = new int[Enum.GetValues<TrialState>().Length];
    private readonly Dictionary<WorkerId, SortedSet<int>> _held = [];

    internal CoordinatorState(Plan plan, RunSettings settings)
    {
        _trials = [.. plan.Trials.Select((trial, place) => new TrialStatus(trial, place))];
        _places = _trials.ToDictionary(t => t.Planned.Id, t => t.Place);
        Queue = new TrialQueue(_trials.Length);
        for (int place = 0; place < _trials.Length; place++) Queue.Add(place);
        _counts[(int)TrialState.Queued] = _trials.Length;
        Leases = new Leases(settings.Lease, settings.Timeout);
    }

    /// <summary>Every trial, in the order of the plan.</summary>
    public IReadOnlyList<TrialStatus> Trials => _trials;

    /// <summary>The workers that are there, with their slots.</summary>
    public IReadOnlyDictionary<WorkerId, int> Workers => Slots;

    /// <summary>Whether nothing more is assigned, at the user's wish.</summary>
    public bool IsDraining { get; internal set; }

    /// <summary>Whether every trial has ended, with a result or without.</summary>
    public bool IsFinished => Count(TrialState.Queued) + Count(TrialState.Running) == 0;

    /// <summary>Whether any trial has ended without a result.</summary>
    public bool HasFailures => Count(TrialState.Failed) + Count(TrialState.Lost) > 0;

    internal TrialQueue Queue { get; }

    internal Leases Leases { get; }

    internal Dictionary<WorkerId, int> Slots { get; } = [];

    /// <summary>How many trials are in that state.</summary>
    public int Count(TrialState state) => _counts[(int)state];

    /// <summary>The trial of that identity, or null if the plan has none.</summary>
    public TrialStatus? Find(TrialId trial) => _places.TryGetValue(trial, out int place) ? _trials[place] : null;

    /// <summary>The places of the trials that the worker holds, in the order of the plan.</summary>
    public IReadOnlyCollection<int> HeldBy(WorkerId worker) => _held.GetValueOrDefault(worker, None);

    /// <summary>The time left on a running trial's lease; null if the trial does not run, or if no machine watches it (a journal that is only read).</summary>
    public Lease? LeaseOf(TrialStatus trial) => Leases.Find(trial.Place);

    /// <summary>Takes a fact in. Total on every sequence that the machine can have written.</summary>
    /// <exception cref="InvalidDataException">The event cannot follow what came before: the journal is damaged or belongs to another plan.</exception>
    internal void Apply(Event happened)
    {
        switch (happened)
        {
            case TrialAssigned e: OnAssigned(Planned(e.Trial), e); break;
            case EpochRecorded e: OnRecorded(Running(e.Trial, e.Attempt), e); break;
            case TrialCompleted e: Move(Running(e.Trial, e.Attempt), TrialState.Completed, e.At); break;
            case AttemptFailed e: OnFailed(Running(e.Trial, e.Attempt), e); break;
            case AttemptLost e: OnLost(Running(e.Trial, e.Attempt), e); break;
            case AttemptReturned e: End(Running(e.Trial, e.Attempt), TrialState.Queued, e.At, e.Reason); break;
            case TrialRequeued e: OnRequeued(Planned(e.Trial), e); break;
            default: throw new ArgumentOutOfRangeException(nameof(happened), happened, "An event that the state does not know.");
        }
    }

    private void OnAssigned(TrialStatus trial, TrialAssigned e)
    {
        if (trial.State != TrialState.Queued || e.Attempt != trial.Attempt + 1) throw Misfit(e.Trial, $"attempt {e.Attempt} starts");
        trial.AddAttempt(e.Worker);
        Move(trial, TrialState.Running, e.At);
    }

    private static void OnRecorded(TrialStatus trial, EpochRecorded e)
    {
        if (e.Metrics.Epoch != trial.EpochsRecorded + 1) throw Misfit(e.Trial, $"epoch {e.Metrics.Epoch} follows epoch {trial.EpochsRecorded}");
        trial.LastMetrics = e.Metrics;
    }

    private void OnFailed(TrialStatus trial, AttemptFailed e)
    {
        trial.Failures++;
        End(trial, e.Final ? TrialState.Failed : TrialState.Queued, e.At, e.Reason);
    }

    private void OnLost(TrialStatus trial, AttemptLost e)
    {
        trial.Losses++;
        End(trial, e.Final ? TrialState.Lost : TrialState.Queued, e.At, e.Reason);
    }

    private void OnRequeued(TrialStatus trial, TrialRequeued e)
    {
        if (trial.State is not (TrialState.Failed or TrialState.Lost)) throw Misfit(e.Trial, "a trial that has not failed is retried");
        (trial.Failures, trial.Losses) = (0, 0);
        Move(trial, TrialState.Queued, e.At);
    }

    private void End(TrialStatus trial, TrialState next, DateTimeOffset at, string reason)
    {
        trial.Reason = reason;
        Move(trial, next, at);
    }

    private void Move(TrialStatus trial, TrialState next, DateTimeOffset at)
    {
        if (trial.State == TrialState.Queued) Queue.Remove(trial.Place);
        if (trial.State == TrialState.Running) LetGo(trial.Worker!.Value, trial.Place);
        _counts[(int)trial.State]--;
        (trial.State, trial.Since) = (next, at);
        _counts[(int)next]++;
        if (next == TrialState.Queued) Queue.Add(trial.Place);
        if (next == TrialState.Running) Hold(trial.Worker!.Value, trial.Place);
    }

    private void Hold(WorkerId worker, int place)
    {
        if (!_held.TryGetValue(worker, out SortedSet<int>? places)) _held.Add(worker, places = []);
        places.Add(place);
    }

    private void LetGo(WorkerId worker, int place)
    {
        SortedSet<int> places = _held[worker];
        places.Remove(place);
        if (places.Count == 0) _held.Remove(worker);
    }

    private TrialStatus Planned(TrialId trial) => Find(trial) ?? throw Misfit(trial, "the plan has no such trial");

    private TrialStatus Running(TrialId id, int attempt)
    {
        TrialStatus trial = Planned(id);
        return trial.State == TrialState.Running && trial.Attempt == attempt ? trial : throw Misfit(id, $"attempt {attempt} does not run");
    }

    private static InvalidDataException Misfit(TrialId trial, string what) =>
        new($"The journal is damaged or belongs to another plan: trial {trial}: {what}");
}
