using Rouser.Coordination;
using Rouser.Simulation.Scenarios;
using Rouser.Sweeps;
using Rouser.Sweeps.Samplers;
using static Rouser.Simulation.Invariants.Invariant;

namespace Rouser.Simulation.Invariants;

/// <summary>
/// A deliberately plain second account of the sweep, kept from its events alone. It refuses every event that cannot
/// follow what came before: a result twice, an epoch out of order, a report under an attempt that is not the latest,
/// an ending beyond the retries.
/// </summary>
internal sealed class Ledger
{
    private readonly RunSettings _run;
    private readonly bool _hasBadMemory;

    // Of trials that the plan has not any more.
    private readonly Dictionary<TrialId, Account> _dropped;
    private readonly List<string> _proposed = [];

    // A setting that has ended has: a retry of one of its trials is more work, and no other search.
    private readonly HashSet<string> _endedSettings = [];
    private Plan _plan;
    private Account[] _accounts;
    private Dictionary<TrialId, int> _places;
    private int _openChecks,
        _revision;
    private readonly int[] _counts = new int[Enum.GetValues<TrialState>().Length];
    private readonly List<Account> _running = [];
    private readonly HashSet<(string Arm, string Setting)> _settled = [];
    private readonly Dictionary<string, int> _priorities = [];

    public Ledger(Scenario scenario)
    {
        (_plan, _dropped) = (scenario.Plan, []);
        _accounts = [.. scenario.Plan.Trials.Select((trial, place) => new Account(trial, place))];
        _places = _accounts.ToDictionary(a => a.Planned.Id, a => a.PlanIndex);
        _run = scenario.Run;
        _hasBadMemory = scenario.Faults.BadMemory > 0;
        _counts[(int)TrialState.Queued] = _accounts.Length;
        foreach (TrialId deferred in _run.DeferredIn(scenario.Plan))
            Move(Planned(deferred), TrialState.Deferred);
    }

    private Ledger(Ledger other)
    {
        _accounts = [.. other._accounts.Select(a => a.Copy())];
        _dropped = other._dropped.ToDictionary(dropped => dropped.Key, dropped => dropped.Value.Copy());
        _proposed.AddRange(other._proposed);
        _endedSettings.UnionWith(other._endedSettings);
        (_plan, _places, _revision) = (other._plan, other._places, other._revision);
        _run = other._run;
        (_hasBadMemory, _openChecks) = (other._hasBadMemory, other._openChecks);
        other._counts.CopyTo(_counts, 0);
        _running.AddRange(other._running.Select(a => _accounts[a.PlanIndex]));
        IsPaused = other.IsPaused;
        _settled.UnionWith(other._settled);
        foreach ((string study, int priority) in other._priorities)
            _priorities[study] = priority;
    }

    /// <summary>Every trial, in the order of the plan.</summary>
    public IReadOnlyList<Account> Accounts => _accounts;

    /// <summary>The priority that a study has now. Here no sweep file gives one.</summary>
    public int PriorityOf(string study) => _priorities.GetValueOrDefault(study);

    /// <summary>
    /// Every trial, in the order in which those that wait are handed out: the plan's, or, once a priority was changed, that
    /// of the planner's rule, computed the plain way.
    /// </summary>
    public IEnumerable<Account> InOrder =>
        _priorities.Count == 0
            ? _accounts
            : _plan
                .Cells.Select(
                    (cell, i) =>
                        (
                            Cell: cell,
                            Replicate: _plan.Cells.Take(i).Count(c => IsOfColumn(c, cell)),
                            Study: _plan.Cells.Select(c => c.Study).Distinct().ToList().IndexOf(cell.Study),
                            Column: _plan.Cells.ToList().FindIndex(c => IsOfColumn(c, cell))
                        )
                )
                .OrderByDescending(c => PriorityOf(c.Cell.Study))
                .ThenBy(c => c.Replicate)
                .ThenBy(c => c.Study)
                .ThenBy(c => c.Column)
                .Select(c => _accounts[_places[c.Cell.Trial]])
                .Distinct();

    private static bool IsOfColumn(Cell one, Cell other) =>
        (one.Study, one.Arm, one.Setting) == (other.Study, other.Arm, other.Setting);

    /// <summary>How many second trainings are still to be done.</summary>
    public int OpenChecks => _openChecks;

    /// <summary>The trials that are held by a lease, of a check or their own.</summary>
    public IReadOnlyList<Account> Running => _running;

    /// <summary>Whether nothing is to be assigned, at the user's wish.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Whether every trial has ended; before its first proposal a search has not begun.</summary>
    public bool IsFinished =>
        Count(TrialState.Queued) + Count(TrialState.Running) + _openChecks == 0
        && !(IsSearch && _proposed.Count == 0 && Count(TrialState.Deferred) > 0);

    /// <summary>Whether results decide which settings are trained.</summary>
    public bool IsSearch => _run.Searches is not null;

    /// <summary>How many trials are in that state.</summary>
    public int Count(TrialState state) => _counts[(int)state];

    /// <summary>The account of a trial, or null if the plan has none.</summary>
    public Account? Find(TrialId trial) => _places.TryGetValue(trial, out int place) ? _accounts[place] : null;

    /// <summary>The same, also of a trial that the plan has not any more.</summary>
    public Account? FindEver(TrialId trial) => Find(trial) ?? _dropped.GetValueOrDefault(trial);

    /// <summary>The account of the trial whose latest attempt this is and runs, or null.</summary>
    public Account? HolderOf(LeaseKey lease) =>
        Find(lease.Trial) is { IsHeld: true } trial && trial.Lease == lease ? trial : null;

    /// <summary>Whether that worker holds that lease.</summary>
    public bool Holds(WorkerId worker, LeaseKey lease) => HolderOf(lease) is { } trial && trial.Holder == worker;

    /// <summary>A copy, to go on from.</summary>
    public Ledger Copy() => new(this);

    /// <summary>
    /// The run goes on by another plan: what is the same trial stands where it stood, also one that an earlier plan had.
    /// </summary>
    public void Grow(Scenario grown)
    {
        foreach (Account account in _accounts)
            _dropped[account.Planned.Id] = account;
        _plan = grown.Plan;
        _accounts =
        [
            .. _plan.Trials.Select((trial, i) => _dropped.Remove(trial.Id, out Account? known) ? known : new Account(trial, i)),
        ];
        for (int i = 0; i < _accounts.Length; i++)
            _accounts[i].PlanIndex = i;
        _places = _accounts.ToDictionary(a => a.Planned.Id, a => a.PlanIndex);
        _running.Clear();
        _running.AddRange(_accounts.Where(a => a.IsHeld));
        _openChecks = _accounts.Count(a => a.HasOpenCheck);
        foreach (TrialState state in Enum.GetValues<TrialState>())
            _counts[(int)state] = _accounts.Count(a => a.State == state);
    }

    /// <summary>Takes an event in.</summary>
    /// <exception cref="InvariantBrokenException">It cannot follow what came before.</exception>
    public void Apply(Event happened)
    {
        Demand(
            _revision == _plan.Revision || happened is PlanReplaced,
            $"the run has a new plan, and before that is on record comes {TraceText.Of(happened)}"
        );
        // csharpier-ignore
        switch (happened)
        {
            case PlanReplaced e: OnPlanReplaced(e); break;
            case SettingProposed e: OnProposed(e); break;
            case TrialAssigned e: OnAssigned(Planned(e.Trial), e); break;
            case TrialReused e: OnReused(Planned(e.Trial), e); break;
            case TrialContinued e: OnContinued(Planned(e.Trial), e); break;
            case EpochRecorded e: OnRecorded(Current(e.Trial, e.Attempt, e), e); break;
            case TrialCompleted e: OnCompleted(Planned(e.Trial), e); break;
            case AttemptFailed e: OnFailed(Current(e.Trial, e.Attempt, e), e); break;
            case AttemptLost e: OnLost(Current(e.Trial, e.Attempt, e), e); break;
            case AttemptReturned e: Move(Current(e.Trial, e.Attempt, e), TrialState.Queued); break;
            case TrialPruned e: Move(Current(e.Trial, e.Attempt, e), TrialState.Pruned); break;
            case TrialCancelled e: OnCancelled(Planned(e.Trial)); break;
            case TrialRequeued e: OnRequeued(Planned(e.Trial)); break;
            case CheckAssigned e: OnCheckAssigned(Planned(e.Trial), e); break;
            case CheckPassed e: EndCheck(Checked(e.Trial, e.Attempt, e), CheckState.Passed); break;
            case CheckReturned e: OnCheckReturned(Checked(e.Trial, e.Attempt, e), e); break;
            case CheckAbandoned e: EndCheck(Planned(e.Trial), CheckState.Abandoned); break;
            case ResultsDisagreed e: OnDisagreed(Planned(e.Trial), e); break;
            case TrialsOpened e: OnOpened(e); break;
            case ComparisonSettled e: OnSettled(e); break;
            case TrialsAnnotated e: OnAnnotated(e); break;
            case SweepAnnotated: break;
            case StudyPrioritized e: OnPrioritized(e); break;
            case SweepPaused: IsPaused = true; break;
            case SweepContinued: IsPaused = false; break;
            default: throw new InvariantBrokenException($"the simulator knows no event like {happened}");
        }
    }

    private void OnPlanReplaced(PlanReplaced e)
    {
        Demand(
            e.Revision == _plan.Revision && _revision < e.Revision,
            $"the plan of the run is {_plan.Revision}, recorded is {e}"
        );
        Demand(e.Trials == _accounts.Length, $"the plan has {_accounts.Length} trials, recorded is {e}");
        _revision = e.Revision;
    }

    // What changes nothing is no event.
    private void OnAnnotated(TrialsAnnotated e)
    {
        foreach (Account trial in e.Trials.Select(Planned))
        {
            string note = e.Change.Note ?? trial.Note;
            string[] tags = [.. trial.Tags.Except(e.Change.Removed).Union(e.Change.Added).Order(StringComparer.Ordinal)];
            Demand(note != trial.Note || !tags.SequenceEqual(trial.Tags), $"{trial} was written to what stood there: {e}");
            (trial.Note, trial.Tags) = (note, tags);
        }
    }

    private void OnPrioritized(StudyPrioritized e)
    {
        Demand(PriorityOf(e.Study) != e.Priority, $"a study was given the priority that it has: {e}");
        _priorities[e.Study] = e.Priority;
    }

    private void OnProposed(SettingProposed e)
    {
        SettingSearch search = _run.Searches!.OfStudy[e.Study];
        Demand(!_proposed.Contains(e.Setting), $"a setting was proposed twice: {e}");
        _proposed.Add(e.Setting);
        Demand(_proposed.Count <= search.Count, $"{_proposed.Count} settings were proposed of {search.Count}");
        NoteEndedSettings();
        int inWork = _proposed.Count - _endedSettings.Count;
        Demand(inWork <= search.Parallel, $"{inWork} settings are in work, {search.Parallel} may be: {e}");
    }

    private void NoteEndedSettings() =>
        _endedSettings.UnionWith(_proposed.Where(setting => TrialsOf(setting).All(trial => trial.HasEnded)));

    private IEnumerable<Account> TrialsOf(string setting) =>
        _plan.Cells.Where(cell => cell.Setting == setting).Select(cell => Planned(cell.Trial));

    private void OnOpened(TrialsOpened e)
    {
        if (IsSearch)
        {
            HashSet<TrialId> asked = [.. _proposed.SelectMany(TrialsOf).Select(trial => trial.Planned.Id)];
            foreach (Account trial in e.Trials.Select(Planned))
            {
                Demand(trial.State == TrialState.Deferred, $"{trial} was opened, and had been before");
                Demand(asked.Contains(trial.Planned.Id), $"{trial} was opened, and no search asks for it");
                Move(trial, TrialState.Queued);
            }
            return;
        }
        Demand(_settled.Count == 0, $"trials are opened after the only comparison was settled: {TraceText.Of(e)}");
        foreach (Account trial in e.Trials.Select(Planned))
        {
            Demand(trial.State == TrialState.Deferred, $"{trial} was opened, and had been before");
            Move(trial, TrialState.Queued);
        }
        // Both arms have the same seeds, so that each training is half of a pair.
        Demand(
            e.Trials.Count(t => Planned(t).PlanIndex % 2 == 0) * 2 <= e.Trials.Count,
            $"arms got different seeds: {TraceText.Of(e)}"
        );
    }

    private void OnSettled(ComparisonSettled e)
    {
        Demand(_settled.Add((e.Arm, e.Setting)), $"a comparison was settled twice: {TraceText.Of(e)}");
        Demand(
            _accounts.Where(a => a.PlanIndex < 2 * e.Seeds).All(a => a.State == TrialState.Completed),
            $"a comparison was settled before its seeds were completed: {TraceText.Of(e)}"
        );
        Demand(
            _accounts
                .Where(a => a.PlanIndex >= 2 * e.Seeds && a.PlanIndex / 2 * 2 + 1 < _accounts.Length)
                .All(a => a.Recorded == 0),
            $"trials were trained that the comparison did not need: {TraceText.Of(e)}"
        );
    }

    /// <summary>
    /// Demands that seeds are deferred only where nobody needs them: the comparison is settled, or some of its seeds have
    /// no result.
    /// </summary>
    public void CheckDeferred() =>
        Demand(
            IsSearch
                ? _proposed.Count == _run.Searches!.OfStudy["study"].Count || _accounts.Any(a => a.State == TrialState.Cancelled)
                : Count(TrialState.Deferred) == 0 || _settled.Count > 0 || _accounts.Any(a => a.State.EndedWithoutResult()),
            $"{Count(TrialState.Deferred)} trials are deferred, and what asks for them has not come to its end"
        );

    private void OnAssigned(Account trial, TrialAssigned e)
    {
        Demand(trial.State == TrialState.Queued, $"{trial} was assigned to {e.Worker} though it does not wait");
        Demand(e.Attempt == trial.Attempt + 1, $"{trial} was assigned as attempt {e.Attempt}");
        (trial.Attempt, trial.Worker, trial.StartedAt, trial.HeardAt) = (e.Attempt, e.Worker, e.At, e.At);
        Move(trial, TrialState.Running);
    }

    private void OnReused(Account trial, TrialReused e)
    {
        Demand(trial.State == TrialState.Queued, $"{trial} was taken from the results store though it does not wait");
        Demand(e.Attempt == trial.Attempt + 1, $"{trial} was taken from the results store as attempt {e.Attempt}");
        (trial.Attempt, trial.Worker, trial.StartedAt, trial.HeardAt) = (e.Attempt, WorkerId.ResultsStore, e.At, e.At);
        Move(trial, TrialState.Running);
    }

    private void OnContinued(Account trial, TrialContinued e)
    {
        Demand(trial.State == TrialState.Queued, $"{trial} took over epochs though it does not wait");
        Demand(trial.Recorded == 0, $"{trial} took over epochs though it has its own");
        Demand(e.Attempt == trial.Attempt + 1, $"{trial} took over epochs as attempt {e.Attempt}");
        (trial.Attempt, trial.Worker, trial.StartedAt, trial.HeardAt) = (e.Attempt, WorkerId.ShorterTrial, e.At, e.At);
        Move(trial, TrialState.Running);
    }

    private void OnRecorded(Account trial, EpochRecorded e)
    {
        Demand(e.Metrics.Epoch == trial.Recorded + 1, $"{trial} recorded epoch {e.Metrics.Epoch}");
        Demand(e.Metrics.Epoch <= trial.Epochs, $"{trial} recorded epoch {e.Metrics.Epoch}");
        Demand(
            _hasBadMemory || Training.IsMeasured(trial.Place, e.Metrics),
            $"{trial} recorded measurements that are not its own"
        );
        trial.Recorded++;
    }

    private void OnCheckAssigned(Account trial, CheckAssigned e)
    {
        Demand(trial.Check == CheckState.Waiting, $"{trial} was given out to be checked, and no check waits");
        Demand(e.Attempt == trial.Lease.Attempt + 1, $"{trial} was given out to be checked as attempt {e.Attempt}");
        Demand(e.Worker != trial.Worker, $"{trial} is checked by {e.Worker}, who completed it");
        (trial.CheckAttempts, trial.Checker, trial.StartedAt, trial.HeardAt) = (trial.CheckAttempts + 1, e.Worker, e.At, e.At);
        SetCheck(trial, CheckState.Running);
    }

    private void OnCheckReturned(Account trial, CheckReturned e)
    {
        if (e.Failed)
            trial.FailedChecks++;
        SetCheck(trial, CheckState.Waiting);
    }

    private void OnDisagreed(Account trial, ResultsDisagreed e)
    {
        Demand(_hasBadMemory, $"{trial}: an alarm where nobody computes wrong: {e}");
        if (trial.Check == CheckState.Running && e.Attempt == trial.Lease.Attempt)
            SetCheck(trial, CheckState.Disagreed);
    }

    private void EndCheck(Account trial, CheckState verdict)
    {
        Demand(trial.HasOpenCheck, $"{trial}: a check ends that is not open");
        SetCheck(trial, verdict);
    }

    private void SetCheck(Account trial, CheckState next)
    {
        if (trial.Check == CheckState.Running)
            _running.Remove(trial);
        if (trial.HasOpenCheck)
            _openChecks--;
        trial.Check = next;
        if (trial.HasOpenCheck)
            _openChecks++;
        if (next == CheckState.Running)
            _running.Add(trial);
    }

    private void OnCompleted(Account trial, TrialCompleted e)
    {
        Demand(trial.Results == 0, $"{trial} was given a second result, by attempt {e.Attempt}");
        Demand(
            Current(e.Trial, e.Attempt, e).Recorded == trial.Epochs,
            $"{trial} was completed before its last epoch was recorded"
        );
        trial.Results++;
        Move(trial, TrialState.Completed);
        // Scenarios check all trials or none.
        if (_run.CrossCheck > 0)
            SetCheck(trial, CheckState.Waiting);
    }

    private void OnFailed(Account trial, AttemptFailed e)
    {
        bool isFinal = trial.FailedAttempts++ >= _run.FailedRetries;
        Demand(e.Final == isFinal, $"{trial} failed {trial.FailedAttempts} times of {_run.FailedRetries + 1}, final: {e.Final}");
        Move(trial, e.Final ? TrialState.Failed : TrialState.Queued);
    }

    private void OnLost(Account trial, AttemptLost e)
    {
        bool isFinal = trial.LostAttempts++ >= _run.LostRetries;
        Demand(e.Final == isFinal, $"{trial} was lost {trial.LostAttempts} times of {_run.LostRetries + 1}, final: {e.Final}");
        Move(trial, e.Final ? TrialState.Lost : TrialState.Queued);
    }

    private void OnCancelled(Account trial)
    {
        Demand(!trial.HasEnded, $"{trial} was cancelled after its end");
        trial.WasDeferred = trial.State == TrialState.Deferred;
        Move(trial, TrialState.Cancelled);
    }

    private void OnRequeued(Account trial)
    {
        Demand(
            trial.State is TrialState.Failed or TrialState.Lost or TrialState.Cancelled,
            $"{trial} was put back into the queue"
        );
        (trial.FailedAttempts, trial.LostAttempts) = (0, 0);
        // What nobody had asked for when it was cancelled is deferred again.
        Move(trial, trial.WasDeferred ? TrialState.Deferred : TrialState.Queued);
    }

    private void Move(Account trial, TrialState next)
    {
        if (trial.State == TrialState.Running)
            _running.Remove(trial);
        _counts[(int)trial.State]--;
        trial.State = next;
        _counts[(int)next]++;
        if (next == TrialState.Running)
            _running.Add(trial);
        if (trial.HasEnded)
            NoteEndedSettings();
    }

    private Account Planned(TrialId trial) =>
        Find(trial) ?? throw new InvariantBrokenException($"an event names trial {trial}, which the plan lacks");

    private Account Checked(TrialId id, int attempt, Event happened)
    {
        Account trial = Planned(id);
        Demand(trial.Check == CheckState.Running && trial.Lease.Attempt == attempt, $"{trial} took {TraceText.Of(happened)}");
        return trial;
    }

    // The fence: whatever an attempt brings about, it must be the latest, and open.
    private Account Current(TrialId id, int attempt, Event happened)
    {
        Account trial = Planned(id);
        Demand(trial.State == TrialState.Running && trial.Attempt == attempt, $"{trial} took {TraceText.Of(happened)}");
        return trial;
    }
}
