using System.Text.Json.Serialization;
using Rouser.Sweeps;

namespace Rouser.Coordination;

/// <summary>Names a worker; unique among those that are there.</summary>
public readonly record struct WorkerId(string Value)
{
    /// <summary>
    /// Stands where a worker would for a trial whose result was found. No worker can have this name, because a name
    /// has no space.
    /// </summary>
    public static readonly WorkerId ResultsStore = new("results store");

    /// <summary>
    /// Stands where a worker would for the epochs that a trial takes over from one of fewer epochs.
    /// </summary>
    public static readonly WorkerId ShorterTrial = new("shorter trial");

    /// <summary>Whether a worker has the name: not what stands where one would.</summary>
    [JsonIgnore]
    public bool IsWorker => this != ResultsStore && this != ShorterTrial;

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>
/// Names a lease: a trial and the number of the attempt. The number fences off late messages of earlier attempts.
/// </summary>
/// <remarks>
/// The constructor is named to the serializer, because a struct has another one without parameters, by which
/// <c>{}</c> would pass for a lease.
/// </remarks>
[method: JsonConstructor]
public readonly record struct LeaseKey(TrialId Trial, int Attempt)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Trial.Short}#{Attempt}";
}

/// <summary>Where a trial stands.</summary>
public enum TrialState
{
    /// <summary>Waits in the queue.</summary>
    Queued,

    /// <summary>A worker holds it by a lease.</summary>
    Running,

    /// <summary>Ended with a result.</summary>
    Completed,

    /// <summary>Ended without: it failed more often than its retries allow.</summary>
    Failed,

    /// <summary>Ended without: its workers were lost more often than its retries allow.</summary>
    Lost,

    /// <summary>Ended without: the user cancelled it.</summary>
    Cancelled,

    /// <summary>Ended without: the pruner judged it not worth going on.</summary>
    Pruned,

    /// <summary>Not asked for as yet, and perhaps never: whether it is depends on results of others.</summary>
    Deferred,
}

/// <summary>
/// What the coordinator decided on one input. Persist <paramref name="Events"/>, in order, before any of
/// <paramref name="Effects"/> runs.
/// </summary>
/// <param name="Events">To be made durable together.</param>
/// <param name="Effects">To be performed afterwards, in order.</param>
public readonly record struct Ready(IReadOnlyList<Event> Events, IReadOnlyList<Effect> Effects);
