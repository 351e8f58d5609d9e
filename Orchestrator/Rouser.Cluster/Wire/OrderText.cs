using System.Text.Json;
using System.Text.Json.Serialization;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Sweeps;
using Rouser.Worker;

namespace Rouser.Cluster.Wire;

/// <summary>What an orchestrator tells a worker in one go, as it stands in JSON.</summary>
internal sealed record OrdersText(int Version, IReadOnlyList<OrderText> Orders);

/// <summary>An order, as it stands in JSON.</summary>
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
internal abstract record OrderText
{
    private static readonly double MostMs = TimeSpan.FromDays(36_500).TotalMilliseconds;

    /// <summary>The order as JSON has it.</summary>
    /// <exception cref="NotSupportedException">A new order that was not given a form here.</exception>
    public static OrderText Of(Order order) =>
        order switch
        {
            Order.Assign o => new Assign(o.Lease, o.LeaseLength.TotalMilliseconds, o.CheckpointEvery, o.Trial),
            Order.Revoke o => new Revoke(o.Lease, o.Reason),
            Order.Resend o => new Resend(o.Lease, o.FromEpoch),
            Order.Acknowledge o => new Acknowledge(o.Lease),
            Order.Drain => new Drain(),
            Order.Join => new Join(),
            Order.End => new End(),
            _ => throw new NotSupportedException($"{order.GetType().Name} has no form in {nameof(OrderText)}."),
        };

    /// <summary>The order as the worker takes it.</summary>
    public abstract Order ToOrder();

    internal sealed record Assign(LeaseKey Lease, double LeaseMs, int CheckpointEvery, PlannedTrial Trial) : OrderText
    {
        public override Order ToOrder() =>
            this switch
            {
                _ when Trial.Id != Lease.Trial => throw new JsonException("the lease is of another trial"),
                { CheckpointEvery: < 1 } => throw new JsonException("checkpoint_every must be at least 1"),
                // "No end" is TimeSpan.MaxValue, whose milliseconds are no exact double.
                { LeaseMs: >= 1 } => new Order.Assign(
                    Lease,
                    Trial,
                    LeaseMs < MostMs ? TimeSpan.FromMilliseconds(LeaseMs) : TimeSpan.MaxValue,
                    CheckpointEvery
                ),
                _ => throw new JsonException("lease_ms must be at least 1"),
            };
    }

    internal sealed record Revoke(LeaseKey Lease, string Reason) : OrderText
    {
        public override Order ToOrder() => new Order.Revoke(Lease, OneLine.Of(Reason));
    }

    internal sealed record Resend(LeaseKey Lease, int FromEpoch) : OrderText
    {
        public override Order ToOrder() => new Order.Resend(Lease, FromEpoch);
    }

    internal sealed record Acknowledge(LeaseKey Lease) : OrderText
    {
        public override Order ToOrder() => new Order.Acknowledge(Lease);
    }

    internal sealed record Drain : OrderText
    {
        public override Order ToOrder() => new Order.Drain();
    }

    internal sealed record Join : OrderText
    {
        public override Order ToOrder() => new Order.Join();
    }

    internal sealed record End : OrderText
    {
        public override Order ToOrder() => new Order.End();
    }
}
