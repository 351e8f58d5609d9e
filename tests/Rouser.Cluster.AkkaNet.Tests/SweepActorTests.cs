using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Microsoft.Extensions.Logging.Abstractions;
using Rouser.Cluster.Serving;
using Rouser.Cluster.Tests;
using Rouser.Cluster.Wire;
using Rouser.Coordination;
using Rouser.Storage.Checkpoints;
using Rouser.Sweeps;
using Rouser.Testing.Worker;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Rouser.Cluster.AkkaNet.Tests;

/// <summary>
/// The coordinator as an actor: what it carries to and from the service, and what it makes of actors that are gone.
/// </summary>
public sealed class SweepActorTests : TestKit
{
    private static readonly Plan Planned = TinyTrials.Plan(trials: 2, epochs: 1);

    private readonly MemoryJournal _journal = new();
    private readonly TaskCompletionSource<SweepEnd> _end = new();
    private readonly CancellationTokenSource _drain = new();
    private readonly LogLines _log = new();

    // So that a node that joins this one stays about to join, which is over in a second otherwise.
    private static readonly Config StaysJoining = ConfigurationFactory.ParseString("akka.cluster.min-nr-of-members = 3");

    public SweepActorTests()
        : base(StaysJoining.WithFallback(Nodes.Config(NodeSettings.OrchestratorRole))) { }

    [Fact]
    public void A_sweep_is_trained_by_a_worker_that_asks()
    {
        IActorRef sweep = Serve();
        TestProbe worker = CreateTestProbe();
        Join(sweep, worker, "w1", slots: 2);
        WorkerCommand.Assign[] given = [Expect<WorkerCommand.Assign>(worker), Expect<WorkerCommand.Assign>(worker)];
        foreach (WorkerCommand.Assign order in given)
            Finish(sweep, worker, "w1", order.Lease);
        Expect<WorkerCommand.End>(worker);
        Assert.Equal(2, State().Count(TrialState.Completed));

        // It is told, so it goes; only then does serving end.
        Say(sweep, worker, "w1", new WorkerLeft("done"));
        Assert.Equal(new SweepEnd(true, null), End());
    }

    [Fact]
    public void Trials_of_a_worker_whose_node_is_gone_return_at_once()
    {
        IActorRef sweep = Serve();
        TestProbe first = CreateTestProbe(),
            second = CreateTestProbe();
        Join(sweep, first, "w1", slots: 1);
        LeaseKey lost = Expect<WorkerCommand.Assign>(first).Lease;

        Sys.Stop(first);
        AwaitAssert(() => Assert.Equal(lost.Trial, Assert.Single(_journal.Events.OfType<AttemptLost>()).Trial));
        Join(sweep, second, "w2", slots: 2);
        Assert.Contains(
            new LeaseKey(lost.Trial, 2),
            new[] { Expect<WorkerCommand.Assign>(second).Lease, Expect<WorkerCommand.Assign>(second).Lease }
        );
    }

    // A node that was cut off comes back as a new member, before or after the cluster has noticed that the old one is
    // gone.
    [Fact]
    public void A_worker_that_came_back_is_not_taken_for_gone_when_its_old_actor_is()
    {
        IActorRef sweep = Serve();
        TestProbe before = CreateTestProbe(),
            after = CreateTestProbe();
        Join(sweep, before, "w1", slots: 1);
        LeaseKey held = Expect<WorkerCommand.Assign>(before).Lease;
        Say(sweep, after, "w1", new WorkerJoined(1), new Heartbeat([held]));

        Sys.Stop(before);
        Finish(sweep, after, "w1", held);
        Assert.Empty(_journal.Events.OfType<AttemptLost>());
    }

    [Fact]
    public void A_successor_goes_on_with_what_is_in_work()
    {
        IActorRef first = Serve();
        TestProbe worker = CreateTestProbe();
        Join(first, worker, "w1", slots: 1);
        LeaseKey held = Expect<WorkerCommand.Assign>(worker).Lease;

        Watch(first);
        first.Tell(SweepActor.HandOver.Instance);
        ExpectTerminated(first);
        IActorRef second = Serve();
        Say(second, worker, "w1", new Heartbeat([held]));
        Expect<WorkerCommand.Join>(worker);
        Finish(second, worker, "w1", held);

        Assert.Equal(1, State().Find(held.Trial)!.Attempt);
        Assert.DoesNotContain(_journal.Events, e => e is AttemptLost or AttemptReturned);
        Assert.False(_end.Task.IsCompleted);
    }

    [Fact]
    public void Drained_it_asks_for_what_is_in_work_and_ends_when_it_has_it()
    {
        IActorRef sweep = Serve();
        TestProbe worker = CreateTestProbe();
        Join(sweep, worker, "w1", slots: 1);
        LeaseKey held = Expect<WorkerCommand.Assign>(worker).Lease;

        _drain.Cancel();
        Expect<WorkerCommand.Drain>(worker);
        Say(sweep, worker, "w1", new TrialHandedBack(held, "stopped"));
        Assert.Equal(new SweepEnd(false, null), End());
        Assert.Single(_journal.Events.OfType<AttemptReturned>());
    }

    [Fact]
    public void An_orchestrator_that_was_fenced_off_acts_on_nothing_and_ends()
    {
        var fenced = new FencedOutException("the journal has been opened since");
        _journal.BeforeAppend = _ => throw fenced;
        IActorRef sweep = Serve();
        TestProbe worker = CreateTestProbe();
        Join(sweep, worker, "w1", slots: 1);
        Assert.Equal(new SweepEnd(false, fenced), End());
        worker.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public void A_journal_that_cannot_be_opened_ends_it()
    {
        var error = new IOException("no such database");
        Sys.ActorOf(
            Props.Create(() =>
                new SweepActor(() => Throw(error), end => _end.TrySetResult(end), NullLogger.Instance, false, _drain.Token)
            )
        );
        Assert.Equal(new SweepEnd(false, error), End());
    }

    // A standby that took over found SQLite's lock held by the stopped one for five seconds, gave up for good, and
    // nobody served.
    [Fact]
    public void A_journal_that_is_locked_is_opened_as_soon_as_it_is_free()
    {
        int tries = 0;
        Sys.ActorOf(
            Props.Create(() =>
                new SweepActor(
                    () =>
                        Interlocked.Increment(ref tries) < 3
                            ? Throw(new IOException("another program holds the journal"))
                            : Open(),
                    end => _end.TrySetResult(end),
                    _log,
                    true,
                    _drain.Token
                )
            ),
            "late"
        );
        TestProbe worker = CreateTestProbe();
        AwaitAssert(
            () =>
            {
                Join(Sys.ActorSelection("/user/late").ResolveOne(TimeSpan.FromSeconds(5)).Result, worker, "w1", slots: 1);
                Expect<WorkerCommand.Assign>(worker);
            },
            TimeSpan.FromSeconds(60)
        );
        Assert.Equal(3, tries);
        Assert.Single(_log.Lines, line => line.Contains("another program holds the journal", StringComparison.Ordinal));
        Assert.False(_end.Task.IsCompleted);
    }

    [Fact]
    public async Task A_sweep_that_had_ended_already_ends_at_once()
    {
        A_sweep_is_trained_by_a_worker_that_asks();
        var again = new TaskCompletionSource<SweepEnd>();
        Sys.ActorOf(
            Props.Create(() => new SweepActor(Open, end => again.TrySetResult(end), NullLogger.Instance, false, _drain.Token))
        );
        Assert.Equal(new SweepEnd(true, null), await again.Task.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    // Nobody told it, and it waited for an orchestrator that never came.
    [Fact]
    public async Task A_worker_node_that_joins_when_the_sweep_ends_is_told_so()
    {
        AkkaCluster here = AkkaCluster.Get(Sys);
        here.Join(here.SelfAddress);
        using var late = ActorSystem.Create(Sys.Name, StaysJoining.WithFallback(Nodes.Config(NodeSettings.WorkerRole)));
        AkkaCluster there = AkkaCluster.Get(late);
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Action<WorkerCommand> handle = command =>
        {
            if (command is WorkerCommand.End && told.TrySetResult())
                _ = there.LeaveAsync();
        };
        late.ActorOf(Props.Create(() => new WorkerActor(handle)), WorkerActor.Name);
        there.Join(here.SelfAddress);
        await AwaitAssertAsync(
            () =>
                Assert.Contains(here.State.Members, m => m.Status == MemberStatus.Joining && m.HasRole(NodeSettings.WorkerRole)),
            TimeSpan.FromSeconds(60)
        );

        A_sweep_is_trained_by_a_worker_that_asks();
        await told.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await late.Terminate();
    }

    private static ActiveSweep Throw(Exception error) => throw error;

    private IActorRef Serve() =>
        Sys.ActorOf(
            Props.Create(() =>
                new SweepActor(() => Open(), end => _end.TrySetResult(end), NullLogger.Instance, false, _drain.Token)
            )
        );

    private ActiveSweep Open() =>
        new(
            new SweepService(
                Planned,
                TinyTrials.Run,
                new SweepResources(_journal, new MemoryCheckpoints()),
                TimeProvider.System,
                _ => { },
                NullLogger.Instance
            ),
            new SweepFiles(new CheckpointFiles("none"), _ => null),
            _journal
        );

    private static void Join(IActorRef sweep, TestProbe worker, string name, int slots) =>
        Say(sweep, worker, name, new WorkerJoined(slots), new WorkRequested(slots));

    private static void Finish(IActorRef sweep, TestProbe worker, string name, LeaseKey lease)
    {
        Say(
            sweep,
            worker,
            name,
            new EpochReported(lease, TinyTrials.Epoch(1)),
            new TrialFinished(lease, TinyTrials.Distances(1))
        );
        Assert.Equal(lease, Expect<WorkerCommand.Acknowledge>(worker).Lease);
    }

    private static void Say(IActorRef sweep, TestProbe worker, string name, params WorkerMessage[] messages) =>
        sweep.Tell(new WorkerMessages(new WorkerId(name), messages), worker.Ref);

    private static TOrder Expect<TOrder>(TestProbe worker)
        where TOrder : WorkerCommand =>
        Assert.IsType<TOrder>(Assert.Single(worker.ExpectMsg<WorkerCommands>(TimeSpan.FromSeconds(10)).List));

    private SweepEnd End()
    {
        Assert.True(_end.Task.Wait(TimeSpan.FromSeconds(20)), "Serving did not end.");
        return _end.Task.Result;
    }

    private CoordinatorState State() => new Coordinator(Planned, TinyTrials.Run, _journal.Events).State;
}
