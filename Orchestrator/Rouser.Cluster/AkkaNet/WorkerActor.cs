using Akka.Actor;
using Rouser.Coordination;

namespace Rouser.Cluster.AkkaNet;

/// <summary>
/// A worker node's actor: hands the coordinator's commands to the worker, which trains on threads of its own. What the
/// worker says goes to the coordinator in this actor's name; so it is this actor that the coordinator watches.
/// </summary>
internal sealed class WorkerActor : ReceiveActor
{
    /// <summary>The actor's name on every worker node.</summary>
    public const string Name = "worker";

    /// <param name="handle">Follows a command.</param>
    public WorkerActor(Action<WorkerCommand> handle) =>
        Receive<WorkerCommands>(commands =>
        {
            foreach (WorkerCommand command in commands.List)
                handle(command);
        });
}
