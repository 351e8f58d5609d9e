using System.Text.Json.Serialization;

namespace Rouser.Web.Model;

/// <summary>
/// What the page is told of a run: as a whole when it connects, and whenever it was too slow to follow; from then on
/// what has changed. Both are one type, so that the page has one way to take them in.
/// </summary>
/// <param name="Version">The number of the update; each says what has changed since the one before.</param>
/// <param name="At">When it was made, in milliseconds since 1970.</param>
/// <param name="Totals">The run in sums.</param>
/// <param name="Trials">All trials, or those that have changed.</param>
/// <param name="Workers">All workers; null if none has changed.</param>
/// <param name="Events">The last events, the newest last; of a change those that are new.</param>
internal sealed record RunUpdate(
    long Version,
    long At,
    RunTotals Totals,
    IReadOnlyList<TrialRow> Trials,
    IReadOnlyList<WorkerRow>? Workers,
    IReadOnlyList<EventRow> Events
);

/// <summary>A run in sums.</summary>
/// <param name="States">How many trials are in each state, by its word.</param>
/// <param name="Reused">Of the completed ones, how many came from a results store.</param>
/// <param name="EpochsDone">Epochs that are recorded.</param>
/// <param name="EpochsTotal">Epochs that will have been recorded when every trial has ended, as far as one can
/// know.</param>
/// <param name="IsLive">Whether this process trains or serves the run; else it reads what others write.</param>
/// <param name="IsReading">Whether there are older events than the page has been told of: a long journal is still
/// read.</param>
/// <param name="IsPaused">Whether nothing is handed out, at the user's wish.</param>
/// <param name="IsDraining">Whether the orchestrator is about to end.</param>
/// <param name="IsFinished">Whether every trial has ended.</param>
/// <param name="EpochsPerMinute">Over the last minutes; null while too little is known.</param>
/// <param name="SecondsLeft">By that pace; null where it is not known.</param>
/// <param name="StartedAt">The first event, in milliseconds since 1970; null before it.</param>
/// <param name="LastAt">The last event; null before it.</param>
/// <param name="Results">Changes whenever a trial gains or loses its result, so that the page knows when numbers made
/// of results are others.</param>
/// <param name="Note">What users wrote to the sweep; null if nobody did.</param>
/// <param name="Tags">Its tags; null if it has none.</param>
/// <param name="Priorities">Of the studies, in the plan's order of them, if there are several.</param>
internal sealed record RunTotals(
    IReadOnlyDictionary<string, int> States,
    int Reused,
    long EpochsDone,
    long EpochsTotal,
    bool IsLive,
    bool IsReading,
    bool IsPaused,
    bool IsDraining,
    bool IsFinished,
    double? EpochsPerMinute,
    double? SecondsLeft,
    long? StartedAt,
    long? LastAt,
    long Results,
    string? Note,
    IReadOnlyList<string>? Tags,
    IReadOnlyList<int>? Priorities
);

/// <summary>A trial as a row of the table. Names are short, because there may be thousands of them.</summary>
/// <param name="Index">Its index in the plan.</param>
/// <param name="State">Its state's word.</param>
/// <param name="Epoch">Epochs recorded.</param>
/// <param name="Since">When it got into the state, in milliseconds since 1970; null if it was never touched.</param>
/// <param name="Metric">The sweep's metric in the epoch that it selects, of the epochs so far.</param>
/// <param name="TestAccuracy">After the last epoch recorded.</param>
/// <param name="TrainLoss">Of the last epoch recorded.</param>
/// <param name="Reason">Why it has no result, or none yet after an attempt that ended.</param>
/// <param name="Share">How much of the epoch in work is done, from 0 to 1; null where that is not known.</param>
/// <param name="Alarm">What was told of it twice with different numbers.</param>
/// <param name="Tags">Those that users put to it; null if there are none.</param>
/// <param name="Note">What users wrote to it; null if nobody did.</param>
internal sealed record TrialRow(
    [property: JsonPropertyName("i")] int Index,
    [property: JsonPropertyName("s")] string State,
    [property: JsonPropertyName("a"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Attempt,
    [property: JsonPropertyName("e"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Epoch,
    [property: JsonPropertyName("w")] string? Worker,
    [property: JsonPropertyName("t")] long? Since,
    [property: JsonPropertyName("m")] double? Metric,
    [property: JsonPropertyName("x")] double? TestAccuracy,
    [property: JsonPropertyName("l")] double? TrainLoss,
    [property: JsonPropertyName("r")] string? Reason,
    [property: JsonPropertyName("p")] double? Share,
    [property: JsonPropertyName("y")] string? Alarm,
    [property: JsonPropertyName("g")] IReadOnlyList<string>? Tags,
    [property: JsonPropertyName("n")] string? Note
);

/// <summary>A worker, as far as the run knows it.</summary>
/// <param name="Slots">Trials at a time; null if it is not here now, or if this process does not know.</param>
/// <param name="HeardAt">When it was last heard of, or last did anything, in milliseconds since 1970.</param>
/// <param name="IsHere">Whether it is here now; null where only the journal is read, which does not say.</param>
/// <param name="IsSilent">Whether it is here and has said nothing for so long that its lease may end.</param>
/// <param name="Running">The plan indices of the trials that it holds.</param>
/// <param name="Epochs">Epochs that it reported.</param>
/// <param name="Completed">Trials that it completed.</param>
/// <param name="Failed">Attempts of its that failed.</param>
/// <param name="Lost">Attempts that were lost with it.</param>
/// <param name="EpochsPerMinute">Over the last minutes; null while too little is known.</param>
internal sealed record WorkerRow(
    string Name,
    int? Slots,
    long HeardAt,
    bool? IsHere,
    bool IsSilent,
    IReadOnlyList<int> Running,
    long Epochs,
    int Completed,
    int Failed,
    int Lost,
    double? EpochsPerMinute
);

/// <summary>A line of the last events.</summary>
/// <param name="At">In milliseconds since 1970.</param>
/// <param name="Kind">A word: <c>info</c>, <c>done</c>, <c>warn</c>, <c>alarm</c> or <c>user</c>.</param>
/// <param name="Trial">The plan index of the trial that it is about; null for none.</param>
/// <param name="Text">In words for the user.</param>
internal sealed record EventRow(long At, string Kind, int? Trial, string Text);
