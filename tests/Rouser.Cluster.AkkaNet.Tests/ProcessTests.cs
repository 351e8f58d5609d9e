using System.Diagnostics;
using Rouser.Coordination;
using Rouser.Orchestrator.Tests;
using Rouser.Orchestrator.Tests.Cluster;
using Xunit.Abstractions;

namespace Rouser.Cluster.AkkaNet.Tests;

/// <summary>
/// The real program, each node a process of its own that may be killed: every trial ends once, with the numbers of an
/// undisturbed run.
/// </summary>
public sealed class ProcessTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_standby_goes_on_when_the_orchestrator_in_charge_is_killed_and_no_trial_is_interrupted()
    {
        string spec = SmallSweeps.Write(_folder, trials: 5, epochs: 150);
        string undisturbed = await AkkaRun.Undisturbed(_folder, spec);
        using var run = new AkkaRun(_folder, "killed", spec);
        NodeAddress[] seeds = [Nodes.FreeAddress(), Nodes.FreeAddress()];
        Process active = run.Serve(seeds[0], seeds);
        await run.UntilServes(seeds[0]);
        Process standby = run.Serve(seeds[1], seeds);
        Process[] workers = [run.Work("w1", seeds), run.Work("w2", seeds), run.Work("w3", seeds)];
        await run.Until(() => run.Logged(seeds[0], $"orchestrator {seeds[1]} is in the cluster"), "the standby is there");
        await run.Until(
            events => events.OfType<EpochRecorded>().Select(e => e.Trial).Distinct().Count() == 3,
            "three trials are in work"
        );

        await ClusterRun.Kill(active);
        output.WriteLine($"hand-over after kill -9 took {(await run.UntilServes(seeds[1])).TotalSeconds:F1} s");

        await run.EndWell([standby, .. workers]);
        Assert.All(run.Events.OfType<TrialAssigned>(), e => Assert.Equal(1, e.Attempt));
        await run.AssertSameAs(undisturbed);
    }

    // They stayed a cluster of their own, which the same orchestrator, started again, did not find; and said nothing.
    [Fact]
    public async Task Workers_come_back_by_themselves_to_the_only_orchestrator_that_was_stopped_and_started_again()
    {
        string spec = SmallSweeps.Write(_folder, trials: 4, epochs: 60);
        string undisturbed = await AkkaRun.Undisturbed(_folder, spec);
        using var run = new AkkaRun(_folder, "stopped", spec);
        NodeAddress address = Nodes.FreeAddress();
        Process first = run.Serve(address, address);
        Process[] workers = [run.Work("w1", address), run.Work("w2", address)];
        await run.Until(
            events => events.OfType<EpochRecorded>().Select(e => e.Trial).Distinct().Count() == 2,
            "both workers train"
        );

        // Stopped in order and without a standby, it has what is in work handed back; nothing is lost, and nothing is
        // charged.
        await ClusterRun.Signal(first, "TERM");
        Assert.Equal(4, await run.End(first));
        Assert.Equal(run.Events.OfType<TrialAssigned>().Count(), run.Events.Count(e => e is TrialCompleted or AttemptReturned));
        foreach (Process worker in workers)
            await run.Until(() => Gone(worker) == 1, "a worker says that the orchestrator is gone");

        Process second = run.Serve(address, address);
        await run.EndWell(second);
        // One of them may still be on its way when the other has trained all that was left: it waits, as it said.
        Process[] back = [.. workers.Where(IsBack)];
        Assert.NotEmpty(back);
        await run.EndWell(back);
        Assert.All(workers, worker => Assert.Equal(1, Gone(worker)));
        Assert.Empty(run.Events.OfType<AttemptLost>());
        await run.AssertSameAs(undisturbed);

        int Gone(Process worker) =>
            run.Said(worker).Count(line => line.Contains("no orchestrator can be reached any more", StringComparison.Ordinal));
        bool IsBack(Process worker) =>
            run.Said(worker).Any(line => line.Contains("an orchestrator is back", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Any_orchestrator_of_the_list_starts_the_cluster_when_no_other_is_there_and_the_first_joins_it_later()
    {
        string spec = SmallSweeps.Write(_folder, trials: 3, epochs: 60);
        using var run = new AkkaRun(_folder, "second", spec);
        NodeAddress[] seeds = [Nodes.FreeAddress(), Nodes.FreeAddress()];
        Process second = run.Serve(seeds[1], seeds),
            worker = run.Work("w1", seeds);
        await run.UntilServes(seeds[1]);
        Process first = run.Serve(seeds[0], seeds);
        await run.Until(() => run.Logged(seeds[1], $"orchestrator {seeds[0]} is in the cluster"), "the first joins the second");
        await run.EndWell(second, worker, first);
        Assert.All(run.Events.OfType<TrialAssigned>(), e => Assert.Equal(1, e.Attempt));
    }

    [Fact]
    public async Task Trials_of_a_killed_worker_return_long_before_their_leases_run_out()
    {
        string spec = SmallSweeps.Write(_folder, trials: 4, epochs: 150);
        string undisturbed = await AkkaRun.Undisturbed(_folder, spec);
        using var run = new AkkaRun(_folder, "killed", spec);
        NodeAddress address = Nodes.FreeAddress();
        Process orchestrator = run.Serve(address, address),
            victim = run.Work("w1", address),
            other = run.Work("w2", address);
        await run.Until(
            events => events.OfType<EpochRecorded>().Select(e => e.Trial).Distinct().Count() > 1,
            "both workers train"
        );

        await ClusterRun.Kill(victim);
        TimeSpan returned = await run.Until(events => events.OfType<AttemptLost>().Any(), "the trial returns");
        output.WriteLine($"its trial returned after {returned.TotalSeconds:F1} s");

        await run.EndWell(orchestrator, other);
        Assert.Contains(
            "gone from the cluster",
            Assert.Single(run.Events.OfType<AttemptLost>()).Reason,
            StringComparison.Ordinal
        );
        // A death is a line or two that say who and what; never a stack trace.
        string[] log = File.ReadAllLines(Directory.GetFiles(run.Folder, "rouser.*.log").Single());
        Assert.DoesNotContain(
            log,
            line => line.StartsWith("   at ", StringComparison.Ordinal) || line.Contains("ERROR", StringComparison.Ordinal)
        );
        Assert.Single(log, line => line.Contains("is gone without a word", StringComparison.Ordinal));
        await run.AssertSameAs(undisturbed);
    }

    [Fact]
    public async Task Trials_of_more_epochs_go_on_by_the_nodes_of_a_cluster()
    {
        const string Keep = "run: {keep: all}";
        string spec = SmallSweeps.Write(_folder, trials: 3, epochs: 8, Keep);
        string[] before = ["run", spec, "--out", _folder["grown"], "--quiet"];
        Assert.Equal(0, (await RouserProcess.RunAsync(_folder.Path, before)).ExitCode);
        SmallSweeps.Write(_folder, trials: 3, epochs: 12, Keep);
        string undisturbed = await AkkaRun.Undisturbed(_folder, spec);
        using var run = new AkkaRun(_folder, "grown", spec);
        NodeAddress address = Nodes.FreeAddress();
        string at = $"{address}";
        Process orchestrator = run.Start(
            "serve",
            spec,
            "--out",
            run.Folder,
            "--listen",
            at,
            "--seed",
            at,
            "--http",
            "off",
            "--quiet",
            "--yes"
        );
        await run.EndWell([orchestrator, run.Work("w1", address)]);
        Assert.Equal(3, run.Events.OfType<TrialContinued>().Count());
        await run.AssertSameAs(undisturbed);
        Assert.Equal(3 * (8 + 12), Directory.GetFiles(Path.Combine(run.Folder, "models")).Length);
    }

    [Fact]
    public async Task An_orchestrator_reuses_what_another_run_has_trained_and_shares_what_its_nodes_train()
    {
        Dictionary<string, string> store = new() { ["ROUSER_STORE"] = _folder["store"] };
        string fewer = SmallSweeps.Write(_folder, trials: 3, epochs: 5);
        await Local(fewer, "fewer");
        string spec = SmallSweeps.Write(_folder, trials: 4, epochs: 5);
        string undisturbed = await AkkaRun.Undisturbed(_folder, spec);
        using var run = new AkkaRun(_folder, "served", spec) { Environment = store };
        NodeAddress address = Nodes.FreeAddress();
        Process orchestrator = run.Serve(address, address);
        await run.EndWell([orchestrator, run.Work("w1", address)]);
        Assert.Equal(3, run.Events.OfType<TrialReused>().Count());
        Assert.Single(run.Events.OfType<TrialAssigned>());
        await run.AssertSameAs(undisturbed);
        Assert.Contains("0 trials to train", await Local(spec, "again"), StringComparison.Ordinal);

        async Task<string> Local(string sweep, string name)
        {
            Finished ended = await RouserProcess.WaitAsync(
                RouserProcess.Start(_folder.Path, ["run", sweep, "--out", _folder[name]], store)
            );
            Assert.True(ended.ExitCode == 0, ended.Errors);
            return ended.Output;
        }
    }
}
