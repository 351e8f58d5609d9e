using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Rouser.Cluster.Serving;
using Rouser.Coordination;

namespace Rouser.Cluster.AkkaNet;

/// <summary>
/// An orchestrator on the cluster: it serves the sweep, or stands by to go on with it when the one that does is gone.
/// All of them share the journal.
/// </summary>
/// <param name="settings">Address, seeds, certificate.</param>
/// <param name="open"> Opens the journal, which fences off whoever wrote it before, and makes the service on it.
/// Called when this node takes over; may be called again. With other orchestrators in the list an
/// <see cref="IOException"/> is tried again as long as this node is in charge, because a journal that is locked or
/// cannot be reached now may be so no more in a moment, and nobody else would serve. Anything else that it throws
/// ends the node.
/// </param>
/// <param name="logs">Takes the node's log, and Akka.NET's.</param>
public sealed class OrchestratorNode(NodeSettings settings, Func<ActiveSweep> open, ILoggerFactory logs)
{
    /// <summary>The singleton's name, and so its path on every node.</summary>
    private const string SingletonName = "sweep";

    private readonly ILogger _log = logs.CreateLogger("Rouser.Cluster");
    private readonly TaskCompletionSource<SweepEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ClusterNode? _node;
    private volatile bool _serves;

    /// <summary>Whether another orchestrator is there that would go on with the sweep if this one stopped.</summary>
    public bool HasStandby => _node is { HasPeers: true };

    /// <summary>Whether this node is the one that serves now.</summary>
    public bool Serves => _serves;

    /// <summary>Adds the proxy by which a worker's node reaches the coordinator, wherever it is; the registry has it by
    /// <see cref="SweepActor"/>.</summary>
    internal static void AddProxy(AkkaConfigurationBuilder akka) =>
        akka.WithSingletonProxy<SweepActor>(SingletonName, new ClusterSingletonOptions { Role = NodeSettings.OrchestratorRole });

    /// <summary>
    /// Serves or stands by until the sweep has ended, or <paramref name="stop"/>. Stopped with another orchestrator
    /// there it leaves the sweep to that one, and workers train on; as the last it asks them to hand back what they
    /// hold.
    /// </summary>
    /// <returns>How serving ended; null if the sweep is left to another, or was never this node's.</returns>
    public async Task<SweepEnd?> RunAsync(CancellationToken stop)
    {
        using var drain = new CancellationTokenSource();
        using var leave = new CancellationTokenSource();
        CancellationToken draining = drain.Token;
        var node = new ClusterNode(settings, logs, akka => Inhabit(akka, draining));
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

    /// <summary>
    /// Akka.Hosting's checks with a tag of <see cref="NodeHealth"/>; null while the node is set up anew.
    /// </summary>
    internal Task<HealthReport?> CheckAsync(string tag, CancellationToken cancel) =>
        _node?.CheckAsync(tag, cancel) ?? Task.FromResult<HealthReport?>(null);

    private void Inhabit(AkkaConfigurationBuilder akka, CancellationToken drain)
    {
        Props sweep = Props.Create(() => new SweepActor(Open, OnEnded, _log, settings.HasOthers, drain));
        var options = new ClusterSingletonOptions
        {
            Role = NodeSettings.OrchestratorRole,
            TerminationMessage = SweepActor.HandOver.Instance,
        };
        akka.WithSingleton<SweepActor>(SingletonName, sweep, options, createProxyToo: false);
    }

    private ActiveSweep Open()
    {
        ActiveSweep sweep = open();
        _serves = true;
        return sweep with { Journal = new Closing(this, sweep.Journal) };
    }

    private void OnEnded(SweepEnd end)
    {
        if (end.Fault is FencedOutException && settings.HasOthers)
        {
            _log.LogWarning("another orchestrator has taken the sweep over and has the journal; stands by");
            _node!.StandBy();
            return;
        }
        _end.TrySetResult(end);
    }

    /// <summary>The journal, and with it the time in which this node serves.</summary>
    private sealed class Closing(OrchestratorNode node, IDisposable journal) : IDisposable
    {
        public void Dispose()
        {
            node._serves = false;
            journal.Dispose();
        }
    }
}
