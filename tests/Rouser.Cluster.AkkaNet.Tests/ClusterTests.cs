using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using Akka.Configuration;
using Rouser.Cluster.Tests;
using Rouser.Coordination;
using Rouser.Testing.Worker;
using Xunit.Abstractions;

namespace Rouser.Cluster.AkkaNet.Tests;

/// <summary>Real clusters of several nodes, each an actor system of its own, in this process.</summary>
public sealed class ClusterTests(ITestOutputHelper output) : IDisposable
{
    private const int Trials = 6;

    /// <summary>Far more than anything here takes: it only keeps a defect from hanging the tests.</summary>
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(5);

    private readonly Nodes _nodes = new(WirePlan.Of(Trials), TinyTrials.Run);
    private readonly CancellationTokenSource _stopFirst = new(),
        _never = new();

    public void Dispose()
    {
        _nodes.Dispose();
        output.WriteLine(string.Join('\n', _nodes.Log.Lines));
        _stopFirst.Dispose();
        _never.Dispose();
    }

    [Fact]
    public async Task Workers_train_a_sweep_to_its_end_and_all_nodes_go()
    {
        // Until both have a trial: a worker that comes when the sweep has ended would wait for the next.
        using var gate = new Gate();
        _nodes.BeforeBatch = _ => gate.Pass();
        NodeAddress address = Nodes.FreeAddress();
        Task<SweepEnd?> orchestrator = _nodes.Orchestrator(address, () => { }, _never.Token, address);
        Task<bool> one = _nodes.Worker("w1", 1, _never.Token, address),
            two = _nodes.Worker("w2", 2, _never.Token, address);
        for (int slot = 0; slot < 3; slot++)
            gate.AwaitArrival();
        gate.Open();

        Assert.Equal(new SweepEnd(true, null), await orchestrator.WaitAsync(TooLong));
        Assert.True(await one.WaitAsync(TooLong));
        Assert.True(await two.WaitAsync(TooLong));
        Assert.All(_nodes.State().Trials, trial => Assert.Equal((TrialState.Completed, 1), (trial.State, trial.Attempt)));
        Assert.Empty(_nodes.Checkpoints.Trials);
    }

    // What either says, the other cannot read, and Akka.NET drops it: both waited for ever.
    [Fact]
    public async Task A_worker_ends_where_the_orchestrator_speaks_another_version_of_the_protocol()
    {
        NodeAddress address = Nodes.FreeAddress();
        using ActorSystem older = OlderNode(NodeSettings.OrchestratorRole, address, address);
        var refused = await Assert.ThrowsAsync<RefusedException>(() =>
            _nodes.Worker("w1", 1, _never.Token, address).WaitAsync(TooLong)
        );
        Assert.Equal(
            $"the orchestrator {address} speaks another version of the protocol; run the same rouser on both sides",
            refused.Message
        );
    }

    [Fact]
    public async Task An_orchestrator_tells_of_a_worker_that_speaks_another_version_of_the_protocol()
    {
        NodeAddress address = Nodes.FreeAddress();
        Task<SweepEnd?> orchestrator = _nodes.Orchestrator(address, () => { }, _stopFirst.Token, address);
        NodeAddress own = Nodes.FreeAddress();
        using ActorSystem older = OlderNode(NodeSettings.WorkerRole, own, address);
        string line = $"worker node {own} speaks another version of the protocol; run the same rouser on both sides";
        using var patience = new CancellationTokenSource(TooLong);
        while (!_nodes.Log.Lines.Contains(line))
            await Task.Delay(50, patience.Token);
        await older.Terminate();
        await _stopFirst.CancelAsync();
        await orchestrator.WaitAsync(TooLong);
    }

    /// <summary>A node as rouser made them before they told by which version they speak.</summary>
    private static ActorSystem OlderNode(string role, NodeAddress listen, NodeAddress seed)
    {
        var system = ActorSystem.Create(
            NodeSettings.SystemName,
            ConfigurationFactory
                .ParseString($"akka.remote.dot-netty.tcp.port = {listen.Port.ToString(CultureInfo.InvariantCulture)}")
                .WithFallback(Nodes.Config(role))
        );
        Akka.Cluster.Cluster.Get(system).Join(seed.ToAkka("akka.tcp"));
        return system;
    }

    [Fact]
    public async Task A_standby_goes_on_where_a_stopped_orchestrator_leaves_off_and_no_trial_is_interrupted()
    {
        using var gate = new Gate();
        _nodes.BeforeBatch = training =>
        {
            if (training.Seed < 2)
                gate.Pass();
        };
        NodeAddress first = Nodes.FreeAddress(),
            second = Nodes.FreeAddress();
        var serving = new TaskCompletionSource();
        var tookOver = new TaskCompletionSource();
        Task<SweepEnd?> active = _nodes.Orchestrator(first, serving.SetResult, _stopFirst.Token, first, second);
        await serving.Task.WaitAsync(TooLong);
        Task<SweepEnd?> standby = _nodes.Orchestrator(second, tookOver.SetResult, _never.Token, first, second);
        Task<bool> worker = _nodes.Worker("w1", 2, _never.Token, first, second);
        gate.AwaitArrival();
        gate.AwaitArrival();

        // Two trials wait in the middle of a batch while the coordinator moves.
        while (!_nodes.Orchestrators[0].HasStandby)
            await Task.Delay(100);
        long stopped = Stopwatch.GetTimestamp();
        await _stopFirst.CancelAsync();
        Assert.Null(await active.WaitAsync(TooLong));
        await tookOver.Task.WaitAsync(TooLong);
        output.WriteLine($"hand-over took {Stopwatch.GetElapsedTime(stopped).TotalSeconds:F1} s");
        gate.Open();

        Assert.Equal(new SweepEnd(true, null), await standby.WaitAsync(TooLong));
        Assert.True(await worker.WaitAsync(TooLong));
        Assert.All(_nodes.State().Trials, trial => Assert.Equal((TrialState.Completed, 1), (trial.State, trial.Attempt)));
    }

    // One that stood by looked until the others listened no more. The other one, started anew, was second in the list
    // and looked until the first did. So nobody served again, which stalled a storm.
    [Fact]
    public async Task An_orchestrator_that_stands_by_does_not_wait_for_one_that_waits_for_it()
    {
        NodeAddress first = Nodes.FreeAddress(),
            second = Nodes.FreeAddress();
        var serving = new TaskCompletionSource();
        var again = new TaskCompletionSource();
        Task<SweepEnd?> stoodBy = _nodes.Orchestrator(first, Serves, _stopFirst.Token, first, second);
        await serving.Task.WaitAsync(TooLong);
        _nodes.FenceOff();
        while (!_nodes.Log.Lines.Any(line => line.Contains("stands by", StringComparison.Ordinal)))
            await Task.Delay(20);
        Task<SweepEnd?> anew = _nodes.Orchestrator(second, Serves, _stopFirst.Token, first, second);

        await again.Task.WaitAsync(TooLong);
        await _stopFirst.CancelAsync();
        await Task.WhenAll(stoodBy, anew).WaitAsync(TooLong);

        void Serves()
        {
            if (!serving.TrySetResult())
                again.TrySetResult();
        }
    }

    [Fact]
    public async Task A_worker_that_is_asked_to_go_hands_its_trials_back_and_another_goes_on_with_them()
    {
        using var gate = new Gate();
        _nodes.BeforeBatch = _ => gate.Pass();
        NodeAddress address = Nodes.FreeAddress();
        Task<SweepEnd?> orchestrator = _nodes.Orchestrator(address, () => { }, _never.Token, address);
        Task<bool> leaver = _nodes.Worker("w1", 1, _stopFirst.Token, address);
        gate.AwaitArrival();
        await _stopFirst.CancelAsync();
        gate.Open();
        Assert.False(await leaver.WaitAsync(TooLong));

        Task<bool> stayer = _nodes.Worker("w2", 2, _never.Token, address);
        Assert.Equal(new SweepEnd(true, null), await orchestrator.WaitAsync(TooLong));
        Assert.True(await stayer.WaitAsync(TooLong));
        TrialStatus handedBack = Assert.Single(_nodes.State().Trials, trial => trial.Attempt > 1);
        Assert.Equal((0, 0, 2), (handedBack.LostAttempts, handedBack.FailedAttempts, handedBack.Attempt));
    }

    [Fact]
    public async Task The_last_orchestrator_asks_for_what_is_in_work_before_it_stops()
    {
        using var gate = new Gate();
        _nodes.BeforeBatch = _ => gate.Pass();
        NodeAddress address = Nodes.FreeAddress();
        Task<SweepEnd?> orchestrator = _nodes.Orchestrator(address, () => { }, _stopFirst.Token, address);
        using var leave = new CancellationTokenSource();
        Task<bool> worker = _nodes.Worker("w1", 1, leave.Token, address);
        gate.AwaitArrival();
        await _stopFirst.CancelAsync();
        gate.Open();

        Assert.Equal(new SweepEnd(false, null), await orchestrator.WaitAsync(TooLong));
        Assert.Equal(0, _nodes.State().Count(TrialState.Running));
        await leave.CancelAsync();
        Assert.False(await worker.WaitAsync(TooLong));
    }
}
