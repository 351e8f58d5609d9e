using System.Text.Json.Serialization;
using Rouser.Coordination;
using Rouser.Sweeps;

namespace Rouser.Cluster.Serving;

/// <summary>How a sweep stands, for who looks on from elsewhere (<c>rouser status --join</c>, <c>rouser watch</c>).</summary>
/// <param name="Sweep">Its name.</param>
/// <param name="Standing">running, paused, finished or stopped.</param>
/// <param name="ElapsedSeconds">Since this orchestrator serves it.</param>
/// <param name="Trials">By state.</param>
/// <param name="Reused">How many of the completed ones were taken from a results store.</param>
/// <param name="EpochsRecorded">Epochs that are durable.</param>
/// <param name="EpochsPlanned">Epochs of the plan.</param>
/// <param name="EpochsExpected">Those that are recorded, and those that may still be trained.</param>
/// <param name="Workers">That are there.</param>
/// <param name="Running">Trials in work, in the order of the plan, the first <see cref="MostRunning"/> of them.</param>
/// <param name="Unfinished">Trials without a result, the first <see cref="MostUnfinished"/>; null if they were not asked
/// for.</param>
public sealed record SweepStatus(
    string Sweep,
    string Standing,
    double ElapsedSeconds,
    IReadOnlyDictionary<string, int> Trials,
    int Reused,
    long EpochsRecorded,
    long EpochsPlanned,
    long EpochsExpected,
    IReadOnlyList<PresentWorker> Workers,
    IReadOnlyList<TrialInWork> Running,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<TrialWithoutResult>? Unfinished = null
)
{
    /// <summary>More trials in work are counted, and not listed.</summary>
    public const int MostRunning = 100;

    /// <summary>More trials without a result are counted, and not listed.</summary>
    public const int MostUnfinished = 10_000;

    /// <summary>The word for a sweep whose trials have all ended.</summary>
    public const string Finished = "finished";

    /// <summary>The word for a sweep whose orchestrator ends before its trials have.</summary>
    public const string Stopped = "stopped";

    /// <summary>The word for a sweep of which nothing is handed out.</summary>
    public const string Paused = "paused";

    /// <summary>Trials without a result that <see cref="Unfinished"/> does not list.</summary>
    public int Unlisted { get; init; }

    /// <summary>The note that users wrote to the sweep; empty where nobody did.</summary>
    public string Note { get; init; } = "";

    /// <summary>The tags of the sweep.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Of the studies whose priority a user has changed, by their names; null where nobody did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, int>? Priorities { get; init; }

    /// <summary>
    /// The first <see cref="MostUnfinished"/> trials that users wrote to, where each trial was asked for.
    /// </summary>
    public IReadOnlyList<TrialWrittenTo> Annotated { get; init; } = [];

    /// <summary>Whether there will be no other word of this orchestrator's.</summary>
    [JsonIgnore]
    public bool IsLast => Standing is Finished or Stopped;

    /// <summary>Whether all trials have ended, and any of them without the result that was asked for.</summary>
    [JsonIgnore]
    public bool LacksResults =>
        Trials.Any(t => t.Value > 0 && TrialStateNames.TryParse(t.Key, out TrialState state) && state.EndedWithoutResult());

    /// <summary>What no orchestrator can mean by it; null if there is nothing.</summary>
    public string? Fault() =>
        !Running
            .Select(t => t?.Trial)
            .Concat((Unfinished ?? []).Select(t => t?.Trial))
            .Concat(Annotated.Select(t => t?.Trial))
            .All(IsIdentity)
            ? "a trial's identity is 32 hex digits"
        : Running.DistinctBy(t => t.Trial).Count() < Running.Count ? "a trial is in work twice"
        : Workers.Any(w => w is null) ? "a worker is null"
        : Workers.Any(w => w.Slots < 0) || Workers.Sum(w => (long)w.Slots) > int.MaxValue ? "no workers have so many slots"
        : Trials.Values.Any(n => n < 0) || EpochsRecorded < 0 || EpochsPlanned < 0 || EpochsExpected < 0 || Unlisted < 0
            ? "a number is below 0"
        : Annotated.Any(t => t.Tags is null || t.Note is null || t.Tags.Contains(null!)) || Tags.Contains(null!) ? "a tag is null"
        : null;

    private static bool IsIdentity(string? id) => id is { Length: 32 } && id.All(char.IsAsciiHexDigitLower);

    /// <summary>What a state comes to.</summary>
    /// <param name="cells">The plan's first cell of each trial.</param>
    /// <param name="end">How serving ended; null if it has not.</param>
    /// <param name="eachTrial">Whether <see cref="Unfinished"/> is asked for.</param>
    public static SweepStatus Of(
        string sweep,
        IReadOnlyDictionary<TrialId, Cell> cells,
        CoordinatorState state,
        SweepEnd? end,
        DateTimeOffset now,
        TimeSpan elapsed,
        bool eachTrial
    )
    {
        SweepSummary sums = state.Summary;
        long expected = state
            .Trials.Where(t => t.State != TrialState.Deferred)
            .Sum(t => (long)(t.HasEnded ? t.EpochsRecorded : t.Planned.Settings.Epochs));
        return new(
            sweep,
            end is null
                ? state.IsPaused
                    ? Paused
                    : "running"
                : end.Finished
                    ? Finished
                    : Stopped,
            Math.Round(elapsed.TotalSeconds, 1),
            sums.Trials.ToDictionary(t => t.Key.ToName(), t => t.Value),
            sums.Reused,
            sums.EpochsRecorded,
            sums.EpochsPlanned,
            expected,
            [
                .. state
                    .Workers.OrderBy(w => w.Key.Value, StringComparer.Ordinal)
                    .Select(w => new PresentWorker(
                        w.Key.Value,
                        w.Value.Slots,
                        Math.Round(Math.Max(0, (now - w.Value.HeardAt).TotalSeconds), 1)
                    )),
            ],
            [
                .. state
                    .Trials.Where(t => t.State == TrialState.Running)
                    .Take(MostRunning)
                    .Select(t => TrialInWork.Of(t, cells[t.Planned.Id])),
            ],
            eachTrial
                ?
                [
                    .. state
                        .Trials.Where(LacksResult)
                        .Take(MostUnfinished)
                        .Select(t => TrialWithoutResult.Of(t, cells[t.Planned.Id], state.Why(t, now) ?? "")),
                ]
                : null
        )
        {
            Unlisted = eachTrial ? Math.Max(0, state.Trials.Count(LacksResult) - MostUnfinished) : 0,
            Note = sums.Annotation?.Note ?? "",
            Tags = sums.Annotation?.Tags ?? [],
            Priorities = sums.Priorities,
            Annotated =
            [
                .. state.Trials.Where(t => eachTrial && !t.Annotation.IsEmpty).Take(MostUnfinished).Select(TrialWrittenTo.Of),
            ],
        };

        static bool LacksResult(TrialStatus t) =>
            t.State is not (TrialState.Completed or TrialState.Deferred) || t.Alarm is not null;
    }
}

/// <summary>A trial that users wrote a note or tags to.</summary>
public sealed record TrialWrittenTo(string Trial, IReadOnlyList<string> Tags, string Note)
{
    /// <summary>What stands at a trial.</summary>
    public static TrialWrittenTo Of(TrialStatus trial) =>
        new(trial.Planned.Id.Value, trial.Annotation.Tags, trial.Annotation.Note);
}

/// <summary>A worker that has joined.</summary>
/// <param name="SilentSeconds">Since it was last heard of.</param>
public sealed record PresentWorker(string Name, int Slots, double SilentSeconds);

/// <summary>A trial in work.</summary>
/// <param name="Epoch">The epoch in work, from 1.</param>
/// <param name="TestAccuracy">After the last epoch; null before the first has ended.</param>
public sealed record TrialInWork(
    string Trial,
    string Study,
    string Arm,
    string Setting,
    long Seed,
    int Attempt,
    string Worker,
    int Epoch,
    int Epochs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? TestAccuracy = null
)
{
    internal static TrialInWork Of(TrialStatus trial, Cell cell) =>
        new(
            trial.Planned.Id.Value,
            cell.Study,
            cell.Arm,
            cell.Setting,
            cell.Seed,
            trial.Attempt,
            trial.Worker?.Value ?? "",
            Math.Min(trial.EpochsRecorded + 1, trial.Planned.Settings.Epochs),
            trial.Planned.Settings.Epochs,
            trial.LastScore?.TestAccuracy
        );
}

/// <summary>A trial without a result, or one on whose result two workers disagree, and why.</summary>
public sealed record TrialWithoutResult(
    string Trial,
    string Arm,
    string Setting,
    long Seed,
    string State,
    int Attempt,
    int EpochsRecorded,
    string Why
)
{
    /// <summary>Where a trial stands.</summary>
    public static TrialWithoutResult Of(TrialStatus trial, Cell cell, string why) =>
        new(
            trial.Planned.Id.Value,
            cell.Arm,
            cell.Setting,
            cell.Seed,
            trial.State.ToName(),
            trial.Attempt,
            trial.EpochsRecorded,
            why
        );
}
