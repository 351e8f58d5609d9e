using Rouser.Coordination;

namespace Rouser.Cluster.Serving;

/// <summary>
/// The way from an orchestrator to its workers: what a transport provides on this side. An order may be lost; it
/// never blocks and never throws. Thread-safe.
/// </summary>
public interface IWorkerRoutes
{
    /// <summary>Brings an order on its way.</summary>
    void Deliver(WorkerId worker, WorkerCommand command);
}
