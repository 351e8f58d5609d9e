using System.Text.Json.Serialization;
using Rouser.Sweeps;

namespace Rouser.Coordination;

/// <summary>
/// What a worker is told, with all that one on another machine needs to follow it. A command may be lost or come
/// twice. It goes over every wire as it stands here: the word of a kind is its name there, and a change of its fields
/// is a change of the protocol.
/// </summary>
[JsonPolymorphic(
    TypeDiscriminatorPropertyName = "kind",
    UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization
)]
[JsonDerivedType(typeof(Assign), "assign")]
[JsonDerivedType(typeof(Revoke), "revoke")]
[JsonDerivedType(typeof(Resend), "resend")]
[JsonDerivedType(typeof(Acknowledge), "acknowledge")]
[JsonDerivedType(typeof(Drain), "drain")]
[JsonDerivedType(typeof(Join), "join")]
[JsonDerivedType(typeof(End), "end")]
public abstract record WorkerCommand
{
    private WorkerCommand() { }

    /// <summary>
    /// What no coordinator can mean by it; null if there is nothing. Whoever reads it from a wire refuses it then.
    /// </summary>
    public virtual string? Fault() => null;

    /// <summary>
    /// Train this trial. May come twice for a lease, because the first may have been lost: that is one attempt.
    /// </summary>
    /// <param name="Lease">Under which lease.</param>
    /// <param name="LeaseLength">How long the worker may be silent before it counts as lost; it is heard of three
    /// times as often.</param>
    /// <param name="CheckpointEvery">Epochs between checkpoints.</param>
    /// <param name="Trial">What to train.</param>
    /// <param name="Keep">Which networks of earlier epochs to keep beside the last; null for none.</param>
    public sealed record Assign(
        LeaseKey Lease,
        [property: JsonPropertyName("lease_ms")] TimeSpan LeaseLength,
        int CheckpointEvery,
        PlannedTrial Trial,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] KeptModels? Keep = null
    ) : WorkerCommand
    {
        /// <inheritdoc/>
        public override string? Fault() =>
            Trial.Id != Lease.Trial ? "the lease is of another trial"
            : CheckpointEvery < 1 ? "checkpoint_every must be at least 1"
            : null;
    }

    /// <summary>
    /// This lease is not, or no longer, the worker's: it stops the attempt and reports nothing more of it.
    /// </summary>
    /// <param name="Reason">Why, in words for the log.</param>
    public sealed record Revoke(LeaseKey Lease, string Reason) : WorkerCommand;

    /// <summary>
    /// Reports of this lease were lost or came out of order: send the attempt's epochs again, from the first one
    /// missing; and then its end, if it has ended. Nothing that skips an epoch is recorded.
    /// </summary>
    /// <param name="FromEpoch">The first epoch that is not recorded.</param>
    public sealed record Resend(LeaseKey Lease, int FromEpoch) : WorkerCommand;

    /// <summary>
    /// The end of this attempt is on record: the worker may forget the lease, and all that it keeps to report it again.
    /// </summary>
    public sealed record Acknowledge(LeaseKey Lease) : WorkerCommand;

    /// <summary>
    /// Checkpoint what is in work, hand it back and ask for no more, until this coordinator or its successor asks the
    /// worker to join.
    /// </summary>
    public sealed record Drain : WorkerCommand;

    /// <summary>
    /// The coordinator does not know the worker (it was restarted, or took the worker for gone): join, and tell what
    /// there is to tell.
    /// </summary>
    public sealed record Join : WorkerCommand;

    /// <summary>
    /// What the reader of a wire makes of an assignment that needs a plug-in which is not here. Nobody sends it.
    /// </summary>
    /// <param name="Reason">Which plug-in, and what to do.</param>
    public sealed record Unfit(string Reason) : WorkerCommand;

    /// <summary>The sweep has ended; the worker may go.</summary>
    public sealed record End : WorkerCommand;
}
