namespace Rouser.Data;

/// <summary>What the recordings of one half of a data set look like together.</summary>
/// <param name="PerClass">Samples of each class.</param>
/// <param name="Events">All events.</param>
/// <param name="EventsInside">Events inside the window of T steps.</param>
/// <param name="ShortestSpan">The shortest time from a first event to a last, µs.</param>
/// <param name="MedianSpan">The median of these times, µs.</param>
/// <param name="LongestSpan">The longest of these times, µs.</param>
/// <param name="MedianStart">The median time of a first event, µs.</param>
/// <param name="Silent">Samples without a spike.</param>
/// <param name="InOneStep">Samples of two events or more whose spikes all lie in one step.</param>
/// <param name="Squeezed">Samples of two events or more whose spikes all lie in one step, or within a fiftieth of the
/// steps.</param>
/// <param name="FirstSilent">The first sample without a spike; null if there is none.</param>
/// <param name="FirstSqueezed">The first sample that is squeezed; null if none is.</param>
/// <param name="Repeated">Samples with the same events as an earlier one of this half.</param>
/// <param name="FirstRepeated">The first of them and the one that it repeats.</param>
/// <param name="RepeatedUnderOtherClass">Those of them whose class is another one.</param>
public sealed record SplitFindings(
    IReadOnlyList<int> PerClass,
    long Events,
    long EventsInside,
    long ShortestSpan,
    long MedianSpan,
    long LongestSpan,
    long MedianStart,
    int Silent,
    int InOneStep,
    int Squeezed,
    string? FirstSilent,
    string? FirstSqueezed,
    int Repeated,
    string? FirstRepeated,
    int RepeatedUnderOtherClass
)
{
    /// <summary>A recording that uses no more than this share of the steps is squeezed.</summary>
    private const int SqueezedInto = 50;

    /// <summary>The samples.</summary>
    public int Samples => PerClass.Sum();

    /// <summary>The share of events inside the window; 1 without events.</summary>
    public double ShareInside => Events == 0 ? 1 : (double)EventsInside / Events;

    /// <summary>Sums up the samples of a half.</summary>
    public static SplitFindings Of(IReadOnlyList<CheckedSample> samples, int classCount)
    {
        int[] perClass = new int[classCount];
        (int silent, int oneStep, int squeezed, int repeated, int otherClass) = (0, 0, 0, 0, 0);
        string? firstSilent = null,
            firstSqueezed = null,
            firstRepeated = null;
        Dictionary<UInt128, int> seen = new(samples.Count);
        for (int i = 0; i < samples.Count; i++)
        {
            ((SpikeRaster raster, int label), RecordingCheck check, string place) = samples[i];
            perClass[label]++;
            if (check.Spikes == 0)
            {
                silent++;
                firstSilent ??= place;
            }
            else if (check.Events > 1 && raster.StepCount > 1)
            {
                if (check.UsedSteps == 1)
                    oneStep++;
                if (check.UsedSteps <= Math.Max(1, raster.StepCount / SqueezedInto))
                {
                    squeezed++;
                    firstSqueezed ??= place;
                }
            }
            if (check.Events == 0 || seen.TryAdd(check.Content, i))
                continue;
            CheckedSample earlier = samples[seen[check.Content]];
            repeated++;
            firstRepeated ??= $"{place} repeats {earlier.Place}";
            if (earlier.Sample.Label != label)
                otherClass++;
        }
        long[] spans = [.. samples.Where(s => s.Check.Events > 0).Select(s => s.Check.Span).Order()],
            starts = [.. samples.Where(s => s.Check.Events > 0).Select(s => s.Check.First).Order()];
        return new(
            perClass,
            samples.Sum(s => s.Check.Events),
            samples.Sum(s => s.Check.EventsInside),
            spans.FirstOrDefault(),
            spans.ElementAtOrDefault(spans.Length / 2),
            spans.LastOrDefault(),
            starts.ElementAtOrDefault(starts.Length / 2),
            silent,
            oneStep,
            squeezed,
            firstSilent,
            firstSqueezed,
            repeated,
            firstRepeated,
            otherClass
        );
    }
}
