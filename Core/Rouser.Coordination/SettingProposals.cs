using System.Globalization;
using Rouser.Snn;
using Rouser.Sweeps;
using Rouser.Sweeps.Samplers;

namespace Rouser.Coordination;

/// <summary>
/// The searches of a sweep (<c>mode: tpe</c>), one for each study and arm: which settings they have proposed, and which
/// one comes next. A setting has ended when all of its trials have. What is proposed depends on the settings that have
/// ended and those that have not, and so on the journal alone.
/// </summary>
internal sealed class SettingProposals
{
    private readonly SettingSearches _searches;
    private readonly List<Search> _all = [];
    private readonly Dictionary<int, List<(Search Search, int Candidate)>> _byPlanIndex = [];
    private readonly Dictionary<int, List<ValidationScores?>> _epochs = [];
    private readonly Dictionary<int, double> _goodness = [];
    private bool _isChanged = true;

    public SettingProposals(Plan plan, SettingSearches searches, IReadOnlyDictionary<TrialId, int> planIndices)
    {
        _searches = searches;
        foreach (
            IGrouping<(string Study, string Arm), Cell> arm in plan
                .Cells.Where(c => searches.OfStudy.ContainsKey(c.Study))
                .GroupBy(c => (c.Study, c.Arm))
        )
        {
            ILookup<string, int> trials = arm.ToLookup(c => c.Setting, c => planIndices[c.Trial]);
            SettingSearch pool = searches.OfStudy[arm.Key.Study];
            Search search = new(arm.Key.Study, arm.Key.Arm, pool, [.. pool.Pool.Select(c => trials[c.Setting].ToArray())]);
            _all.Add(search);
            for (int candidate = 0; candidate < search.Trials.Count; candidate++)
            {
                foreach (int planIndex in search.Trials[candidate])
                {
                    if (!_byPlanIndex.TryGetValue(planIndex, out List<(Search, int)>? users))
                        _byPlanIndex.Add(planIndex, users = []);
                    users.Add((search, candidate));
                }
            }
        }
    }

    /// <summary>Whether a search may propose the trial.</summary>
    public bool Covers(int planIndex) => _byPlanIndex.ContainsKey(planIndex);

    /// <summary>
    /// The deferred trials of as many settings as are still to be proposed. Which ones they will be is open; these stand
    /// for them where time is estimated.
    /// </summary>
    public IEnumerable<int> StandIns(CoordinatorState state) =>
        _all.SelectMany(search => search.StandIns(state)).Where(i => state.Trials[i].State == TrialState.Deferred).Distinct();

    /// <summary>A trial has another epoch.</summary>
    /// <param name="scores">What it measured on its validation samples. Nothing else is looked at.</param>
    public void Record(int planIndex, ValidationScores? scores)
    {
        if (!_byPlanIndex.ContainsKey(planIndex))
            return;
        if (!_epochs.TryGetValue(planIndex, out List<ValidationScores?>? epochs))
            _epochs.Add(planIndex, epochs = []);
        epochs.Add(scores);
    }

    /// <summary>A trial has come to another state.</summary>
    public void Move(TrialStatus trial, IReadOnlyList<TrialStatus> trials)
    {
        if (!_byPlanIndex.TryGetValue(trial.PlanIndex, out List<(Search Search, int Candidate)>? users))
            return;
        _isChanged = true;
        if (!trial.HasEnded)
            return;
        // A pruned trial was worse than others. One that failed or was lost says nothing of its setting.
        if (trial.State == TrialState.Completed && _epochs.TryGetValue(trial.PlanIndex, out List<ValidationScores?>? epochs))
            _goodness[trial.PlanIndex] = _searches.GoodnessOf(epochs);
        else if (trial.State == TrialState.Pruned)
            _goodness[trial.PlanIndex] = double.NegativeInfinity;
        foreach ((Search search, int candidate) in users)
            search.End(candidate, trials);
    }

    /// <summary>A setting is proposed. One that an earlier plan had in its pool may be missing in this one's.</summary>
    public void Propose(SettingProposed e, IReadOnlyList<TrialStatus> trials)
    {
        if (_all.Find(s => s.Study == e.Study && s.Arm == e.Arm) is not { } search || search.Find(e.Setting) is not { } candidate)
            return;
        _isChanged = true;
        search.Propose(candidate);
        search.End(candidate, trials);
    }

    /// <summary>
    /// What follows from the results since the last call, to be recorded: of each search one setting at most. Call it
    /// again until it is empty, because what is recorded decides what comes next.
    /// </summary>
    public IReadOnlyList<Event> Decide(CoordinatorState state, DateTimeOffset now)
    {
        if (!_isChanged)
            return [];
        _isChanged = false;
        List<Event> decided = [];
        SortedSet<int> needed = [];
        foreach (Search search in _all)
        {
            if (search.Next(state, _goodness) is { } next)
            {
                decided.Add(new SettingProposed(now, search.Study, search.Arm, next.Setting, next.Reason));
                search.Need(next.Candidate, state, needed);
            }
            foreach (int candidate in search.Proposed)
                search.Need(candidate, state, needed);
        }
        if (needed.Count > 0)
            decided.Add(new TrialsOpened(now, [.. needed.Select(planIndex => state.Trials[planIndex].Planned.Id)]));
        return decided;
    }

    private sealed class Search(string study, string arm, SettingSearch settings, IReadOnlyList<int[]> trials)
    {
        private readonly Dictionary<string, int> _candidates = settings
            .Pool.Select((candidate, i) => (candidate.Setting, i))
            .ToDictionary(pair => pair.Setting, pair => pair.i, StringComparer.Ordinal);

        private readonly List<int> _proposed = [];

        // In the order in which they ended.
        private readonly List<int> _ended = [];

        private readonly bool[] _isProposed = new bool[trials.Count],
            _isEnded = new bool[trials.Count];

        public string Study => study;

        public string Arm => arm;

        /// <summary>The plan indices of each candidate's trials.</summary>
        public IReadOnlyList<int[]> Trials => trials;

        /// <summary>The candidates that were proposed, in that order.</summary>
        public IReadOnlyList<int> Proposed => _proposed;

        public int? Find(string setting) => _candidates.TryGetValue(setting, out int candidate) ? candidate : null;

        public void Propose(int candidate)
        {
            if (!_isProposed[candidate])
                _proposed.Add(candidate);
            _isProposed[candidate] = true;
        }

        /// <summary>A candidate may have ended.</summary>
        public void End(int candidate, IReadOnlyList<TrialStatus> all)
        {
            if (!_isProposed[candidate] || _isEnded[candidate] || !trials[candidate].All(i => all[i].HasEnded))
                return;
            _isEnded[candidate] = true;
            _ended.Add(candidate);
        }

        /// <summary>Adds those trials of a candidate that nobody has asked for.</summary>
        public void Need(int candidate, CoordinatorState state, SortedSet<int> needed) =>
            needed.UnionWith(trials[candidate].Where(i => state.Trials[i].State == TrialState.Deferred));

        /// <summary>What to propose now; null for nothing.</summary>
        public (int Candidate, string Setting, string Reason)? Next(CoordinatorState state, Dictionary<int, double> goodness)
        {
            int step = _proposed.Count,
                known = step - settings.Parallel + 1;
            if (step >= settings.Count || _ended.Count < known)
                return null;
            if (step < settings.Startup)
                return Free(state).Select(c => (int?)c).FirstOrDefault() is { } drawn
                    ? Named(drawn, $"drawn at random, {step + 1} of {settings.Startup}")
                    : null;
            // However many have ended at once, each step sees as many as it would have seen one by one.
            int[] seen = [.. _ended.Take(Math.Max(0, known))];
            (int Candidate, double Ratio)? best = TreeParzenEstimator.Propose(
                settings,
                [.. seen.Select(c => new TrainedSetting(c, [.. trials[c].Where(goodness.ContainsKey).Select(i => goodness[i])]))],
                [.. _proposed.Except(seen)],
                Free(state)
            );
            return best is { } found
                ? Named(
                    found.Candidate,
                    string.Create(CultureInfo.InvariantCulture, $"l/g is {found.Ratio:G3} after {seen.Length} settings")
                )
                : null;
        }

        /// <summary>The plan indices of the trials of as many candidates as may still be proposed.</summary>
        public IEnumerable<int> StandIns(CoordinatorState state) =>
            Free(state).Take(settings.Count - _proposed.Count).SelectMany(candidate => trials[candidate]);

        // What was cancelled is not wanted.
        private IEnumerable<int> Free(CoordinatorState state) =>
            Enumerable
                .Range(0, trials.Count)
                .Where(candidate =>
                    !_isProposed[candidate] && !trials[candidate].Any(i => state.Trials[i].State == TrialState.Cancelled)
                );

        private (int Candidate, string Setting, string Reason) Named(int candidate, string reason) =>
            (candidate, settings.Pool[candidate].Setting, reason);
    }
}
