using System.Text.Json.Serialization;
using Rouser.Snn;

namespace Rouser.Coordination;

/// <summary>
/// What a worker says to the coordinator. Who says it, and when it arrived, stands beside it
/// (<see cref="MessageReceived"/>). It goes over every wire as it stands here: the word of a kind is its name there,
/// and a change of its fields is a change of the protocol.
/// </summary>
[JsonPolymorphic(
    TypeDiscriminatorPropertyName = "kind",
    UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization
)]
[JsonDerivedType(typeof(WorkerJoined), "worker_joined")]
[JsonDerivedType(typeof(WorkerLeft), "worker_left")]
[JsonDerivedType(typeof(WorkRequested), "work_requested")]
[JsonDerivedType(typeof(Heartbeat), "heartbeat")]
[JsonDerivedType(typeof(EpochReported), "epoch_reported")]
[JsonDerivedType(typeof(TrialFinished), "trial_finished")]
[JsonDerivedType(typeof(TrialErrored), "trial_errored")]
[JsonDerivedType(typeof(TrialHandedBack), "trial_handed_back")]
[JsonDerivedType(typeof(DataMissing), "data_missing")]
public abstract record WorkerMessage
{
    /// <summary>Slots of a worker at most.</summary>
    public const int MostSlots = 4096;

    /// <summary>
    /// What no worker can mean by it, such as <c>a worker has 1 to 4096 slots</c>; null if there is nothing. Whoever
    /// reads it from a wire refuses it then.
    /// </summary>
    public virtual string? Fault() => null;
}

/// <summary>
/// A worker is there, with so many slots. Repeating it changes nothing but the number of slots, and that data sets
/// which it said are missing are taken to be there again.
/// </summary>
public sealed record WorkerJoined(int Slots) : WorkerMessage
{
    /// <inheritdoc/>
    public override string? Fault() => Slots is >= 1 and <= MostSlots ? null : $"a worker has 1 to {MostSlots} slots";
}

/// <summary>
/// A worker says that it goes. What it has not handed back never reached it, or its handing back did not arrive; so
/// its leases end at once, and at no cost.
/// </summary>
public sealed record WorkerLeft(string Reason) : WorkerMessage;

/// <summary>A worker has free slots and asks for trials.</summary>
public sealed record WorkRequested(int FreeSlots) : WorkerMessage;

/// <summary>
/// A worker lives and still holds these leases, those whose ending it has reported without an answer included; each
/// is extended if it is current.
/// </summary>
public sealed record Heartbeat(IReadOnlyList<LeaseKey> Leases) : WorkerMessage
{
    private const int MostLeases = 2 * MostSlots;

    /// <inheritdoc/>
    public override string? Fault() => Leases.Count <= MostLeases ? null : $"a worker holds at most {MostLeases} leases";
}

/// <summary>
/// A trial has finished an epoch. Counts as a heartbeat of its lease, if whoever says so is its holder.
/// </summary>
public sealed record EpochReported(LeaseKey Lease, EpochMetrics Metrics) : WorkerMessage
{
    /// <inheritdoc/>
    public override string? Fault() => Metrics.Layers.Contains(null!) ? "a layer is null" : null;
}

/// <summary>
/// How an attempt ended. It is repeated with the worker's heartbeats until <see cref="WorkerCommand.Acknowledge"/> or
/// <see cref="WorkerCommand.Revoke"/> answers it.
/// </summary>
/// <param name="Lease">Under which lease.</param>
public abstract record AttemptEnding([property: JsonPropertyOrder(-1)] LeaseKey Lease) : WorkerMessage;

/// <summary>A trial has finished its last epoch.</summary>
/// <param name="Lease">Under which lease.</param>
/// <param name="WeightDistancesFinal"><c>[epoch − 1][layer]</c>: distance of the weights after each epoch from the
/// final ones (paper, figure 6b).</param>
public sealed record TrialFinished(LeaseKey Lease, IReadOnlyList<IReadOnlyList<double>> WeightDistancesFinal)
    : AttemptEnding(Lease)
{
    /// <inheritdoc/>
    public override string? Fault() => WeightDistancesFinal.Contains(null!) ? "distances are null" : null;
}

/// <summary>An attempt failed.</summary>
/// <param name="Lease">Under which lease.</param>
/// <param name="Reason">What went wrong.</param>
/// <param name="Repeats">Whether another attempt would end the same, as where training left the finite numbers: it is
/// not made.</param>
public sealed record TrialErrored(LeaseKey Lease, string Reason, bool Repeats) : AttemptEnding(Lease);

/// <summary>
/// A worker gives a trial back, unharmed: it drains or is asked to stop. Costs the trial none of its retries.
/// </summary>
public sealed record TrialHandedBack(LeaseKey Lease, string Reason) : AttemptEnding(Lease);

/// <summary>
/// The worker has no such data set and cannot get it. The trial goes back at no cost, and the worker is given none
/// with that data until it joins anew, or ten leases have passed.
/// </summary>
public sealed record DataMissing(LeaseKey Lease, string DataDigest) : AttemptEnding(Lease);
