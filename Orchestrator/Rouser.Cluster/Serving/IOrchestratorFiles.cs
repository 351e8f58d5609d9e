using Rouser.Coordination;

namespace Rouser.Cluster.Serving;

/// <summary>
/// The orchestrator's files as a worker reaches them: data sets and checkpoints, by names that
/// <see cref="SweepFiles"/> knows. Whichever orchestrator is in charge answers. Thread-safe.
/// </summary>
public interface IOrchestratorFiles
{
    /// <summary>Fetches a file.</summary>
    /// <param name="take">Takes its content as it comes; what came is of no use if the answer is false.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>Whether there is one, and all of it came.</returns>
    Task<bool> FetchAsync(string name, Func<Stream, Task> take, CancellationToken stop);

    /// <summary>Stores a file.</summary>
    /// <param name="worker">Who stores it: the holder of the trial's lease.</param>
    /// <param name="open">Opens what to store; again for another try.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>Whether it was taken.</returns>
    Task<bool> StoreAsync(string name, WorkerId worker, Func<Stream> open, CancellationToken stop);
}
