using System.Text.Json.Serialization;
using Rouser.Coordination;
using Rouser.Sweeps;

namespace Rouser.Cluster.Serving;

/// <summary>What a user asks of a sweep in progress. It goes over the wire as it stands here.</summary>
[JsonPolymorphic(
    TypeDiscriminatorPropertyName = "kind",
    UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization
)]
[JsonDerivedType(typeof(Pause), "pause")]
[JsonDerivedType(typeof(Continue), "continue")]
[JsonDerivedType(typeof(Cancel), "cancel")]
[JsonDerivedType(typeof(Retry), "retry")]
[JsonDerivedType(typeof(RetryTrials), "retry_trials")]
[JsonDerivedType(typeof(DrainSweep), "drain")]
[JsonDerivedType(typeof(Annotate), "annotate")]
[JsonDerivedType(typeof(Prioritize), "prioritize")]
public abstract record ControlRequest
{
    private ControlRequest() { }

    /// <summary>What no user can mean by it; null if there is nothing.</summary>
    public virtual string? Fault() => null;

    /// <summary>Assign nothing more until told to continue; what runs, runs to its end.</summary>
    public sealed record Pause : ControlRequest;

    /// <summary>Assign again.</summary>
    public sealed record Continue : ControlRequest;

    /// <summary>Train no more: one trial, or those that only one arm wants, or all that have not ended.</summary>
    /// <param name="Trial">The start of a trial's identity; null for none.</param>
    /// <param name="Arm">An arm; null for none. Without a trial and an arm it is the whole sweep.</param>
    public sealed record Cancel(string? Trial, string? Arm) : ControlRequest
    {
        /// <inheritdoc/>
        public override string? Fault() => Trial is null || Arm is null ? null : "a trial or an arm, not both";
    }

    /// <summary>Train again, with their full number of retries, trials that have ended without a result.</summary>
    /// <param name="Failed">Those that failed.</param>
    /// <param name="Lost">Those that were lost.</param>
    /// <param name="Cancelled">Those that were cancelled.</param>
    public sealed record Retry(bool Failed, bool Lost, bool Cancelled) : ControlRequest
    {
        /// <summary>The states of the trials that are meant.</summary>
        [JsonIgnore]
        public IReadOnlyList<TrialState> States =>
            [
                .. Failed ? (TrialState[])[TrialState.Failed] : [],
                .. Lost ? (TrialState[])[TrialState.Lost] : [],
                .. Cancelled ? (TrialState[])[TrialState.Cancelled] : [],
            ];

        /// <inheritdoc/>
        public override string? Fault() => States.Count > 0 ? null : "failed, lost or cancelled trials, but none of them";
    }

    /// <summary>Train again, with their full number of retries, these trials if they have ended without a result.</summary>
    /// <param name="Trials">The starts of their identities.</param>
    public sealed record RetryTrials(IReadOnlyList<string> Trials) : ControlRequest
    {
        /// <inheritdoc/>
        public override string? Fault() => Trials is { Count: > 0 } && Trials.All(t => t is not null) ? null : "no trials";

        /// <inheritdoc/>
        public override string ToString() => $"RetryTrials {{ {string.Join(' ', Trials)} }}";
    }

    /// <summary>
    /// End the program, as its first signal does: nothing more is handed out, what is in work is handed back. Whoever
    /// hosts the sweep does that, not the sweep.
    /// </summary>
    public sealed record DrainSweep : ControlRequest;

    /// <summary>Write a note or tags to trials, or to the sweep as a whole.</summary>
    /// <param name="Trials">The starts of their identities; null for the sweep.</param>
    /// <param name="Note">The new note, empty to take it away; null to leave it as it is.</param>
    /// <param name="Added">Tags that are put to it.</param>
    /// <param name="Removed">Tags that are taken away.</param>
    public sealed record Annotate(
        IReadOnlyList<string>? Trials,
        string? Note,
        IReadOnlyList<string> Added,
        IReadOnlyList<string> Removed
    ) : ControlRequest
    {
        /// <summary>What changes.</summary>
        [JsonIgnore]
        public AnnotationChange Change => new(Note, Added, Removed);

        /// <inheritdoc/>
        public override string? Fault() =>
            Trials?.Any(t => t is null) == true || Trials?.Count == 0 ? "no trials" : Change.Fault();

        /// <inheritdoc/>
        public override string ToString() =>
            $"Annotate {{ {(Trials is null ? "the sweep" : string.Join(' ', Trials))}: {Note} "
            + $"+[{AnnotationText.Join(Added)}] -[{AnnotationText.Join(Removed)}] }}";
    }

    /// <summary>Hand out the trials of a study sooner, or later.</summary>
    /// <param name="Study">Its name.</param>
    /// <param name="Priority">In place of that of the sweep file.</param>
    public sealed record Prioritize(string Study, int Priority) : ControlRequest
    {
        /// <inheritdoc/>
        public override string? Fault() =>
            Priority is >= StudyPriority.Lowest and <= StudyPriority.Highest
                ? null
                : FormattableString.Invariant(
                    $"priority {Priority}; it is from {StudyPriority.Lowest} to {StudyPriority.Highest}"
                );
    }
}
