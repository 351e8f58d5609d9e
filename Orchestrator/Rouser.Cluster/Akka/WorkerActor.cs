using Akka.Actor;
using Rouser.Worker;

namespace Rouser.Cluster.Akka;

/// <summary>
/// A worker node's actor: hands the coordinator's orders to the worker. What the worker says goes to the coordinator in this actor's name; so it is this actor
/// that the coordinator watches.
/// </summary>
internal sealed class WorkerActor : ReceiveActor
{
    /// <summary>The actor's name on every worker node.</summary>
    public const string Name = "worker";

    /// <param name="worker">Trains, on threads of its own.</param>
    /// <param name="ended">Called when the sweep has ended.</param>
    public WorkerActor(WorkerNode worker, Action ended) => Receive<Orders>(orders =>
    {
        foreach (Order order in orders.List)
        {
            worker.Take(order);
            if (order is Order.End) ended();
        }
    });
}
