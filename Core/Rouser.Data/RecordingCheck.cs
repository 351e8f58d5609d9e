using Rouser.Data.Recordings;
using Rouser.Data.Splits;

namespace Rouser.Data;

/// <summary>
/// What a recording looked like before it became a raster, so that times in another unit, or counted from elsewhere,
/// do not pass for data.
/// </summary>
/// <param name="EventsInside">Those of them that lie in the window of T steps; those on a cropped margin do not count
/// as inside.</param>
/// <param name="First">The earliest time, µs; 0 without events.</param>
/// <param name="Last">The latest time, µs; 0 without events.</param>
/// <param name="Spikes">The spikes of its raster.</param>
/// <param name="UsedSteps">The steps from the first with a spike to the last with one.</param>
/// <param name="Content">A number that is the same for the same events, in whatever order and counted from whatever
/// start, and, for all that matters, for no others.</param>
public readonly record struct RecordingCheck(
    long Events,
    long EventsInside,
    long First,
    long Last,
    int Spikes,
    int UsedSteps,
    UInt128 Content
)
{
    /// <summary>From its first event to its last, µs.</summary>
    public long Span => Last - First;

    /// <summary>Looks at a recording.</summary>
    /// <param name="events">Its events, in any order.</param>
    /// <param name="binned">What they became.</param>
    public static RecordingCheck Of(ReadOnlySpan<SensorEvent> events, in BinnedEvents binned)
    {
        (long first, long last) = events.IsEmpty ? (0L, 0L) : (long.MaxValue, long.MinValue);
        foreach (ref readonly SensorEvent e in events)
        {
            first = Math.Min(first, e.Microseconds);
            last = Math.Max(last, e.Microseconds);
        }
        SpikeRaster raster = binned.Raster;
        ReadOnlySpan<int> offsets = raster.StepOffsets;
        int from = 0,
            to = raster.StepCount;
        while (from < to && offsets[from + 1] == 0)
            from++;
        while (to > from && offsets[to - 1] == raster.SpikeCount)
            to--;
        return new(
            events.Length,
            events.Length - binned.Dropped,
            first,
            last,
            raster.SpikeCount,
            to - from,
            ContentOf(events, events.Length > 1 ? first : 0)
        );
    }

    /// <summary>
    /// A sum over the events, each mixed to 128 bits, with times from the first of them: a recording that another
    /// program sorted anew, or counted from another start, is the same recording. Nobody makes recordings that collide,
    /// and a cryptographic hash would take a third of the time that a set takes to be read.
    /// </summary>
    private static UInt128 ContentOf(ReadOnlySpan<SensorEvent> events, long first)
    {
        (ulong upper, ulong lower) = (0, 0);
        foreach (ref readonly SensorEvent e in events)
        {
            ulong place = ((ulong)e.X << 17) | ((ulong)e.Y << 1) | (e.On ? 1ul : 0),
                mixed = Mix(Mix((ulong)(e.Microseconds - first)) + place);
            upper += mixed;
            lower += Mix(mixed);
        }
        return new UInt128(upper, lower);
    }

    /// <summary>The mixing function of SplitMix64 (Steele, Lea and Flood 2014), after a step of its counter.</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}

/// <summary>A sample with what its recording looked like, and where it is from.</summary>
/// <param name="Check">What its recording looked like.</param>
/// <param name="Place">The recording, as a user knows it: <c>Train/3/00012.bin</c>.</param>
public readonly record struct CheckedSample(Sample Sample, RecordingCheck Check, string Place)
{
    /// <summary>The recording, where it holds other samples too; null where it is <see cref="Place"/> itself.</summary>
    public string? Recording { get; init; }

    /// <summary>The subject or speaker; empty where the set knows none.</summary>
    public string Group { get; init; } = "";

    /// <summary>Where it is from.</summary>
    public SampleOrigin Origin => new(Recording ?? Place, Group ?? "");

    /// <summary>Bins a recording and looks at it.</summary>
    public static CheckedSample Of(ReadOnlySpan<SensorEvent> events, in EventBinning binning, int label, string place)
    {
        BinnedEvents binned = binning.Bin(events);
        return new(new Sample(binned.Raster, label), RecordingCheck.Of(events, binned), place);
    }
}
