using Rouser.Snn;
using Rouser.Sweeps;

namespace Rouser.Coordination;

/// <summary>
/// Something that happened outside, as the coordinator is told of it. Every message from a worker may be lost,
/// repeated or reordered, or be a lie; the machine answers each of them, in any state, and records what
/// <see cref="ReportCheck"/> lets pass.
/// </summary>
/// <param name="Now">When, by the shell's clock. The machine's time never runs backwards: it takes the latest it has
/// seen.</param>
public abstract record Input(DateTimeOffset Now);

/// <summary>Time has passed: leases may expire, trials may run out of time.</summary>
public sealed record Tick(DateTimeOffset Now) : Input(Now);

/// <summary>
/// A worker is there, with so many slots. Repeating it changes nothing but the number of slots, and that data sets
/// which it said are missing are taken to be there again.
/// </summary>
public sealed record WorkerJoined(DateTimeOffset Now, WorkerId Worker, int Slots) : Input(Now);

/// <summary>
/// A worker says that it goes. What it has not handed back never reached it, or its handing back did not arrive; so
/// its leases end at once, and at no cost.
/// </summary>
public sealed record WorkerLeft(DateTimeOffset Now, WorkerId Worker, string Reason) : Input(Now);

/// <summary>
/// Somebody else has found out that a worker is gone for certain (its process died, its node was removed): its leases
/// end at once, as lost.
/// </summary>
public sealed record WorkerGone(DateTimeOffset Now, WorkerId Worker, string Reason) : Input(Now);

/// <summary>A worker has free slots and asks for trials.</summary>
public sealed record WorkRequested(DateTimeOffset Now, WorkerId Worker, int FreeSlots) : Input(Now);

/// <summary>
/// A worker lives and still holds these leases, those whose ending it has reported without an answer included; each
/// is extended if it is current.
/// </summary>
public sealed record HeartbeatReceived(DateTimeOffset Now, WorkerId Worker, IReadOnlyList<LeaseKey> Leases) : Input(Now);

/// <summary>
/// A trial has finished an epoch. Counts as a heartbeat of its lease, if whoever says so is its holder.
/// </summary>
public sealed record EpochReported(DateTimeOffset Now, WorkerId Worker, LeaseKey Lease, EpochMetrics Metrics) : Input(Now);

/// <summary>
/// A trial has finished its last epoch. As every ending of an attempt (<see cref="TrialErrored"/>,
/// <see cref="TrialHandedBack"/>, <see cref="DataMissing"/>) it is repeated with the worker's heartbeats until
/// <see cref="AcknowledgeEnding"/> or <see cref="RevokeLease"/> answers it.
/// </summary>
/// <param name="Now">When.</param>
/// <param name="Worker">Who says so.</param>
/// <param name="Lease">Under which lease.</param>
/// <param name="WeightDistancesFinal"><c>[epoch − 1][layer]</c>: distance of the weights after each epoch from the
/// final ones (paper, figure 6b).</param>
public sealed record TrialFinished(
    DateTimeOffset Now,
    WorkerId Worker,
    LeaseKey Lease,
    IReadOnlyList<IReadOnlyList<double>> WeightDistancesFinal
) : Input(Now);

/// <summary>A trial cannot go on: its training failed, or its data cannot be read.</summary>
/// <param name="Now">The time.</param>
/// <param name="Worker">Who says so.</param>
/// <param name="Lease">The attempt.</param>
/// <param name="Reason">What went wrong.</param>
/// <param name="Repeats">Whether another attempt would end the same, as where training left the finite numbers: it is
/// not made.</param>
public sealed record TrialErrored(DateTimeOffset Now, WorkerId Worker, LeaseKey Lease, string Reason, bool Repeats = false)
    : Input(Now);

/// <summary>
/// A worker gives a trial back, unharmed: it drains or is asked to stop. Costs the trial none of its retries.
/// </summary>
public sealed record TrialHandedBack(DateTimeOffset Now, WorkerId Worker, LeaseKey Lease, string Reason) : Input(Now);

/// <summary>
/// The worker has no such data set and cannot get it. The trial goes back at no cost, and the worker is given none
/// with that data until it joins anew, or ten leases have passed.
/// </summary>
public sealed record DataMissing(DateTimeOffset Now, WorkerId Worker, LeaseKey Lease, string DataDigest) : Input(Now);

/// <summary>
/// The shell has opened the journal again and every worker of before died with it (a run on one machine): all leases
/// end and cost the trials none of their retries.
/// </summary>
public sealed record SweepResumed(DateTimeOffset Now) : Input(Now);

/// <summary>Assign nothing more, and ask the workers to hand back what they hold.</summary>
public sealed record DrainRequested(DateTimeOffset Now) : Input(Now);

/// <summary>
/// Assign nothing more until <see cref="ContinueRequested"/>, restarts included. What runs, runs to its end.
/// </summary>
public sealed record PauseRequested(DateTimeOffset Now) : Input(Now);

/// <summary>Go on after a pause.</summary>
public sealed record ContinueRequested(DateTimeOffset Now) : Input(Now);

/// <summary>
/// The user does not want these trials: those that have not ended end at once, as cancelled.
/// <see cref="TrialSelection"/> turns an arm into trials.
/// </summary>
public sealed record CancelRequested(DateTimeOffset Now, IReadOnlyCollection<TrialId> Trials) : Input(Now);

/// <summary>The user wants trials that ended without a result to be tried again, with fresh retries.</summary>
/// <param name="Now">When.</param>
/// <param name="State">Which ones: <see cref="TrialState.Failed"/>, <see cref="TrialState.Lost"/> or
/// <see cref="TrialState.Cancelled"/>.</param>
public sealed record RetryRequested(DateTimeOffset Now, TrialState State) : Input(Now);
