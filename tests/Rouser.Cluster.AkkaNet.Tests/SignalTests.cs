using System.Diagnostics;
using Rouser.Coordination;
using Rouser.Orchestrator.Tests;
using Rouser.Orchestrator.Tests.Cluster;

namespace Rouser.Cluster.AkkaNet.Tests;

/// <summary>
/// A signal during a batch that takes longer than the time-outs by which Akka.NET's coordinated shutdown, its cluster
/// and the host end what they wait for.
/// </summary>
public sealed class SignalTests : IDisposable
{
    /// <summary>An epoch is one batch, of some 4 s of one core's work on a quick machine.</summary>
    private const string LongBatch = """
        schema: rouser/sweep/v1
        name: long
        base:
          dataset: {name: saccade-digits, train_samples: 100, test_samples: 10, steps: 200}
          network.hidden: [1500, 1500]
          batch_size: 100
          epochs: 3
        seeds: [0, 1]
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task A_worker_and_its_orchestrator_finish_the_long_batch_and_lose_nothing()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals");
        using var run = new AkkaRun(_folder, "run", _folder.Write("long.yaml", LongBatch));
        NodeAddress address = Nodes.FreeAddress();
        Process orchestrator = run.Serve(address, address),
            worker = run.Work("one", address);
        await run.Until(events => events.OfType<TrialAssigned>().Any(), "a trial is in work");
        await ClusterRun.Signal(worker, "TERM");
        Assert.Equal(4, await run.End(worker));
        Assert.Single(run.Events.OfType<AttemptReturned>());

        Process other = run.Work("two", address);
        await run.Until(
            events => events.OfType<TrialAssigned>().Any(assigned => assigned.Worker.ToString() == "two"),
            "the other worker has it"
        );
        await ClusterRun.Signal(orchestrator, "TERM");
        Assert.Equal(4, await run.End(orchestrator));
        Assert.Empty(run.Events.OfType<AttemptLost>());
        Assert.Equal(run.Events.OfType<TrialAssigned>().Count(), run.Events.Count(e => e is TrialCompleted or AttemptReturned));
        await ClusterRun.Signal(other, "TERM");
        Assert.Equal(4, await run.End(other));
    }
}
