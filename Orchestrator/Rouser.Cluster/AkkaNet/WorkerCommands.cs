using Rouser.Coordination;

namespace Rouser.Cluster.AkkaNet;

/// <summary>
/// What the coordinator tells a worker in one go, as a message between actors. The other way go
/// <see cref="Wire.WorkerMessages"/>.
/// </summary>
/// <param name="List">In the order in which they were given.</param>
public sealed record WorkerCommands(IReadOnlyList<WorkerCommand> List);
