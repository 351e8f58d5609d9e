using Rouser.Coordination;

namespace Rouser.Worker;

/// <summary>
/// The way from a worker to the coordinator. A message may be lost or arrive twice; it never blocks and never throws.
/// Thread-safe.
/// </summary>
public interface ICoordinatorLink
{
    /// <summary>Sends a message.</summary>
    void Send(WorkerMessage message);
}
