namespace Rouser.Coordination;

/// <summary>
/// The trials that wait, by their place in an order. A binary indexed tree (Fenwick 1994) over the indices, so that
/// the first one, the number before a given one, and every change cost O(log n): a trial that returns goes back to
/// its place, not to the end.
/// </summary>
internal sealed class TrialQueue
{
    // _sums[i] counts the waiting places in (i − lowbit(i), i], places from 1.
    private readonly int[] _sums;
    private readonly bool[] _waits;
    private readonly int _highestBit;

    /// <summary>An empty queue with room for places 0 to <paramref name="places"/> − 1.</summary>
    public TrialQueue(int places)
    {
        _sums = new int[places + 1];
        _waits = new bool[places];
        _highestBit = places == 0 ? 0 : 1 << int.Log2(places);
    }

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>The place of the first trial that waits, or null.</summary>
    public int? First
    {
        get
        {
            if (Count == 0)
                return null;
            // Descends to the last place that has nothing waiting up to and including it; the next one is the first
            // that waits.
            int place = 0;
            for (int bit = _highestBit; bit > 0; bit >>= 1)
            {
                if (place + bit < _sums.Length && _sums[place + bit] == 0)
                    place += bit;
            }
            return place;
        }
    }

    /// <summary>The places of the trials that wait, ascending.</summary>
    public IEnumerable<int> InOrder() =>
        First is int first ? Enumerable.Range(first, _waits.Length - first).Where(place => _waits[place]) : [];

    /// <summary>Whether a trial waits.</summary>
    public bool Contains(int place) => _waits[place];

    /// <summary>Puts a trial in; it must not be there.</summary>
    public void Add(int place) => Change(place, true);

    /// <summary>Takes a trial out; it must be there.</summary>
    public void Remove(int place) => Change(place, false);

    /// <summary>How many wait before this trial.</summary>
    public int CountBefore(int place)
    {
        int count = 0;
        for (int i = place; i > 0; i -= i & -i)
            count += _sums[i];
        return count;
    }

    private void Change(int place, bool waits)
    {
        if (_waits[place] == waits)
            throw new InvalidOperationException($"Place {place} {(waits ? "already waits" : "does not wait")}.");
        _waits[place] = waits;
        int change = waits ? 1 : -1;
        Count += change;
        for (int i = place + 1; i < _sums.Length; i += i & -i)
            _sums[i] += change;
    }
}
