namespace Rouser.Sweeps.Pruners;

/// <summary>
/// Values split into the best ones and the others, so that adding one, and asking whether one is among the best,
/// costs O(log n).
/// </summary>
/// <param name="quota">How many of n values are the best ones; grows by at most one with n.</param>
internal sealed class Ranking(Func<int, int> quota)
{
    // The running number keeps equal values apart.
    private readonly SortedSet<(double Value, int Number)> _best = [],
        _others = [];

    /// <summary>How many values there are.</summary>
    public int Count => _best.Count + _others.Count;

    /// <summary>The least of the best.</summary>
    public double Bar => _best.Min.Value;

    /// <summary>Adds a value.</summary>
    public void Add(double value)
    {
        (_best.Count > 0 && value > Bar ? _best : _others).Add((value, Count));
        int most = quota(Count);
        if (_best.Count > most)
            Move(_best, _others, _best.Min);
        else if (_best.Count < most)
            Move(_others, _best, _others.Max);
    }

    private static void Move(SortedSet<(double, int)> from, SortedSet<(double, int)> to, (double, int) item)
    {
        from.Remove(item);
        to.Add(item);
    }
}
