namespace Rouser.Coordination;

/// <summary>The checks that wait, by who completed the trial: that worker is no witness of its own work.</summary>
internal sealed class WaitingChecks
{
    private readonly Dictionary<WorkerId, SortedSet<int>> _byCompleter = [];

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>The plan index of the first one that this worker may take, or null.</summary>
    /// <param name="mayTake">Whether it can train the trial at that plan index.</param>
    public int? First(WorkerId worker, Func<int, bool> mayTake)
    {
        int? first = null;
        foreach ((WorkerId completer, SortedSet<int> planIndices) in _byCompleter)
        {
            if (completer == worker)
                continue;
            foreach (int planIndex in planIndices)
            {
                if (first <= planIndex)
                    break;
                if (!mayTake(planIndex))
                    continue;
                first = planIndex;
                break;
            }
        }
        return first;
    }

    /// <summary>All plan indices, in order.</summary>
    public int[] All() => [.. _byCompleter.Values.SelectMany(planIndices => planIndices).Order()];

    /// <summary>Puts a trial in.</summary>
    public void Add(WorkerId completer, int planIndex)
    {
        if (!_byCompleter.TryGetValue(completer, out SortedSet<int>? planIndices))
            _byCompleter.Add(completer, planIndices = []);
        if (planIndices.Add(planIndex))
            Count++;
    }

    /// <summary>Takes a trial out, if it is there.</summary>
    public void Remove(WorkerId completer, int planIndex)
    {
        if (!_byCompleter.TryGetValue(completer, out SortedSet<int>? planIndices) || !planIndices.Remove(planIndex))
            return;
        Count--;
        if (planIndices.Count == 0)
            _byCompleter.Remove(completer);
    }
}
