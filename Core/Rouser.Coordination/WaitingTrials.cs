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

    // Of each place of the plan: which data set's queue it is in, and where there.
    private readonly (DataQueue Queue, int Index)[] _whereabouts;

    /// <summary>Every trial of the plan waits.</summary>
    public WaitingTrials(IReadOnlyList<PlannedTrial> trials)
    {
        _all = new TrialQueue(trials.Count);
        _whereabouts = new (DataQueue, int)[trials.Count];
        foreach (IGrouping<string, int> data in Enumerable.Range(0, trials.Count).GroupBy(place => trials[place].DataDigest))
        {
            DataQueue queue = new(data.Key, [.. data]);
            _byData.Add(queue);
            for (int index = 0; index < queue.Places.Length; index++)
                _whereabouts[queue.Places[index]] = (queue, index);
        }
        for (int place = 0; place < trials.Count; place++)
            Add(place);
    }

    /// <summary>The first place that waits, or null.</summary>
    /// <param name="missing">Digests of data that the worker has not; null for none.</param>
    public int? First(IReadOnlySet<string>? missing)
    {
        if (missing is null)
            return _all.First;
        int? first = null;
        foreach (DataQueue data in _byData)
        {
            if (!missing.Contains(data.Digest) && data.Waiting.First is int index && !(first < data.Places[index]))
                first = data.Places[index];
        }
        return first;
    }

    /// <summary>How many wait before this place.</summary>
    public int CountBefore(int place) => _all.CountBefore(place);

    /// <summary>Puts a place in; it must not be there.</summary>
    public void Add(int place)
    {
        _all.Add(place);
        (DataQueue data, int index) = _whereabouts[place];
        data.Waiting.Add(index);
    }

    /// <summary>Takes a place out; it must be there.</summary>
    public void Remove(int place)
    {
        _all.Remove(place);
        (DataQueue data, int index) = _whereabouts[place];
        data.Waiting.Remove(index);
    }

    private sealed class DataQueue(string digest, int[] places)
    {
        public string Digest => digest;

        public int[] Places => places;

        /// <summary>By the index into <see cref="Places"/>.</summary>
        public TrialQueue Waiting { get; } = new(places.Length);
    }
}
