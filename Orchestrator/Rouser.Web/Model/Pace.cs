namespace Rouser.Web.Model;

/// <summary>
/// How many epochs a minute are recorded, over the last minutes: what was done on another machine or before a night's
/// break says nothing about the time left.
/// </summary>
internal sealed class Pace
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10),
        Step = TimeSpan.FromSeconds(2),
        Shortest = TimeSpan.FromSeconds(1);

    private readonly Queue<(DateTimeOffset At, long Epochs)> _marks = new();
    private (DateTimeOffset At, long Epochs) _last;

    /// <summary>Takes note of the epochs that are recorded by now.</summary>
    public void Record(DateTimeOffset at, long epochs)
    {
        if (at < _last.At)
            return;
        if (_marks.Count == 0 || at - _last.At >= Step)
        {
            // Silence of a whole window ends an estimate; the next begins here.
            if (at - _last.At > Window)
                _marks.Clear();
            _marks.Enqueue((at, epochs));
            _last = (at, epochs);
        }
        while (_marks.Count > 1 && at - _marks.Peek().At > Window)
            _marks.Dequeue();
    }

    /// <summary>Begins anew: a pause says nothing about what comes after it.</summary>
    public void Forget() => _marks.Clear();

    /// <summary>Epochs a minute by now; null while too little is known.</summary>
    public double? PerMinute(DateTimeOffset now, long epochs)
    {
        if (_marks.Count == 0)
            return null;
        (DateTimeOffset since, long before) = _marks.Peek();
        TimeSpan elapsed = now - since;
        return elapsed < Shortest || epochs <= before ? null : (epochs - before) / elapsed.TotalMinutes;
    }
}
