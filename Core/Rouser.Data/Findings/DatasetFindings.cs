using System.Globalization;
using Rouser.Data.Formats;

namespace Rouser.Data.Findings;

/// <summary>
/// What was seen of a data set's recordings: the one place where every reader's data is held against what data should
/// look like. <c>plan</c>, <c>run</c>, <c>data inspect</c> and the report show <see cref="Lines"/> and
/// <see cref="Warnings"/>; a set with a <see cref="Refusal"/> is not trained on.
/// </summary>
/// <param name="ClassNames">The classes in their order.</param>
/// <param name="Train">The training half.</param>
/// <param name="Test">The test half.</param>
/// <param name="WindowMicroseconds">What T steps cover, µs; 0 where a step is a number of events.</param>
/// <param name="AssumedUnit">Whether the files do not say the unit of their times, so that <c>dataset.time_unit</c>
/// does.</param>
/// <param name="StartsAsRecorded">Whether times are counted from where the files count them.</param>
/// <param name="Shared">Test samples with the same events as a training sample.</param>
/// <param name="FirstShared">The first of them and the training sample.</param>
/// <param name="Remarks">What was assumed or passed over, each as one sentence.</param>
public sealed record DatasetFindings(
    IReadOnlyList<string> ClassNames,
    SplitFindings Train,
    SplitFindings Test,
    double WindowMicroseconds,
    bool AssumedUnit,
    bool StartsAsRecorded,
    int Shared,
    string? FirstShared,
    IReadOnlyList<string> Remarks
)
{
    /// <summary>
    /// Beyond these shares a set is refused: samples without a spike, samples squeezed into one step or a fiftieth of
    /// them, test samples that are training samples.
    /// </summary>
    public const double MaxSilent = 0.5,
        MaxSqueezed = 0.5,
        MaxShared = 0.01;

    /// <summary>
    /// Below the first share of events inside the window a set is refused, below the second it is warned of.
    /// </summary>
    public const double MinInside = 0.01,
        FewInside = 0.1;

    private const int MaxClassesShown = 12;

    /// <summary>Sums up a set.</summary>
    /// <param name="classNames">The classes in their order.</param>
    /// <param name="train">The training samples.</param>
    /// <param name="test">The test samples.</param>
    /// <param name="binning">How they were binned.</param>
    public static DatasetFindings Of(
        IReadOnlyList<string> classNames,
        IReadOnlyList<CheckedSample> train,
        IReadOnlyList<CheckedSample> test,
        in EventBinning binning
    )
    {
        Dictionary<UInt128, string> trained = [];
        foreach (CheckedSample sample in train)
        {
            if (sample.Check.Events > 0)
                trained.TryAdd(sample.Check.Content, sample.Place);
        }
        int shared = 0;
        string? first = null;
        foreach (CheckedSample sample in test)
        {
            if (!trained.TryGetValue(sample.Check.Content, out string? place))
                continue;
            shared++;
            first ??= $"{sample.Place} repeats {place}";
        }
        return new(
            classNames,
            SplitFindings.Of(train, classNames.Count),
            SplitFindings.Of(test, classNames.Count),
            binning.Options.EventsPerStep > 0 ? 0 : binning.Steps * binning.StepMilliseconds * 1000,
            AssumedUnit: false,
            StartsAsRecorded: false,
            shared,
            first,
            []
        );
    }

    /// <summary>Why the set is not trained on, with the remedy; null if it may be.</summary>
    /// <param name="place">The set's folder.</param>
    public UserError? Refusal(string place)
    {
        if (Train.PerClass.Count(n => n > 0) == 1 && Train.Samples > 1)
            return new UserError(
                place,
                $"has training samples of one class only, {Names(c => Train.PerClass[c] > 0)}; a set to learn from has "
                    + $"two classes or more"
            );
        if (
            Train.Samples > 0
            && Test.Samples > 0
            && !Enumerable.Range(0, ClassNames.Count).Any(c => Train.PerClass[c] > 0 && Test.PerClass[c] > 0)
        )
            return new UserError(
                place,
                $"trains on {Names(c => Train.PerClass[c] > 0)} and tests on {Names(c => Test.PerClass[c] > 0)}, no class "
                    + $"of which is trained; name the folders of a class alike"
            );
        foreach ((string half, SplitFindings split) in Halves())
        {
            if (WindowMicroseconds > 0 && split.Events > 0 && split.ShareInside < MinInside)
            {
                return new UserError(
                    place,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"has {Percent(split.ShareInside)} of its {half} events inside the {Time(WindowMicroseconds)} of dataset.steps × step_ms: "
                            + $"recordings start at {Time(split.MedianStart)} and last {Time(split.MedianSpan)} (medians); {WindowRemedy(split)}"
                    )
                );
            }
            if (split.Squeezed > MaxSqueezed * split.Samples)
            {
                return new UserError(
                    place,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"has {split.Squeezed:N0} of {split.Samples:N0} {half} samples whose events all lie in one step or a fiftieth of the steps, "
                            + $"{split.FirstSqueezed} first; recordings last {Time(split.MedianSpan)} "
                            + $"(median){(WindowMicroseconds > 0 ? $", dataset.steps × step_ms cover {Time(WindowMicroseconds)}" : "")}; "
                            + $"{SqueezedRemedy(split)}"
                    )
                );
            }
            if (split.Silent > MaxSilent * split.Samples)
                return new UserError(
                    place,
                    $"has {split.Silent:N0} of {split.Samples:N0} {half} samples without a spike, {split.FirstSilent} "
                        + $"first; check dataset.crop, min_events and the sensor's size, and remove empty recordings"
                );
        }
        if (Shared > MaxShared * Test.Samples)
            return new UserError(
                place,
                $"has {Shared:N0} of {Test.Samples:N0} test samples that are training samples too, by content "
                    + $"({FirstShared}); take them out of one half"
            );
        return null;
    }

    /// <summary>What a reader should know before believing a number, each as one sentence.</summary>
    public IReadOnlyList<string> Warnings()
    {
        List<string> warnings = [];
        if (Lacking(Train) is { Length: > 0 } untrained)
            warnings.Add($"no training sample of class {untrained}: it cannot be learned");
        if (Lacking(Test) is { Length: > 0 } untested)
            warnings.Add($"no test sample of class {untested}: nothing is known of it");
        foreach ((string half, SplitFindings split) in Halves())
        {
            if (split.Silent > 0)
                warnings.Add(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{split.Silent:N0} of {split.Samples:N0} {half} samples without a spike, {split.FirstSilent} first"
                    )
                );
            if (split.Squeezed > 0)
                warnings.Add(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{split.Squeezed:N0} of {split.Samples:N0} {half} samples with all events in one step or a fiftieth "
                            + $"of the steps, {split.FirstSqueezed} first"
                    )
                );
            if (WindowMicroseconds > 0 && split.ShareInside < FewInside)
                warnings.Add(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Percent(split.ShareInside)} of the {half} events lie inside the {Time(WindowMicroseconds)} that "
                            + $"dataset.steps × step_ms cover; the rest is not seen"
                    )
                );
            if (split.Repeated > 0)
            {
                string others =
                    split.RepeatedUnderOtherClass > 0
                        ? string.Create(
                            CultureInfo.InvariantCulture,
                            $", {split.RepeatedUnderOtherClass:N0} of them under another class"
                        )
                        : "";
                warnings.Add(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{split.Repeated:N0} {half} samples repeat another by content ({split.FirstRepeated}){others}"
                    )
                );
            }
        }
        if (Shared > 0)
            warnings.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Shared:N0} of {Test.Samples:N0} test samples are training samples too, by content ({FirstShared})"
                )
            );
        warnings.AddRange(Remarks);
        return warnings;
    }

    /// <summary>
    /// Counts and times, as <c>plan</c> and the report show them: the samples of each class, and what the recordings
    /// look like.
    /// </summary>
    public IReadOnlyList<string> Lines() => [ClassLine(), RecordingLine("train", Train), RecordingLine("test", Test)];

    private string ClassLine()
    {
        IEnumerable<string> shown = ClassNames
            .Take(MaxClassesShown)
            .Select(
                (name, c) => string.Create(CultureInfo.InvariantCulture, $"{name} {Train.PerClass[c]:N0} + {Test.PerClass[c]:N0}")
            );
        string rest =
            ClassNames.Count <= MaxClassesShown
                ? ""
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $", and {ClassNames.Count - MaxClassesShown:N0} more with {Train.PerClass.Skip(MaxClassesShown).Min():N0} to "
                        + $"{Train.PerClass.Skip(MaxClassesShown).Max():N0} + {Test.PerClass.Skip(MaxClassesShown).Min():N0} to "
                        + $"{Test.PerClass.Skip(MaxClassesShown).Max():N0}"
                );
        return $"classes (train + test): {string.Join(", ", shown)}{rest}";
    }

    private string RecordingLine(string half, SplitFindings split)
    {
        string inside =
            WindowMicroseconds > 0
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"; {Percent(split.ShareInside)} of {split.Events:N0} events inside the {Time(WindowMicroseconds)} window"
                )
                : string.Create(CultureInfo.InvariantCulture, $"; {split.Events:N0} events");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{half} recordings: {Time(split.ShortestSpan)} to {Time(split.LongestSpan)}, median {Time(split.MedianSpan)}{inside}; without a "
                + $"spike {split.Silent:N0}, all events in one step {split.InOneStep:N0}"
        );
    }

    private string WindowRemedy(SplitFindings split)
    {
        bool late = split.MedianStart > WindowMicroseconds || split.MedianStart < -split.MedianSpan;
        if (late && StartsAsRecorded)
            return "if times are the camera's own, set dataset.start: first_event"
                + (AssumedUnit ? "; if they are in another unit, dataset.time_unit" : "");
        return UnitAdvice(split) is { } unit
            ? $"if times are in {unit}, set dataset.time_unit: {unit}, else raise dataset.steps or step_ms"
            : "raise dataset.steps or step_ms";
    }

    private string SqueezedRemedy(SplitFindings split)
    {
        if (WindowMicroseconds == 0)
            return "lower dataset.events_per_step";
        return UnitAdvice(split) is { } unit
            ? $"if times are in {unit}, set dataset.time_unit: {unit}, else lower dataset.step_ms"
            : "lower dataset.step_ms";
    }

    /// <summary>
    /// The unit in which the recordings would fit the window best; null where the files say theirs, or µs fit best.
    /// </summary>
    private string? UnitAdvice(SplitFindings split)
    {
        if (!AssumedUnit)
            return null;
        double span = Math.Max(split.MedianSpan, 0.5);
        TimeUnit best = Enum.GetValues<TimeUnit>()
            .MinBy(unit =>
                Math.Max(span * unit.Microseconds() / WindowMicroseconds, WindowMicroseconds / (span * unit.Microseconds()))
            );
        return best == TimeUnit.Us ? null : best.SymbolOf();
    }

    private string Lacking(SplitFindings split) => Names(c => split.PerClass[c] == 0);

    private string Names(Func<int, bool> which)
    {
        string[] names = [.. ClassNames.Where((_, c) => which(c))];
        return string.Join(", ", names.Take(MaxClassesShown))
            + (names.Length > MaxClassesShown ? $" and {names.Length - MaxClassesShown} more" : "");
    }

    private IEnumerable<(string Half, SplitFindings Split)> Halves() => [("train", Train), ("test", Test)];

    private static string Percent(double share) =>
        share is > 0 and < 0.0001
            ? "less than 0.01 %"
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(share * 10_000) / 100:0.##} %");

    /// <summary>A time as a person says it: <c>300 ms</c>, <c>1.5 s</c>.</summary>
    private static string Time(double microseconds) =>
        Math.Abs(microseconds) switch
        {
            < 1000 => string.Create(CultureInfo.InvariantCulture, $"{microseconds:0.###} µs"),
            < 1e6 => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1e3:0.###} ms"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1e6:#,0.###} s"),
        };
}
