using System.Diagnostics;
using Rouser.Core.Coordination;
using Rouser.Orchestrator.Tests;
using Rouser.Orchestrator.Tests.Cluster;
using Xunit.Abstractions;

namespace Rouser.Cluster.AkkaNet.Tests;

/// <summary>The real program, each node a process of its own that may be killed: every trial ends once, with the numbers of an undisturbed run.</summary>
public sealed class ProcessTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_standby_goes_on_when_the_singletons_node_is_killed_and_no_trial_on_another_node_is_interrupted()
    {
        string spec = Spec(epochs: 150);
        string undisturbed = await Undisturbed(spec);
        using var run = new ClusterRun(_folder, "killed", spec);
        NodeAddress[] seeds = [Nodes.FreeAddress(), Nodes.FreeAddress()];
        Process active = Serve(run, spec, seeds[0], seeds);
        await run.Until(_ => Directory.Exists(run.Folder) && Logged(run, seeds[0], "serves"));
        Process standby = Serve(run, spec, seeds[1], seeds);
        Process[] workers = [Work(run, "w1", seeds), Work(run, "w2", seeds)];
        await run.Until(_ => Logged(run, seeds[1], "Younger"));
        await run.Until(events => events.OfType<EpochRecorded>().Select(e => e.Trial).Distinct().Count() > 1);

        await ClusterRun.Kill(active);
        long killed = Stopwatch.GetTimestamp();
        await run.Until(_ => Logged(run, seeds[1], "serves"));
        output.WriteLine($"hand-over took {Stopwatch.GetElapsedTime(killed).TotalSeconds:F1} s");

        Assert.True(await run.End(standby) == 0, await run.EndAndDescribe());
        foreach (Process worker in workers) Assert.Equal(0, await run.End(worker));
        Assert.All(run.Events.OfType<TrialAssigned>(), e => Assert.Equal(1, e.Attempt));
        await run.AssertSameAs(undisturbed);
    }

    [Fact]
    public async Task Trials_of_a_killed_worker_return_long_before_their_leases_run_out()
    {
        string spec = Spec(epochs: 150);
        string undisturbed = await Undisturbed(spec);
        using var run = new ClusterRun(_folder, "killed", spec);
        NodeAddress address = Nodes.FreeAddress();
        Process orchestrator = Serve(run, spec, address, [address]);
        Process victim = Work(run, "w1", [address]), other = Work(run, "w2", [address]);
        await run.Until(events => events.OfType<EpochRecorded>().Select(e => e.Trial).Distinct().Count() > 1);

        await ClusterRun.Kill(victim);
        long killed = Stopwatch.GetTimestamp();
        await run.Until(events => events.OfType<AttemptLost>().Any());
        output.WriteLine($"its trial returned after {Stopwatch.GetElapsedTime(killed).TotalSeconds:F1} s");

        Assert.True(await run.End(orchestrator) == 0, await run.EndAndDescribe());
        Assert.Equal(0, await run.End(other));
        Assert.Contains("gone from the cluster", Assert.Single(run.Events.OfType<AttemptLost>()).Reason, StringComparison.Ordinal);
        await run.AssertSameAs(undisturbed);
    }

    [Fact]
    public async Task A_worker_that_stood_still_until_the_cluster_removed_it_joins_again()
    {
        string spec = Spec(epochs: 300);
        string undisturbed = await Undisturbed(spec);
        using var run = new ClusterRun(_folder, "still", spec);
        NodeAddress address = Nodes.FreeAddress();
        Process orchestrator = Serve(run, spec, address, [address]);
        Process worker = Work(run, "w1", [address]);
        await run.Until(events => events.OfType<EpochRecorded>().Any());

        await ClusterRun.Signal(worker, "STOP");
        await run.Until(events => events.OfType<AttemptLost>().Any());
        await ClusterRun.Signal(worker, "CONT");

        Assert.True(await run.End(orchestrator) == 0, await run.EndAndDescribe());
        Assert.Equal(0, await run.End(worker));
        Assert.Contains(run.Events.OfType<TrialAssigned>(), e => e.Attempt == 2);
        await run.AssertSameAs(undisturbed);
    }

    private string Spec(int epochs) => _folder.Write("sweep.yaml", $$"""
        schema: rouser/sweep/v1
        name: sweep
        base:
          dataset: {name: saccade-digits, steps: 60, train_samples: 60, test_samples: 20}
          network: {hidden: [24, 17]}
          threshold: {init: 0.5}
          loss: {true_period: 2, false_period: 30}
          epochs: {{epochs}}
          batch_size: 16
        seeds: [0, 1, 2, 3]
        """);

    private async Task<string> Undisturbed(string spec)
    {
        Finished run = await RouserProcess.RunAsync(_folder.Path, "run", spec, "--out", _folder["undisturbed"], "--quiet");
        Assert.True(run.ExitCode == 0, run.Errors);
        return RunTables.Results(_folder["undisturbed"]);
    }

    private static Process Serve(ClusterRun run, string spec, NodeAddress listen, NodeAddress[] seeds) =>
        run.Start(["serve", spec, "--out", run.Folder, "--transport", "akka", "--listen", $"{listen}", "--quiet", .. seeds.SelectMany(s => new[] { "--seed", $"{s}" })]);

    private static Process Work(ClusterRun run, string name, NodeAddress[] seeds) =>
        run.Start(["worker", "--slots", "1", "--threads", "1", "--name", name, .. seeds.SelectMany(s => new[] { "--join", $"{s}" })]);

    private static bool Logged(ClusterRun run, NodeAddress node, string words)
    {
        string log = Path.Combine(run.Folder, $"rouser.{node.Port}.log");
        return File.Exists(log) && File.ReadAllText(log).Contains(words, StringComparison.Ordinal);
    }
}
