using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.Logging;
using Rouser.Cluster.Serving;
using Rouser.Cluster.Wire;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Data;
using Rouser.Snn;
using Rouser.Storage.Checkpoints;
using Rouser.Sweeps;
using Rouser.Worker;

namespace Rouser.Cluster.AkkaNet;

/// <summary>
/// A worker that is a member of the cluster. What trains (<see cref="WorkerNode"/>) is no actor and outlives any
/// actor system: cut off, it trains on, and tells what there is to tell when its node has joined again.
/// </summary>
public sealed class AkkaWorker : ICoordinatorLink, IDisposable
{
    private readonly ClusterNode _member;
    private readonly ServedWorker _worker;
    private readonly NodeFiles _files;
    private Connection? _connection;

    /// <summary>Makes a worker.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="slots">Trials at a time.</param>
    /// <param name="settings">Address, seeds, certificate.</param>
    /// <param name="files">The way to the orchestrator's files, which this opens.</param>
    /// <param name="checkpoints">Where it keeps checkpoints.</param>
    /// <param name="engines">Makes training engines.</param>
    /// <param name="load">Loads a trial's data set; null if it cannot be had here.</param>
    /// <param name="isFor">Whether a trial can be trained by this program; a mistake if its results would be
    /// others.</param>
    /// <param name="time">Clock and timers.</param>
    /// <param name="logs">Takes the worker's log, errors that are not a trial's included, and Akka.NET's.</param>
    public AkkaWorker(
        WorkerId id,
        int slots,
        NodeSettings settings,
        NodeFiles files,
        ICheckpointStore checkpoints,
        Func<TrainingSettings, ITrainingEngine> engines,
        Func<PlannedTrial, CancellationToken, Result<Dataset?>> load,
        Func<PlannedTrial, Result<string>> isFor,
        TimeProvider time,
        ILoggerFactory logs
    )
    {
        _files = files;
        _member = new ClusterNode(settings, logs, Inhabit, Refuse);
        _worker = new ServedWorker(id, slots, checkpoints, engines, load, isFor, this, time, logs.CreateLogger<AkkaWorker>());
    }

    /// <inheritdoc/>
    public void Send(WorkerMessage message)
    {
        if (Volatile.Read(ref _connection) is { } way)
            way.Proxy.Tell(new WorkerMessages(_worker.Node.Id, [message]), way.Self);
    }

    /// <summary>
    /// Works until the sweep has ended, or until <paramref name="leave"/> asks to go; then what is in work is handed
    /// back first.
    /// </summary>
    /// <returns>Whether the sweep has ended.</returns>
    /// <exception cref="RefusedException">The sweep is not for this program.</exception>
    /// <exception cref="IOException">The address cannot be listened on, or the worker's own disk fails; its trials
    /// were handed back.</exception>
    public async Task<bool> RunAsync(CancellationToken leave)
    {
        using var go = new CancellationTokenSource();
        Task member = Task.Run(() => _member.RunAsync(go.Token), CancellationToken.None);
        await Task.WhenAny(_worker.End, member, Task.Delay(Timeout.Infinite, leave)).ConfigureAwait(false);
        // Before the node leaves the cluster, because the phases of that are bounded, and a batch is not.
        if (!member.IsCompleted)
            await HandBackAsync().ConfigureAwait(false);
        await go.CancelAsync().ConfigureAwait(false);
        await member.ConfigureAwait(false);
        if (_worker.End.IsFaulted)
            await _worker.End.ConfigureAwait(false);
        return _worker.End.IsCompleted;
    }

    /// <inheritdoc/>
    public void Dispose() => _worker.Dispose();

    private void Inhabit(AkkaConfigurationBuilder akka)
    {
        OrchestratorNode.AddProxy(akka);
        akka.WithActors((system, registry) => Begin(system, registry.Get<SweepActor>()));
    }

    private void Refuse(string reason) => _worker.Handle(new WorkerCommand.Unfit(reason));

    private void Begin(ActorSystem system, IActorRef proxy)
    {
        bool isFirst = _connection is null;
        IActorRef self = system.ActorOf(
            Props.Create(() => new WorkerActor(command => _worker.Handle(command))),
            WorkerActor.Name
        );
        Volatile.Write(ref _connection, new Connection(self, proxy));
        _files.SetOrchestrator(proxy);
        if (isFirst)
            _worker.Node.Start();
        else
            _worker.Node.Handle(new WorkerCommand.Join());
    }

    private async Task HandBackAsync()
    {
        await _worker.HandBackAsync().ConfigureAwait(false);
        Send(new WorkerLeft("the worker has left"));
    }

    private sealed record Connection(IActorRef Self, IActorRef Proxy);
}
