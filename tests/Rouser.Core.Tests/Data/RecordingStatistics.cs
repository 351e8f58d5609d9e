using Rouser.Core.Data;

namespace Rouser.Core.Tests.Data;

/// <summary>What the recordings of a set have in common: number of events, when and where they fall, and their polarity.</summary>
internal sealed class RecordingStatistics
{
    private readonly List<int> _counts = [];
    private readonly long[] _perMillisecond = new long[400];
    private long _events, _on;
    private double _varianceX, _varianceY;

    public double MeanCount => _counts.Average();

    public double CountDeviation => Math.Sqrt(_counts.Average(c => (c - MeanCount) * (c - MeanCount)));

    public int LeastCount => _counts.Min();

    public int MostCount => _counts.Max();

    public double OnShare => (double)_on / _events;

    /// <summary>The standard deviation of x within a recording, pixels, over all recordings.</summary>
    public double SpreadX => Math.Sqrt(_varianceX / _counts.Count);

    public double SpreadY => Math.Sqrt(_varianceY / _counts.Count);

    public double ShareBetween(int fromMs, int toMs) => (double)_perMillisecond[fromMs..toMs].Sum() / _events;

    public double ShareOfSaccade(int saccade) => ShareBetween(105 * saccade, 105 * (saccade + 1));

    public void Add(IReadOnlyList<SensorEvent> events)
    {
        _counts.Add(events.Count);
        _events += events.Count;
        foreach (SensorEvent e in events)
        {
            _perMillisecond[e.Microseconds / 1000]++;
            if (e.On) _on++;
        }
        double x = events.Average(e => e.X), y = events.Average(e => e.Y);
        _varianceX += events.Average(e => (e.X - x) * (e.X - x));
        _varianceY += events.Average(e => (e.Y - y) * (e.Y - y));
    }
}
