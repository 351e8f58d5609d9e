namespace Rouser.Coordination;

/// <summary>The checks that wait, by who completed the trial: that worker is no witness of its own work.</summary>
internal sealed class WaitingChecks
{
    private readonly Dictionary<WorkerId, SortedSet<int>> _byCompleter = [];

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>The place of the first one that this worker may take, or null.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="mayTake">Whether it can train the trial at that place.</param>
    public int? First(WorkerId worker, Func<int, bool> mayTake)
    {
        int? first = null;
        foreach ((WorkerId completer, SortedSet<int> places) in _byCompleter)
        {
            if (completer == worker)
                continue;
            foreach (int place in places)
            {
                if (first <= place)
                    break;
                if (!mayTake(place))
                    continue;
                first = place;
                break;
            }
        }
        return first;
    }

    /// <summary>All places, in order.</summary>
    public int[] All() => [.. _byCompleter.Values.SelectMany(places => places).Order()];

    /// <summary>Puts a place in.</summary>
    public void Add(WorkerId completer, int place)
    {
        if (!_byCompleter.TryGetValue(completer, out SortedSet<int>? places))
            _byCompleter.Add(completer, places = []);
        if (places.Add(place))
            Count++;
    }

    /// <summary>Takes a place out, if it is there.</summary>
    public void Remove(WorkerId completer, int place)
    {
        if (!_byCompleter.TryGetValue(completer, out SortedSet<int>? places) || !places.Remove(place))
            return;
        Count--;
        if (places.Count == 0)
            _byCompleter.Remove(completer);
    }
}
