using System.Collections.Concurrent;
using Akka;
using Akka.Actor;
using Akka.Event;
using Rouser.Cluster.Http;
using Rouser.Cluster.Wire;
using Rouser.Core;
using Rouser.Core.Coordination;
using Rouser.Core.Data;
using Rouser.Core.Snn;
using Rouser.Core.Sweeps;
using Rouser.Worker;

namespace Rouser.Cluster.Akka;

/// <summary>
/// A worker that is a member of the cluster. What trains (<see cref="WorkerNode"/>) is no actor and outlives any actor system: cut off, it trains on, and tells
/// what there is to tell when its node has joined again.
/// </summary>
public sealed class AkkaWorker : ICoordinatorLink, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50), LastWords = TimeSpan.FromSeconds(10);

    private readonly ClusterNode _member;
    private readonly WorkerNode _node;
    private readonly ICheckpointStore _checkpoints;
    private readonly TimeProvider _time;
    private readonly Func<PlannedTrial, Result<string>> _isFor;
    private readonly Action<string> _log;
    private readonly ConcurrentDictionary<LeaseKey, bool> _finished = new();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Way? _way;

    /// <summary>Makes a worker.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="slots">Trials at a time.</param>
    /// <param name="settings">Address, seeds, certificate.</param>
    /// <param name="checkpoints">Where it keeps checkpoints: a folder that all share, or its own.</param>
    /// <param name="engines">Makes training engines.</param>
    /// <param name="load">Loads a trial's data set; null if it cannot be had here.</param>
    /// <param name="isFor">Whether a trial can be trained by this program; a mistake if its results would be others.</param>
    /// <param name="time">Clock and timers.</param>
    /// <param name="log">Takes a line about what happens on the way to the coordinator.</param>
    /// <param name="akkaLog">Takes what Akka.NET logs.</param>
    /// <param name="fault">Takes errors that are not a trial's.</param>
    public AkkaWorker(
        WorkerId id,
        int slots,
        NodeSettings settings,
        ICheckpointStore checkpoints,
        Func<TrainingSettings, ITrainingEngine> engines,
        Func<PlannedTrial, CancellationToken, Result<Dataset?>> load,
        Func<PlannedTrial, Result<string>> isFor,
        TimeProvider time,
        Action<string> log,
        Action<LogLevel, string, Exception?> akkaLog,
        Action<Exception> fault)
    {
        _checkpoints = checkpoints;
        _time = time;
        _isFor = isFor;
        _log = log;
        _member = new ClusterNode(settings, log, new LogSetup(akkaLog), Inhabit);
        _node = new WorkerNode(id, slots, new TrialRunner(engines, checkpoints, time), load, this, time, OnFault);

        void OnFault(Exception error)
        {
            fault(error);
            // A disk that fails: the worker has handed its trials back and takes no more.
            if (error is IOException or UnauthorizedAccessException) _end.TrySetException(error);
        }
    }

    /// <inheritdoc/>
    public void Send(Input message)
    {
        if (message is TrialFinished done) _finished[done.Lease] = true;
        if (Volatile.Read(ref _way) is { } way) way.Proxy.Tell(new WorkerMessages(_node.Id, [message]), way.Self);
    }

    /// <summary>Works until the sweep has ended, or until <paramref name="leave"/> asks to go; then what is in work is handed back first.</summary>
    /// <returns>Whether the sweep has ended.</returns>
    /// <exception cref="RefusedException">The sweep is not for this program.</exception>
    /// <exception cref="IOException">The address cannot be listened on, or the worker's own disk fails; its trials were handed back.</exception>
    public async Task<bool> RunAsync(CancellationToken leave)
    {
        using var go = new CancellationTokenSource();
        Task member = Task.Run(() => _member.RunAsync(go.Token), CancellationToken.None);
        await Task.WhenAny(_end.Task, member, Task.Delay(Timeout.Infinite, leave)).ConfigureAwait(false);
        await go.CancelAsync().ConfigureAwait(false);
        await member.ConfigureAwait(false);
        if (_end.Task.IsFaulted) await _end.Task.ConfigureAwait(false);
        return _end.Task.IsCompleted;
    }

    /// <inheritdoc/>
    public void Dispose() => _node.Dispose();

    private void Inhabit(ActorSystem system)
    {
        bool isFirst = _way is null;
        IActorRef self = system.ActorOf(Props.Create(() => new WorkerActor(order => Take(order))), WorkerActor.Name);
        Volatile.Write(ref _way, new Way(self, system.ActorOf(OrchestratorNode.Proxy(system), "sweep-proxy")));
        CoordinatedShutdown shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceRequestsDone, "hand-back", () => HandBackAsync(shutdown));
        if (isFirst) _node.Start();
        else _node.Take(new Order.Join());
    }

    private void Take(Order order)
    {
        if (order is Order.Assign assign && _isFor(assign.Trial) is { IsOk: false } unfit)
        {
            Send(new TrialHandedBack(_time.GetUtcNow(), assign.Lease, unfit.Mistakes[0].ToString()));
            _end.TrySetException(new RefusedException(unfit.Mistakes[0].ToString()));
            return;
        }
        _node.Take(order);
        switch (order)
        {
            case Order.Acknowledge done when _finished.TryRemove(done.Lease, out _): Forget(done.Lease.Trial); break;
            case Order.Revoke revoked: _log($"{revoked.Lease} revoked: {revoked.Reason}"); break;
            case Order.End: _end.TrySetResult(); break;
        }
    }

    /// <summary>Before the node leaves the cluster. Not when the cluster has removed it: then it joins again, and its trials go on.</summary>
    private async Task<Done> HandBackAsync(CoordinatedShutdown shutdown)
    {
        if (shutdown.ShutdownReason is CoordinatedShutdown.ClusterDowningReason) return Done.Instance;
        _node.Leave();
        while (_node.Progress.Count > 0) await Task.Delay(Pause).ConfigureAwait(false);

        // The coordinator may be away; it finds out by itself.
        long stopped = _time.GetTimestamp();
        while (!_node.IsIdle && _time.GetElapsedTime(stopped) < LastWords) await Task.Delay(Pause).ConfigureAwait(false);
        Send(new WorkerLeft(_time.GetUtcNow(), _node.Id, "the worker has left"));
        return Done.Instance;
    }

    /// <summary>The trial has a result: what is kept of it only takes room.</summary>
    private void Forget(TrialId trial)
    {
        try
        {
            _checkpoints.Delete(trial);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _log($"the checkpoint of {trial.Short} could not be deleted: {error.Message}");
        }
    }

    private sealed record Way(IActorRef Self, IActorRef Proxy);
}
