using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster;
using Microsoft.Extensions.Logging;
using Rouser.Cluster.Serving;
using Rouser.Cluster.Wire;
using Rouser.Coordination;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Rouser.Cluster.AkkaNet;

/// <summary>
/// The coordinator as a cluster singleton: one of the orchestrators runs it, the oldest. It carries messages between
/// the workers and a <see cref="SweepService"/>, which has the machine, its mailbox and its journal; nothing is
/// decided here. A worker whose node the cluster has removed is reported as gone, so that its trials return at once.
/// </summary>
internal sealed class SweepActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan NextTry = TimeSpan.FromSeconds(1);

    private readonly Func<ActiveSweep> _open;
    private readonly CancellationToken _drain;
    private readonly Action<SweepEnd> _ended;
    private readonly ILogger _log;
    private readonly bool _triesOn;
    private readonly Routes _routes;
    private readonly ActorSystem _system = Context.System;
    private readonly AkkaCluster _cluster = AkkaCluster.Get(Context.System);
    private readonly IActorRef _self = Context.Self;
    private ActiveSweep? _sweep;
    private IActorRef? _files;
    private Task<SweepEnd>? _run;
    private string? _obstacle;
    private bool _handsOver;

    /// <param name="open">Opens the journal, which fences off whoever wrote it before, and makes the service on
    /// it.</param>
    /// <param name="ended">Told how serving ended; not told when another orchestrator goes on.</param>
    /// <param name="log">Takes a line on what keeps the journal from being opened.</param>
    /// <param name="triesOn">Whether a journal that cannot be opened is tried again, as long as this actor is.</param>
    /// <param name="drain">Asks to stop for good: what is in work is handed back.</param>
    public SweepActor(Func<ActiveSweep> open, Action<SweepEnd> ended, ILogger log, bool triesOn, CancellationToken drain)
    {
        (_open, _ended, _log, _triesOn, _drain) = (open, ended, log, triesOn, drain);
        _routes = new Routes(_self);
        Receive<Open>(_ => OnOpen());
        Receive<WorkerMessages>(OnMessages);
        Receive<FileMessage>(file => _files?.Forward(file));
        Receive<Terminated>(gone => OnWorkerGone(gone.ActorRef));
        Receive<Ended>(ended => OnEnded(ended.End));
        Receive<HandOver>(_ => OnHandOver());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Stop serving; the next oldest orchestrator goes on where the journal ends.</summary>
    public sealed record HandOver
    {
        /// <summary>The message.</summary>
        public static readonly HandOver Instance = new();
    }

    private sealed record Open;

    private sealed record Ended(SweepEnd End);

    protected override void PreStart() => OnOpen();

    // Nothing waits here: a dispatcher's thread belongs to all actors. The journal's fencing token holds off a loop
    // that has not come to its end yet.
    protected override void PostStop()
    {
        if (_sweep is not { } sweep || _run is null)
            return;
        sweep.Service.Abandon();
        _run.ContinueWith(_ => sweep.Journal.Dispose(), TaskScheduler.Default);
    }

    private void OnOpen()
    {
        try
        {
            _sweep = _open();
        }
        catch (IOException error) when (_triesOn)
        {
            if (error.Message != _obstacle)
                _log.LogWarning("cannot serve yet, tries again every second: {Reason}", error.Message);
            _obstacle = error.Message;
            Timers.StartSingleTimer("open", new Open(), NextTry);
            return;
        }
        // Whatever keeps the sweep from being served ends this node with its reason; a restarted actor would only fail
        // again, unheard.
#pragma warning disable CA1031
        catch (Exception error)
        {
            _ended(new SweepEnd(false, error));
            return;
        }
#pragma warning restore CA1031
        ActiveSweep sweep = _sweep;
        _files = Context.ActorOf(Props.Create(() => new FilesActor(sweep.Service, sweep.Files)), "files");
        _run = sweep.Service.RunAsync(end => SettleAsync(sweep.Service, end), _drain);
        _run.PipeTo(Self, success: end => new Ended(end), failure: error => new Ended(new SweepEnd(false, error)));

        // Workers of a predecessor need not wait for their next heartbeat to find out.
        foreach (Member worker in WorkerMembers())
            SendTo(worker, new WorkerCommand.Join());
    }

    private void OnMessages(WorkerMessages messages)
    {
        if (_routes.Set(messages.From, Sender))
            Context.Watch(Sender);
        _sweep?.Service.Receive(messages.From, _routes, messages.Messages);
    }

    private void OnWorkerGone(IActorRef actor)
    {
        foreach (WorkerId worker in _routes.Remove(actor))
            _sweep?.Service.ReportGone(worker, "its node is gone from the cluster");
    }

    private void OnHandOver()
    {
        _handsOver = true;
        // What does not serve yet, or no longer, has nothing to wait for.
        if (_sweep is null)
            Context.Stop(Self);
        else
            _sweep.Service.Abandon();
    }

    private void OnEnded(SweepEnd end)
    {
        // Closed before this actor is gone, so that the successor finds no lock.
        _sweep!.Journal.Dispose();
        _sweep = null;
        if (_handsOver)
            Context.Stop(Self);
        else
            _ended(end);
    }

    // Also asked while it waits: a worker that a predecessor could not tell any more has to hear that the sweep has
    // ended, and one that joins in this very moment, which would wait for an orchestrator that never comes.
    private Task SettleAsync(SweepService service, SweepEnd end)
    {
        if (end.Finished)
            HaveGone();
        return service.SettleAsync(end, HaveGone);

        bool HaveGone()
        {
            Member[] workers = [.. WorkerMembers()];
            foreach (Member worker in workers)
                SendTo(worker, new WorkerCommand.End());
            return workers.Length == 0;
        }
    }

    private IEnumerable<Member> WorkerMembers() =>
        _cluster.State.Members.Where(m =>
            m.HasRole(NodeSettings.WorkerRole)
            && m.Status is MemberStatus.Joining or MemberStatus.WeaklyUp or MemberStatus.Up
            && !_cluster.State.Unreachable.Contains(m)
        );

    private void SendTo(Member worker, WorkerCommand command) =>
        _system
            .ActorSelection(new RootActorPath(worker.Address) / "user" / WorkerActor.Name)
            .Tell(new WorkerCommands([command]), _self);

    /// <summary>Where each worker's actor is. Read from the mailbox's thread as well.</summary>
    private sealed class Routes(IActorRef self) : IWorkerRoutes
    {
        private readonly ConcurrentDictionary<WorkerId, IActorRef> _actors = new();

        public void Deliver(WorkerId worker, WorkerCommand command)
        {
            if (_actors.TryGetValue(worker, out IActorRef? actor))
                actor.Tell(new WorkerCommands([command]), self);
        }

        /// <summary>Notes where a worker is.</summary>
        /// <returns>Whether that is news.</returns>
        public bool Set(WorkerId worker, IActorRef actor)
        {
            bool isNew = !_actors.TryGetValue(worker, out IActorRef? known) || !known.Equals(actor);
            if (isNew)
                _actors[worker] = actor;
            return isNew;
        }

        /// <summary>Forgets an actor.</summary>
        /// <returns>The workers that were there; none if they have come back from elsewhere since.</returns>
        public List<WorkerId> Remove(IActorRef actor)
        {
            List<WorkerId> gone = [.. _actors.Where(pair => pair.Value.Equals(actor)).Select(pair => pair.Key)];
            foreach (WorkerId worker in gone)
                _actors.TryRemove(worker, out _);
            return gone;
        }
    }
}
