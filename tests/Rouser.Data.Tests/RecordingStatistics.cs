using System.Globalization;
using Rouser.Data.Recordings;

namespace Rouser.Data.Tests;

/// <summary>
/// What the recordings of a set have in common: number of events, when and where they fall, and their polarity.
/// </summary>
internal sealed class RecordingStatistics
{
    private readonly List<int> _counts = [];
    private readonly long[] _perMillisecond = new long[400],
        _perPixel = new long[34 * 34];
    private long _events,
        _on;
    private double _varianceX,
        _varianceY;

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

    /// <summary>
    /// Half the sum of |difference| of two histograms over time in 10 ms bins: 0 if they are equal, 1 if they share
    /// nothing.
    /// </summary>
    public double TimeDistanceTo(RecordingStatistics other) =>
        Enumerable.Range(0, 32).Sum(i => Math.Abs(ShareBetween(10 * i, 10 * (i + 1)) - other.ShareBetween(10 * i, 10 * (i + 1))))
        / 2;

    /// <summary>The same for where the events fall on the sensor, over pixels.</summary>
    public double PlaceDistanceTo(RecordingStatistics other) =>
        _perPixel.Zip(other._perPixel).Sum(p => Math.Abs(((double)p.First / _events) - ((double)p.Second / other._events))) / 2;

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{MeanCount:F0} ± {CountDeviation:F0} events ({LeastCount} to {MostCount}), {OnShare:P1} ON, "
                + $"saccades {ShareOfSaccade(0):P1} {ShareOfSaccade(1):P1} {ShareOfSaccade(2):P1}, spread {SpreadX:F2} × {SpreadY:F2} px"
        );

    public void Add(SensorEvent[] events)
    {
        _counts.Add(events.Length);
        _events += events.Length;
        foreach (SensorEvent e in events)
        {
            _perMillisecond[e.Microseconds / 1000]++;
            _perPixel[(34 * e.Y) + e.X]++;
            if (e.On)
                _on++;
        }
        double x = events.Average(e => e.X),
            y = events.Average(e => e.Y);
        _varianceX += events.Average(e => (e.X - x) * (e.X - x));
        _varianceY += events.Average(e => (e.Y - y) * (e.Y - y));
    }
}
