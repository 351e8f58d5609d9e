using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster;
using Rouser.Cluster.Serving;
using Rouser.Cluster.Wire;
using Rouser.Core.Coordination;
using Rouser.Worker;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Rouser.Cluster.AkkaNet;

/// <summary>A sweep that this node serves, on a journal that it alone may write now.</summary>
/// <param name="Service">The machine behind its mailbox.</param>
/// <param name="Journal">Closed when this node serves no longer.</param>
public sealed record ActiveSweep(SweepService Service, IDisposable Journal);

/// <summary>
/// The coordinator as a cluster singleton: one of the orchestrators runs it, the oldest. It carries messages between the workers and a
/// <see cref="SweepService"/>, which has the machine, its mailbox and its journal; nothing is decided here. A worker whose node the cluster has removed is
/// reported as gone, so that its trials return at once.
/// </summary>
internal sealed class SweepActor : ReceiveActor
{
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(10), LongestDrain = TimeSpan.FromSeconds(60);

    private readonly Func<IWorkerRoutes, ActiveSweep> _open;
    private readonly TimeProvider _time;
    private readonly CancellationToken _drain;
    private readonly Action<SweepEnd> _ended;
    private readonly Routes _routes;
    private readonly ActorSystem _system = Context.System;
    private readonly AkkaCluster _cluster = AkkaCluster.Get(Context.System);
    private readonly IActorRef _self = Context.Self;
    private ActiveSweep? _sweep;
    private Task _run = Task.CompletedTask;

    /// <param name="open">Opens the journal, which fences off whoever wrote it before, and makes the service on it.</param>
    /// <param name="time">The clock of the messages' arrival.</param>
    /// <param name="ended">Told how serving ended; not told when another orchestrator goes on.</param>
    /// <param name="drain">Asks to stop for good: what is in work is handed back.</param>
    public SweepActor(Func<IWorkerRoutes, ActiveSweep> open, TimeProvider time, Action<SweepEnd> ended, CancellationToken drain)
    {
        _open = open;
        _time = time;
        _drain = drain;
        _ended = ended;
        _routes = new Routes(_self);
        Receive<WorkerMessages>(OnMessages);
        Receive<Terminated>(gone => OnWorkerGone(gone.ActorRef));
        Receive<Ended>(ended => OnEnded(ended.End));
        Receive<HandOver>(_ => Context.Stop(Self));
    }

    /// <summary>Stop serving; the next oldest orchestrator goes on where the journal ends.</summary>
    public sealed record HandOver;

    private sealed record Ended(SweepEnd End);

    protected override void PreStart()
    {
        try
        {
            _sweep = _open(_routes);
        }
#pragma warning disable CA1031 // Whatever keeps the sweep from being served ends this node with its reason; a restarted actor would only fail again, unheard.
        catch (Exception error)
        {
            Self.Tell(new Ended(new SweepEnd(false, error)));
            return;
        }
#pragma warning restore CA1031
        Task<SweepEnd> run = _sweep.Service.RunAsync(SettleAsync, _drain);
        _run = run;
        run.PipeTo(Self, success: end => new Ended(end), failure: error => new Ended(new SweepEnd(false, error)));

        // Workers of a predecessor need not wait for their next heartbeat to find out.
        foreach (Member worker in WorkerMembers()) Tell(worker, new Order.Join());
    }

    protected override void PostStop()
    {
        _sweep?.Service.Abandon();
        _run.ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        _sweep?.Journal.Dispose();
    }

    private void OnMessages(WorkerMessages messages)
    {
        if (_routes.Set(messages.From, Sender)) Context.Watch(Sender);
        _sweep?.Service.Receive(messages.From, messages.Messages);
    }

    private void OnWorkerGone(IActorRef actor)
    {
        foreach (WorkerId worker in _routes.Remove(actor))
            _sweep?.Service.Receive(worker, [new WorkerGone(_time.GetUtcNow(), worker, "its node is gone from the cluster")]);
    }

    private void OnEnded(SweepEnd end) => _ended(end);

    /// <summary>Waits until the workers have said what they still had to say: at the end of the sweep until they have gone, else until nothing is in work.</summary>
    private async Task SettleAsync(SweepEnd end)
    {
        // One that a predecessor could not tell any more has to hear it too.
        if (end.Finished) foreach (Member worker in WorkerMembers()) Tell(worker, new Order.End());
        DateTimeOffset latest = _time.GetUtcNow() + (end.Finished ? LongestFarewell : LongestDrain);
        while (await IsInWork(end.Finished).ConfigureAwait(false) && _time.GetUtcNow() < latest) await Task.Delay(50).ConfigureAwait(false);
    }

    private async Task<bool> IsInWork(bool finished) => finished
        ? _sweep!.Service.Workers.Count > 0 || WorkerMembers().Any()
        : await _sweep!.Service.Query(state => state.Count(TrialState.Running)).ConfigureAwait(false) > 0;

    private IEnumerable<Member> WorkerMembers() =>
        _cluster.State.Members.Where(m => m.HasRole(NodeSettings.WorkerRole) && m.Status == MemberStatus.Up && !_cluster.State.Unreachable.Contains(m));

    private void Tell(Member worker, Order order) =>
        _system.ActorSelection(new RootActorPath(worker.Address) / "user" / WorkerActor.Name).Tell(new Orders([order]), _self);

    /// <summary>Where each worker's actor is. Read from the mailbox's thread as well.</summary>
    private sealed class Routes(IActorRef self) : IWorkerRoutes
    {
        private readonly ConcurrentDictionary<WorkerId, IActorRef> _actors = new();

        public void Deliver(WorkerId worker, Order order)
        {
            if (_actors.TryGetValue(worker, out IActorRef? actor)) actor.Tell(new Orders([order]), self);
        }

        /// <summary>Notes where a worker is.</summary>
        /// <returns>Whether that is news.</returns>
        public bool Set(WorkerId worker, IActorRef actor)
        {
            bool isNew = !_actors.TryGetValue(worker, out IActorRef? known) || !known.Equals(actor);
            if (isNew) _actors[worker] = actor;
            return isNew;
        }

        /// <summary>Forgets an actor.</summary>
        /// <returns>The workers that were there; none if they have come back from elsewhere since.</returns>
        public List<WorkerId> Remove(IActorRef actor)
        {
            List<WorkerId> gone = [.. _actors.Where(pair => pair.Value.Equals(actor)).Select(pair => pair.Key)];
            foreach (WorkerId worker in gone) _actors.TryRemove(worker, out _);
            return gone;
        }
    }
}
