using Rouser.Sweeps;

namespace Rouser.Coordination;

/// <summary>
/// The trials that wait, in an order that is that of the plan unless a user has changed a priority: all of them, and
/// those of each data set, so that a worker that lacks one is found its first trial without a look at those that it cannot
/// train. Trials are named by their index in the plan.
/// </summary>
internal sealed class WaitingTrials
{
    private readonly IReadOnlyList<PlannedTrial> _trials;
    private readonly TrialQueue _all;
    private readonly List<DataQueue> _byData = [];

    // The order: of each place the trial, and of each trial the place.
    private readonly int[] _order,
        _places;

    // Of each trial of the plan: which data set's queue it is in, and where there.
    private readonly (DataQueue Queue, int Index)[] _whereabouts;

    /// <summary>Every trial of the plan waits, in the plan's order.</summary>
    public WaitingTrials(IReadOnlyList<PlannedTrial> trials)
        : this(trials, [.. Enumerable.Range(0, trials.Count)])
    {
        for (int planIndex = 0; planIndex < trials.Count; planIndex++)
            Add(planIndex);
    }

    // None waits.
    private WaitingTrials(IReadOnlyList<PlannedTrial> trials, int[] order)
    {
        (_trials, _order, _places) = (trials, order, new int[order.Length]);
        for (int place = 0; place < order.Length; place++)
            _places[order[place]] = place;
        _all = new TrialQueue(trials.Count);
        _whereabouts = new (DataQueue, int)[trials.Count];
        foreach (IGrouping<string, int> data in order.GroupBy(planIndex => trials[planIndex].DataDigest))
        {
            DataQueue queue = new(data.Key, [.. data]);
            _byData.Add(queue);
            for (int index = 0; index < queue.PlanIndices.Length; index++)
                _whereabouts[queue.PlanIndices[index]] = (queue, index);
        }
    }

    /// <summary>The same trials wait, in another order.</summary>
    /// <param name="order">The plan indices of all trials.</param>
    public WaitingTrials InOrder(int[] order)
    {
        WaitingTrials next = new(_trials, order);
        foreach (int planIndex in order.Where(i => _all.Contains(_places[i])))
            next.Add(planIndex);
        return next;
    }

    /// <summary>The plan index of the first trial that waits, or null.</summary>
    /// <param name="missing">Digests of data that the worker has not; null for none.</param>
    public int? First(IReadOnlySet<string>? missing)
    {
        if (missing is null)
            return _all.First is int place ? _order[place] : null;
        int? first = null;
        foreach (DataQueue data in _byData)
        {
            if (missing.Contains(data.Digest) || data.Waiting.First is not int index)
                continue;
            int planIndex = data.PlanIndices[index];
            if (first is not int other || _places[planIndex] < _places[other])
                first = planIndex;
        }
        return first;
    }

    /// <summary>The plan indices of the first trials that wait, that many at most.</summary>
    public IEnumerable<int> Take(int count) => _all.InOrder().Take(count).Select(place => _order[place]);

    /// <summary>How many wait before this trial.</summary>
    public int CountBefore(int planIndex) => _all.CountBefore(_places[planIndex]);

    /// <summary>Puts a trial in; it must not be there.</summary>
    public void Add(int planIndex)
    {
        _all.Add(_places[planIndex]);
        (DataQueue data, int index) = _whereabouts[planIndex];
        data.Waiting.Add(index);
    }

    /// <summary>Takes a trial out; it must be there.</summary>
    public void Remove(int planIndex)
    {
        _all.Remove(_places[planIndex]);
        (DataQueue data, int index) = _whereabouts[planIndex];
        data.Waiting.Remove(index);
    }

    private sealed class DataQueue(string digest, int[] planIndices)
    {
        public string Digest => digest;

        public int[] PlanIndices => planIndices;

        /// <summary>By the index into <see cref="PlanIndices"/>.</summary>
        public TrialQueue Waiting { get; } = new(planIndices.Length);
    }
}
