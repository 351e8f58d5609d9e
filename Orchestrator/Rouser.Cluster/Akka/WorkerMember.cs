using Akka;
using Akka.Actor;
using Akka.Event;
using Rouser.Cluster.Wire;
using Rouser.Core.Coordination;
using Rouser.Worker;

namespace Rouser.Cluster.Akka;

/// <summary>
/// A worker's way to the coordinator over the cluster. The worker itself (<see cref="WorkerNode"/>) is no actor and outlives any actor system: cut off, it
/// trains on, and tells what there is to tell when its node has joined again.
/// </summary>
public sealed class WorkerMember : ICoordinatorLink
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly WorkerId _worker;
    private readonly TimeProvider _time;
    private readonly ClusterNode _node;
    private readonly CancellationTokenSource _leave = new();
    private WorkerNode? _trains;
    private Way? _way;

    /// <summary>Makes the way; the worker that is to go it is given to <see cref="RunAsync"/>.</summary>
    /// <param name="worker">The worker's name.</param>
    /// <param name="settings">Address, seeds, certificate.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Takes Akka.NET's log.</param>
    public WorkerMember(WorkerId worker, NodeSettings settings, TimeProvider time, Action<LogLevel, string, Exception?> log)
    {
        _worker = worker;
        _time = time;
        _node = new ClusterNode(settings, new LogSetup(log), Inhabit);
    }

    /// <inheritdoc/>
    public void Send(Input message)
    {
        if (Volatile.Read(ref _way) is { } way) way.Proxy.Tell(new WorkerMessages(_worker, [message]), way.Self);
    }

    /// <summary>Works until the sweep has ended, or <paramref name="stop"/>; then trials stop after the batch in work and are handed back.</summary>
    /// <returns>Whether the sweep has ended.</returns>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public async Task<bool> RunAsync(WorkerNode worker, CancellationToken stop)
    {
        _trains = worker;
        await using CancellationTokenRegistration leave = stop.Register(_leave.Cancel);
        await _node.RunAsync(_leave.Token).ConfigureAwait(false);
        return !stop.IsCancellationRequested;
    }

    private void Inhabit(ActorSystem system)
    {
        WorkerNode worker = _trains!;
        bool isFirst = _way is null;
        IActorRef self = system.ActorOf(Props.Create(() => new WorkerActor(worker, _leave.Cancel)), WorkerActor.Name);
        Volatile.Write(ref _way, new Way(self, system.ActorOf(OrchestratorNode.Proxy(system), "sweep-proxy")));
        HandBackOnLeaving(system, worker);
        if (isFirst) worker.Start();
        else worker.Take(new Order.Join());
    }

    /// <summary>Part of the coordinated shutdown, unless the cluster has removed the node: then the worker stays, and so do its trials.</summary>
    private void HandBackOnLeaving(ActorSystem system, WorkerNode worker)
    {
        CoordinatedShutdown shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceRequestsDone, "hand-back", async () =>
        {
            if (shutdown.ShutdownReason is CoordinatedShutdown.ClusterDowningReason) return Done.Instance;
            worker.Leave();
            while (worker.Progress.Count > 0) await Task.Delay(Pause).ConfigureAwait(false);

            // The coordinator may be away; then the trials come back when their leases run out.
            for (int tries = 0; tries < 50 && !worker.IsIdle; tries++) await Task.Delay(Pause).ConfigureAwait(false);
            Send(new WorkerLeft(_time.GetUtcNow(), _worker, "it has left"));
            return Done.Instance;
        });
    }

    private sealed record Way(IActorRef Self, IActorRef Proxy);
}
