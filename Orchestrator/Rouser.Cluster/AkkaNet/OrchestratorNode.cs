using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using Akka.Event;
using Rouser.Cluster.Serving;

namespace Rouser.Cluster.AkkaNet;

/// <summary>
/// An orchestrator on the cluster: it serves the sweep, or stands by to go on with it when the one that does is gone. All of them share the journal.
/// </summary>
/// <param name="settings">Address, seeds, certificate.</param>
/// <param name="open">
/// Opens the journal, which fences off whoever wrote it before, and makes the service on it. Called when this node takes over; may be called again.
/// What it throws ends the node.
/// </param>
/// <param name="time">The clock.</param>
/// <param name="log">Takes a line about joining.</param>
/// <param name="akkaLog">Takes what Akka.NET logs.</param>
public sealed class OrchestratorNode(
    NodeSettings settings, Func<IWorkerRoutes, ActiveSweep> open, TimeProvider time, Action<string> log, Action<LogLevel, string, Exception?> akkaLog)
{
    private const string ManagerName = "sweep";

    private readonly TaskCompletionSource<SweepEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ClusterNode? _node;
    private volatile bool _serves;

    /// <summary>Whether another orchestrator is there that would go on with the sweep if this one stopped.</summary>
    public bool HasStandby => _node is { HasPeers: true };

    /// <summary>The proxy by which a worker's node reaches the coordinator, wherever it is.</summary>
    internal static Props Proxy(ActorSystem system) =>
        ClusterSingletonProxy.Props($"/user/{ManagerName}", ClusterSingletonProxySettings.Create(system).WithRole(NodeSettings.OrchestratorRole));

    /// <summary>
    /// Serves or stands by until the sweep has ended, or <paramref name="stop"/>. Stopped with another orchestrator there it leaves the sweep to that one;
    /// as the last it asks the workers to hand back what they hold.
    /// </summary>
    /// <returns>How serving ended; null if the sweep is left to another, or was never this node's.</returns>
    public async Task<SweepEnd?> RunAsync(CancellationToken stop)
    {
        using var drain = new CancellationTokenSource();
        using var leave = new CancellationTokenSource();
        CancellationToken draining = drain.Token;
        var node = new ClusterNode(settings, log, new LogSetup(akkaLog), system => Inhabit(system, draining));
        _node = node;
        Task member = Task.Run(() => node.RunAsync(leave.Token), CancellationToken.None);
        Task stopped = Task.Delay(Timeout.Infinite, stop);
        if (await Task.WhenAny(_end.Task, stopped, member).ConfigureAwait(false) == stopped && _serves && !HasStandby)
        {
            await drain.CancelAsync().ConfigureAwait(false);
            await Task.WhenAny(_end.Task, member).ConfigureAwait(false);
        }
        await leave.CancelAsync().ConfigureAwait(false);
        try
        {
            await member.ConfigureAwait(false);
        }
        catch (IOException error)
        {
            return new SweepEnd(false, error);
        }
        return _end.Task.IsCompleted ? await _end.Task.ConfigureAwait(false) : null;
    }

    private void Inhabit(ActorSystem system, CancellationToken drain)
    {
        Func<IWorkerRoutes, ActiveSweep> take = Take;
        system.ActorOf(
            ClusterSingletonManager.Props(
                Props.Create(() => new SweepActor(take, time, end => _end.TrySetResult(end), drain)),
                new SweepActor.HandOver(),
                ClusterSingletonManagerSettings.Create(system).WithRole(NodeSettings.OrchestratorRole)),
            ManagerName);
    }

    private ActiveSweep Take(IWorkerRoutes routes)
    {
        _serves = true;
        return open(routes);
    }
}
