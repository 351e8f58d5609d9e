using System.Text.Json;
using System.Text.Json.Serialization;
using Rouser.Coordination;
using Rouser.Snn;

namespace Rouser.Cluster.Wire;

/// <summary>What a worker says in one go, as it stands in JSON.</summary>
internal sealed record MessagesText(int Version, WorkerId Worker, IReadOnlyList<MessageText> Messages);

/// <summary>
/// A message of a worker's, as it stands in JSON: an <see cref="Input"/> without its time and its sender.
/// </summary>
[JsonPolymorphic(
    TypeDiscriminatorPropertyName = "kind",
    UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization
)]
[JsonDerivedType(typeof(Joined), "worker_joined")]
[JsonDerivedType(typeof(Left), "worker_left")]
[JsonDerivedType(typeof(WantsWork), "work_requested")]
[JsonDerivedType(typeof(Heartbeat), "heartbeat")]
[JsonDerivedType(typeof(Epoch), "epoch_reported")]
[JsonDerivedType(typeof(Finished), "trial_finished")]
[JsonDerivedType(typeof(Errored), "trial_errored")]
[JsonDerivedType(typeof(HandedBack), "trial_handed_back")]
[JsonDerivedType(typeof(NoData), "data_missing")]
internal abstract record MessageText
{
    private const int MostSlots = 4096,
        MostLeases = 2 * MostSlots;

    /// <summary>The message as JSON has it.</summary>
    /// <exception cref="NotSupportedException">No worker says this; or it is new and was not given a form
    /// here.</exception>
    public static MessageText Of(Input message) =>
        message switch
        {
            WorkerJoined m => new Joined(m.Slots),
            WorkerLeft m => new Left(m.Reason),
            WorkRequested m => new WantsWork(m.FreeSlots),
            HeartbeatReceived m => new Heartbeat(m.Leases),
            EpochReported m => new Epoch(m.Lease, m.Metrics),
            TrialFinished m => new Finished(m.Lease, m.WeightDistancesFinal),
            TrialErrored m => new Errored(m.Lease, m.Reason, m.Repeats),
            TrialHandedBack m => new HandedBack(m.Lease, m.Reason),
            DataMissing m => new NoData(m.Lease, m.DataDigest),
            _ => throw new NotSupportedException($"{message.GetType().Name} has no form in {nameof(MessageText)}."),
        };

    /// <summary>The message as the coordinator takes it.</summary>
    public abstract Input ToInput(WorkerId from, DateTimeOffset now);

    internal sealed record Joined(int Slots) : MessageText
    {
        public override Input ToInput(WorkerId from, DateTimeOffset now) =>
            Slots is >= 1 and <= MostSlots
                ? new WorkerJoined(now, from, Slots)
                : throw new JsonException($"a worker has 1 to {MostSlots} slots");
    }

    internal sealed record Left(string Reason) : MessageText
    {
        public override Input ToInput(WorkerId from, DateTimeOffset now) => new WorkerLeft(now, from, Reason);
    }

    internal sealed record WantsWork(int FreeSlots) : MessageText
    {
        public override Input ToInput(WorkerId from, DateTimeOffset now) => new WorkRequested(now, from, FreeSlots);
    }

    internal sealed record Heartbeat(IReadOnlyList<LeaseKey> Leases) : MessageText
    {
        public override Input ToInput(WorkerId from, DateTimeOffset now) =>
            Leases.Count <= MostLeases
                ? new HeartbeatReceived(now, from, Leases)
                : throw new JsonException($"a worker holds at most {MostLeases} leases");
    }

    internal sealed record Epoch(LeaseKey Lease, EpochMetrics Metrics) : MessageText
    {
        public override Input ToInput(WorkerId from, DateTimeOffset now) =>
            Metrics.Layers.Contains(null!)
                ? throw new JsonException("a layer is null")
                : new EpochReported(now, from, Lease, Metrics);
    }

    internal sealed record Finished(LeaseKey Lease, IReadOnlyList<IReadOnlyList<double>> WeightDistancesFinal) : MessageText
    {
        public override Input ToInput(WorkerId from, DateTimeOffset now) =>
            WeightDistancesFinal.Contains(null!)
                ? throw new JsonException("distances are null")
                : new TrialFinished(now, from, Lease, WeightDistancesFinal);
    }

    internal sealed record Errored(LeaseKey Lease, string Reason, bool Repeats) : MessageText
    {
        public override Input ToInput(WorkerId from, DateTimeOffset now) => new TrialErrored(now, from, Lease, Reason, Repeats);
    }

    internal sealed record HandedBack(LeaseKey Lease, string Reason) : MessageText
    {
        public override Input ToInput(WorkerId from, DateTimeOffset now) => new TrialHandedBack(now, from, Lease, Reason);
    }

    internal sealed record NoData(LeaseKey Lease, string DataDigest) : MessageText
    {
        public override Input ToInput(WorkerId from, DateTimeOffset now) => new DataMissing(now, from, Lease, DataDigest);
    }
}
