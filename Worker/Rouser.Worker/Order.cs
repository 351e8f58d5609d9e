using Rouser.Coordination;
using Rouser.Sweeps;

namespace Rouser.Worker;

/// <summary>
/// What a worker is told by whoever coordinates it: the coordinator's effects, with all that a worker on another
/// machine needs to follow them. An order may be lost or come twice.
/// </summary>
public abstract record Order
{
    private Order() { }

    /// <summary>Train this trial. The same lease twice is one attempt.</summary>
    /// <param name="Lease">Under which lease.</param>
    /// <param name="Trial">What to train.</param>
    /// <param name="LeaseLength">How long the worker may be silent before it counts as lost; it is heard of three
    /// times as often.</param>
    /// <param name="CheckpointEvery">Epochs between checkpoints.</param>
    public sealed record Assign(LeaseKey Lease, PlannedTrial Trial, TimeSpan LeaseLength, int CheckpointEvery) : Order;

    /// <summary>Stop this attempt and say nothing more of it: the lease is not, or no longer, the worker's.</summary>
    /// <param name="Lease">Which lease.</param>
    /// <param name="Reason">Why, in words for the log.</param>
    public sealed record Revoke(LeaseKey Lease, string Reason) : Order;

    /// <summary>
    /// Send the attempt's epochs again, from the first one that did not arrive; and then its end, if it has ended.
    /// </summary>
    public sealed record Resend(LeaseKey Lease, int FromEpoch) : Order;

    /// <summary>The attempt's end is durable; it need not be told again.</summary>
    public sealed record Acknowledge(LeaseKey Lease) : Order;

    /// <summary>
    /// Checkpoint what is in work, hand it back and ask for no more, until this coordinator or its successor asks the
    /// worker to join.
    /// </summary>
    public sealed record Drain : Order;

    /// <summary>
    /// The coordinator does not know the worker (it was restarted, say): join, and tell what there is to tell.
    /// </summary>
    public sealed record Join : Order;

    /// <summary>The sweep has ended; the worker may go.</summary>
    public sealed record End : Order;
}
