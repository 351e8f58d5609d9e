using Akka.Actor;
using Rouser.Worker;

namespace Rouser.Cluster.AkkaNet;

/// <summary>
/// A worker node's actor: hands the coordinator's orders to the worker, which trains on threads of its own. What the
/// worker says goes to the coordinator in this actor's name; so it is this actor that the coordinator watches.
/// </summary>
internal sealed class WorkerActor : ReceiveActor
{
    /// <summary>The actor's name on every worker node.</summary>
    public const string Name = "worker";

    /// <param name="take">Follows an order.</param>
    public WorkerActor(Action<Order> take) =>
        Receive<Orders>(orders =>
        {
            foreach (Order order in orders.List)
                take(order);
        });
}
