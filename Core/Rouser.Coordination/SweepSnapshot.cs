using System.Text.Json.Serialization;
using Rouser.Sweeps;

namespace Rouser.Coordination;

/// <summary>Where everything stands after a number of events, so that they need not be replayed.</summary>
/// <param name="Through">The number of the last event in it.</param>
/// <param name="Summary">Its sums.</param>
/// <param name="Trials">Every trial that any event names.</param>
public sealed record SweepSnapshot(long Through, SweepSummary Summary, IReadOnlyList<TrialSnapshot> Trials);

/// <summary>What changed since the last one.</summary>
/// <param name="Summary">The sums now.</param>
/// <param name="Trials">The trials touched, as they are now. Each replaces what was kept of it.</param>
public sealed record SnapshotDelta(SweepSummary Summary, IReadOnlyList<TrialSnapshot> Trials);

/// <summary>A sweep in sums.</summary>
/// <param name="At">When the last event happened.</param>
/// <param name="Trials">How many trials are in each state.</param>
/// <param name="EpochsRecorded">Epochs that are recorded.</param>
/// <param name="EpochsPlanned">Epochs of the plan.</param>
/// <param name="IsPaused">Whether nothing is assigned, at the user's wish.</param>
/// <param name="Revision">Of which of the run's plans these are the sums, <see cref="Plan.Revision"/>. Not written
/// for the first one, so that an older program reads a run that has not grown.</param>
/// <param name="Reused">How many of the completed trials were taken from a results store. Not written if none
/// was.</param>
/// <param name="Annotation">What users wrote to the sweep. Not written where nobody did.</param>
/// <param name="Priorities">Of the studies whose priority a user has changed, by their names. Not written where nobody
/// did.</param>
public sealed record SweepSummary(
    DateTimeOffset At,
    IReadOnlyDictionary<TrialState, int> Trials,
    long EpochsRecorded,
    long EpochsPlanned,
    bool IsPaused,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Revision = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Reused = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Annotation? Annotation = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] IReadOnlyDictionary<string, int>? Priorities = null
)
{
    /// <summary>Trials that have not ended.</summary>
    [JsonIgnore]
    public int Left => Trials.Where(t => t.Key.IsLeft()).Sum(t => t.Value);

    /// <summary>Trials that have ended, with a result or without.</summary>
    [JsonIgnore]
    public int Ended => Trials.Where(t => t.Key.HasEnded()).Sum(t => t.Value);

    /// <summary>Trials that have ended without the result that the sweep asks for.</summary>
    [JsonIgnore]
    public int WithoutResult => Trials.Where(t => t.Key.EndedWithoutResult()).Sum(t => t.Value);
}

/// <summary>
/// What the journal tells of one trial, but for its epochs' metrics: the fields of <see cref="TrialStatus"/>.
/// </summary>
/// <remarks>
/// Those from the marks of epochs to the alarm are null in snapshots of before schema 3 of the journal. What users wrote
/// is not written where nobody did.
/// </remarks>
public sealed record TrialSnapshot(
    TrialId Trial,
    TrialState State,
    DateTimeOffset Since,
    IReadOnlyList<WorkerId> Workers,
    int EpochsRecorded,
    EpochScore? LastScore,
    [property: JsonPropertyName("failures")] int FailedAttempts,
    [property: JsonPropertyName("losses")] int LostAttempts,
    string? Reason,
    string? EpochMarks = null,
    uint? ResultMark = null,
    TrialCheck? Check = null,
    string? Alarm = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Annotation? Annotation = null
);

/// <summary>How good a trial was after an epoch; shares are from 0 to 1.</summary>
[method: JsonConstructor]
public readonly record struct EpochScore(double TrainLoss, double TrainAccuracy, double TestAccuracy);
