using System.Diagnostics;
using Rouser.Coordination;
using Rouser.Orchestrator.Sessions;

namespace Rouser.Orchestrator.Tests.Cluster;

/// <summary>
/// Whatever dies, stops or is cut off, every trial ends once and with the numbers of an undisturbed run; many of these
/// at once are in <see cref="StormTests"/>.
/// </summary>
public class HttpClusterTests
{
    [Fact]
    public async Task A_worker_that_stood_still_longer_than_its_lease_is_not_believed_afterwards()
    {
        using var folder = new TemporaryFolder();
        string spec = folder.Write("sweep.yaml", Sweep(20, epochs: 30));
        string expected = await Undisturbed(folder, spec);
        using var run = new ClusterRun(folder, "stopped", spec);
        Process orchestrator = run.Serve(),
            sleeper = run.Work("sleeper");
        await run.Until(events => events.OfType<EpochRecorded>().Any());
        await ClusterRun.Signal(sleeper, "STOP");
        await run.Until(events => events.OfType<AttemptLost>().Any());
        Process other = run.Work("other");
        await run.Until(events => events.OfType<TrialCompleted>().Any());
        await ClusterRun.Signal(sleeper, "CONT");

        await run.EndWell(orchestrator, sleeper, other);
        await run.AssertSameAs(expected);
    }

    [Fact]
    public async Task An_orchestrator_that_stood_still_goes_on_with_its_workers()
    {
        using var folder = new TemporaryFolder();
        string spec = folder.Write("sweep.yaml", Sweep(6, epochs: 30));
        string expected = await Undisturbed(folder, spec);
        using var run = new ClusterRun(folder, "stopped", spec);
        Process orchestrator = run.Serve(),
            one = run.Work("one"),
            two = run.Work("two");
        await run.Until(events => events.OfType<EpochRecorded>().Any());
        await ClusterRun.Signal(orchestrator, "STOP");
        await Task.Delay(TimeSpan.FromSeconds(4));
        await ClusterRun.Signal(orchestrator, "CONT");

        await run.EndWell(orchestrator, one, two);
        await run.AssertSameAs(expected);
    }

    [Fact]
    public async Task A_worker_that_is_cut_off_loses_its_trial_to_another_and_is_there_again_when_the_wire_is_mended()
    {
        using var folder = new TemporaryFolder();
        string spec = folder.Write("sweep.yaml", Sweep(6, epochs: 30));
        string expected = await Undisturbed(folder, spec);
        using var run = new ClusterRun(folder, "cut", spec);
        using var wire = new TcpProxy(run.Port);
        // No token is kept under the wire's port, so the worker is given the orchestrator's, which takes the one that
        // is there.
        var tokens = new TokenStore(Path.Combine(AppContext.BaseDirectory, "data", "rouser", "tokens"));
        Assert.True(tokens.Make(run.Port).IsOk);
        Process orchestrator = run.Serve(),
            far = run.Work("far", wire.Port, "--token-file", tokens.FileOf(run.Port));
        await run.Until(events => events.OfType<EpochRecorded>().Any());
        wire.Cut();
        await run.Until(events => events.OfType<AttemptLost>().Any());
        Process near = run.Work("near");
        await run.Until(events => events.OfType<TrialCompleted>().Any());
        wire.Mend();

        await run.EndWell(orchestrator, near);
        // The sweep may have ended before the worker found its way back; then it waits for the next orchestrator, and
        // ends by the signal (4).
        await ClusterRun.Signal(far, "TERM");
        Assert.Contains(await run.End(far), (int[])[0, 4]);
        await run.AssertSameAs(expected);
    }

    [Fact]
    public async Task Asked_to_stop_a_worker_and_an_orchestrator_hand_everything_back_and_lose_nothing()
    {
        using var folder = new TemporaryFolder();
        // Nobody dies here, so no lease may expire, however slow the machine.
        string spec = folder.Write("sweep.yaml", Sweep(20, epochs: 30, lease: "10m"));
        string expected = await Undisturbed(folder, spec);
        using var run = new ClusterRun(folder, "asked", spec);
        Process orchestrator = run.Serve(),
            one = run.Work("one"),
            two = run.Work("two");
        // A process that is still starting ends at the signal, without a word.
        await run.Until(events => EpochsOf("one", events) > 0 && EpochsOf("two", events) > 0);
        await ClusterRun.Signal(one, "TERM");
        Assert.Equal(4, await run.End(one));
        await ClusterRun.Signal(orchestrator, "TERM");
        Assert.Equal(4, await run.End(orchestrator));
        Assert.False(two.HasExited);
        int assigned = run.Events.OfType<TrialAssigned>().Count(),
            ended = run.Events.Count(e => e is TrialCompleted or AttemptReturned);
        Assert.Equal(assigned, ended);

        Process next = run.Serve();
        await run.EndWell(next, two);
        Assert.Empty(run.Events.OfType<AttemptLost>());
        await run.AssertSameAs(expected);
    }

    [Fact]
    public async Task Trials_of_more_epochs_go_on_by_a_worker_elsewhere()
    {
        using var folder = new TemporaryFolder();
        const string Keep = "\n  keep: all\n";
        string spec = folder.Write("sweep.yaml", Sweep(3, epochs: 8) + Keep);
        string[] before = ["run", spec, "--out", folder["grown"], "--quiet"];
        Assert.Equal(0, (await RouserProcess.RunAsync(folder.Path, before)).ExitCode);
        File.WriteAllText(spec, Sweep(3, epochs: 12) + Keep);
        string expected = await Undisturbed(folder, spec);
        using var run = new ClusterRun(folder, "grown", spec);
        Process orchestrator = run.Serve("--yes"),
            worker = run.Work("one");
        await run.EndWell(orchestrator, worker);
        Assert.Equal(3, run.Events.OfType<TrialContinued>().Count());
        // What the worker tells of the epochs before is nothing new.
        Assert.Equal(3 * 4, EpochsOf("one", run.Events));
        await run.AssertSameAs(expected);
        string[] Models(string of) =>
            [.. Directory.GetFiles(folder[of, "models"]).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
        Assert.Equal(3 * 12, Models("undisturbed").Length);
        Assert.Subset(Models("grown").ToHashSet(), Models("undisturbed").ToHashSet());
    }

    private static int EpochsOf(string worker, IReadOnlyList<Event> events)
    {
        HashSet<LeaseKey> given = GivenTo(worker, events);
        return events.OfType<EpochRecorded>().Count(e => given.Contains(new LeaseKey(e.Trial, e.Attempt)));
    }

    private static HashSet<LeaseKey> GivenTo(string worker, IReadOnlyList<Event> events) =>
        [.. events.OfType<TrialAssigned>().Where(e => e.Worker.Value == worker).Select(e => new LeaseKey(e.Trial, e.Attempt))];

    private static async Task<string> Undisturbed(TemporaryFolder folder, string spec)
    {
        Finished run = await RouserProcess.RunAsync(folder.Path, "run", spec, "--out", folder["undisturbed"], "--quiet");
        Assert.True(run.ExitCode == 0, run.Errors);
        return RunTables.Results(folder["undisturbed"]);
    }

    private static string Sweep(int trials, int epochs, string lease = "3s") =>
        $$"""
            schema: rouser/sweep/v1
            name: cluster
            base:
              dataset: {name: saccade-digits, steps: 30, train_samples: 40, test_samples: 10}
              network: {hidden: [16]}
              threshold: {init: 0.5}
              epochs: {{epochs}}
              batch_size: 8
            seeds: [{{string.Join(", ", Enumerable.Range(0, trials))}}]
            run:
              lease: {{lease}}
              retries: {lost: 1000}
            """;
}
