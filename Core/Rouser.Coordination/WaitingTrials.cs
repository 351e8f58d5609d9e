using Rouser.Sweeps;

namespace Rouser.Coordination;

/// <summary>
/// The trials that wait, in the order of the plan: all of them, and those of each data set, so that a worker that
/// lacks one is found its first trial without a look at those that it cannot train.
/// </summary>
internal sealed class WaitingTrials
{
    private readonly TrialQueue _all;
    private readonly List<DataQueue> _byData = [];

    // Of each trial of the plan: which data set's queue it is in, and where there.
    private readonly (DataQueue Queue, int Index)[] _whereabouts;

    /// <summary>Every trial of the plan waits.</summary>
    public WaitingTrials(IReadOnlyList<PlannedTrial> trials)
    {
        _all = new TrialQueue(trials.Count);
        _whereabouts = new (DataQueue, int)[trials.Count];
        foreach (
            IGrouping<string, int> data in Enumerable.Range(0, trials.Count).GroupBy(planIndex => trials[planIndex].DataDigest)
        )
        {
            DataQueue queue = new(data.Key, [.. data]);
            _byData.Add(queue);
            for (int index = 0; index < queue.PlanIndices.Length; index++)
                _whereabouts[queue.PlanIndices[index]] = (queue, index);
        }
        for (int planIndex = 0; planIndex < trials.Count; planIndex++)
            Add(planIndex);
    }

    /// <summary>The plan index of the first trial that waits, or null.</summary>
    /// <param name="missing">Digests of data that the worker has not; null for none.</param>
    public int? First(IReadOnlySet<string>? missing)
    {
        if (missing is null)
            return _all.First;
        int? first = null;
        foreach (DataQueue data in _byData)
        {
            if (!missing.Contains(data.Digest) && data.Waiting.First is int index && !(first < data.PlanIndices[index]))
                first = data.PlanIndices[index];
        }
        return first;
    }

    /// <summary>The plan indices of the first trials that wait, that many at most.</summary>
    public IEnumerable<int> Take(int count) => _all.InOrder().Take(count);

    /// <summary>How many wait before this trial.</summary>
    public int CountBefore(int planIndex) => _all.CountBefore(planIndex);

    /// <summary>Puts a trial in; it must not be there.</summary>
    public void Add(int planIndex)
    {
        _all.Add(planIndex);
        (DataQueue data, int index) = _whereabouts[planIndex];
        data.Waiting.Add(index);
    }

    /// <summary>Takes a trial out; it must be there.</summary>
    public void Remove(int planIndex)
    {
        _all.Remove(planIndex);
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
