using System.Globalization;
using Rouser.Snn;
using Rouser.Sweeps;
using Rouser.Sweeps.Sequential;

namespace Rouser.Coordination;

/// <summary>
/// The comparisons of a sweep whose seeds are a budget: which of them need more seeds, and which are settled. A look is
/// taken when all of its seeds are completed, and not before. What is decided thus depends on the results alone, and not
/// on the number of workers or the order in which trials end.
/// </summary>
internal sealed class SeedComparisons
{
    private readonly MetricSettings _metric;
    private readonly List<Comparison> _all = [];
    private readonly Dictionary<int, List<Comparison>> _byPlanIndex = [];
    private readonly Dictionary<int, List<EpochMetrics>> _epochs = [];
    private readonly Dictionary<int, double?> _values = [];
    private readonly Dictionary<(string Study, string Arm, string Setting), ComparisonSettled> _settled = [];
    private readonly HashSet<Comparison> _changed;

    public SeedComparisons(Plan plan, SeedBudgets budgets, IReadOnlyDictionary<TrialId, int> planIndices)
    {
        _metric = budgets.Metric;
        int count = budgets.CountComparisons(plan);
        foreach ((Cell[] own, Cell[] baseline) in budgets.Pairs(plan))
        {
            Comparison comparison = new(
                _all.Count,
                own[0].Study,
                own[0].Arm,
                own[0].Setting,
                baseline[0].Arm,
                budgets.OfStudy[own[0].Study].Design(count),
                [.. own.Select(c => planIndices[c.Trial])],
                [.. baseline.Select(c => planIndices[c.Trial])]
            );
            _all.Add(comparison);
            foreach (int planIndex in comparison.Own.Concat(comparison.Baseline).Distinct())
            {
                if (!_byPlanIndex.TryGetValue(planIndex, out List<Comparison>? users))
                    _byPlanIndex.Add(planIndex, users = []);
                users.Add(comparison);
            }
        }
        _changed = [.. _all];
    }

    /// <summary>How many there are.</summary>
    public int Count => _all.Count;

    /// <summary>The comparisons that need no more seeds.</summary>
    public IReadOnlyCollection<ComparisonSettled> Settled => _settled.Values;

    /// <summary>A trial has another epoch.</summary>
    public void Record(int planIndex, EpochMetrics metrics)
    {
        if (!_byPlanIndex.ContainsKey(planIndex))
            return;
        if (!_epochs.TryGetValue(planIndex, out List<EpochMetrics>? epochs))
            _epochs.Add(planIndex, epochs = []);
        epochs.Add(metrics);
    }

    /// <summary>A trial has its result.</summary>
    public void Complete(int planIndex)
    {
        if (!_byPlanIndex.TryGetValue(planIndex, out List<Comparison>? users))
            return;
        _values[planIndex] = _epochs.Remove(planIndex, out List<EpochMetrics>? epochs) ? _metric.Of(epochs) : null;
        _changed.UnionWith(users);
    }

    /// <summary>A trial that kept its comparisons from going on does so no more.</summary>
    public void Reconsider(int planIndex)
    {
        if (_byPlanIndex.TryGetValue(planIndex, out List<Comparison>? users))
            _changed.UnionWith(users);
    }

    /// <summary>A comparison is settled.</summary>
    public void Settle(ComparisonSettled settled) => _settled[(settled.Study, settled.Arm, settled.Setting)] = settled;

    /// <summary>None is settled any more.</summary>
    public void Reopen()
    {
        _settled.Clear();
        _changed.UnionWith(_all);
    }

    /// <summary>What follows from the results since the last call, to be recorded.</summary>
    public IReadOnlyList<Event> Decide(CoordinatorState state, DateTimeOffset now)
    {
        if (_changed.Count == 0)
            return [];
        List<Event> decided = [];
        SortedSet<int> needed = [];
        foreach (Comparison comparison in _changed.OrderBy(c => c.Place))
            Decide(comparison, state, now, needed, decided);
        _changed.Clear();
        if (needed.Count > 0)
            decided.Add(new TrialsOpened(now, [.. needed.Select(planIndex => state.Trials[planIndex].Planned.Id)]));
        return decided;
    }

    private void Decide(
        Comparison comparison,
        CoordinatorState state,
        DateTimeOffset now,
        SortedSet<int> needed,
        List<Event> decided
    )
    {
        for (; comparison.Look < comparison.Design.Looks.Count; comparison.Look++)
        {
            int n = comparison.Design.Looks[comparison.Look];
            int[] seen = [.. comparison.Own.Take(n).Concat(comparison.Baseline.Take(n))];
            // One that has no result may be retried, and keeps its comparison open until then. No other seed helps.
            if (seen.Any(planIndex => state.Trials[planIndex].State.EndedWithoutResult()))
                return;
            needed.UnionWith(seen.Where(planIndex => state.Trials[planIndex].State == TrialState.Deferred));
            if (!seen.All(planIndex => state.Trials[planIndex].State == TrialState.Completed))
                return;
            if (seen.Any(planIndex => _values[planIndex] is not { } value || double.IsNaN(value)))
            {
                Settle(comparison, n, SequentialVerdict.Undecided, $"a seed measured no {_metric.Name}");
                return;
            }
            double[] differences =
            [
                .. comparison
                    .Own.Take(n)
                    .Zip(comparison.Baseline, (own, baseline) => _values[own]!.Value - _values[baseline]!.Value),
            ];
            SequentialLook look = SequentialTest.Judge(comparison.Design, comparison.Look, differences);
            if (look.Verdict == SequentialVerdict.Open)
                continue;
            Settle(comparison, n, look.Verdict, Describe(comparison, look));
            return;
        }

        // Results and settings decide, and the journal tells of it once. Under another metric or error, a comparison that
        // was settled may be open again, or come to something else.
        void Settle(Comparison settled, int seeds, SequentialVerdict verdict, string reason)
        {
            ComparisonSettled? before = _settled.GetValueOrDefault((settled.Study, settled.Arm, settled.Setting));
            if (before is null || (before.Seeds, before.Verdict, before.Reason) != (seeds, verdict, reason))
                decided.Add(new ComparisonSettled(now, settled.Study, settled.Arm, settled.Setting, seeds, verdict, reason));
        }
    }

    private string Describe(Comparison comparison, SequentialLook look)
    {
        string unit = _metric.IsShare ? " points" : "",
            seeds = look.N.ToString(CultureInfo.InvariantCulture);
        double factor = _metric.IsShare ? 100 : 1;
        string interval = look.HalfWidth is { } half
            ? $", interval over all looks {Number(look.Mean - half)} to {Number(look.Mean + half)}"
            : "";
        string difference = $"{Number(look.Mean)}{unit} against {comparison.BaselineArm}{interval}";
        return look.Verdict switch
        {
            SequentialVerdict.Higher => $"higher after {seeds} seeds: {difference}",
            SequentialVerdict.Lower => $"lower after {seeds} seeds: {difference}",
            SequentialVerdict.Futile =>
                $"futile after {seeds} seeds, as {comparison.Design.Looks[^1]} are not likely to decide: {difference}",
            _ => $"undecided after all {seeds} seeds: {difference}",
        };

        string Number(double value) =>
            (factor * value).ToString(
                _metric.IsShare ? "+0.00;-0.00;0.00" : "+0.0000;-0.0000;0.0000",
                CultureInfo.InvariantCulture
            );
    }

    private sealed class Comparison(
        int place,
        string study,
        string arm,
        string setting,
        string baselineArm,
        GroupSequentialDesign design,
        int[] own,
        int[] baseline
    )
    {
        /// <summary>Where it stands in the plan's order of comparisons.</summary>
        public int Place => place;

        public string Study => study;

        public string Arm => arm;

        public string Setting => setting;

        public string BaselineArm => baselineArm;

        public GroupSequentialDesign Design => design;

        /// <summary>Plan indices of the arm's trials, by seed.</summary>
        public int[] Own => own;

        /// <summary>Plan indices of the baseline's trials, by seed.</summary>
        public int[] Baseline => baseline;

        /// <summary>The look that is not taken yet.</summary>
        public int Look { get; set; }
    }
}
