using System.Diagnostics;
using System.Globalization;
using Rouser.Coordination;
using Rouser.Testing;

namespace Rouser.Orchestrator.Tests.Cluster;

/// <summary>What the page of <c>rouser serve</c> shows of workers that stand still or die; real processes, a real browser.</summary>
public sealed class WatchedWorkersTests
{
    private const string Token = "a-token-of-the-tests";

    // The lease is short, and a worker that stands still is noticed within it: the test waits for what the page says.
    private const string Sweep = """
        schema: rouser/sweep/v1
        name: watched
        base:
          engine: noop
          noop.epoch_ms: 300
          dataset: {name: saccade-digits, steps: 10, train_samples: 10, test_samples: 10}
          network: {hidden: [8]}
          epochs: 3000
        arms: {a: {threshold.init: 1.0}, b: {threshold.init: 2.0}}
        seeds: [0, 1, 2]
        studies:
          sooner: {}
          later: {base: {surrogate.tau: 2}}
        run: {lease: 8s}
        """;

    [SkippableFact]
    public async Task A_worker_that_stands_still_and_one_that_was_killed_are_seen_on_the_page_and_a_study_is_raised_there()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals");
        using var folder = new TemporaryFolder();
        string token = folder.Write("token", Token);
        using var run = new ClusterRun(folder, "run", folder.Write("watched.yaml", Sweep));
        Process orchestrator = run.Serve("--token-file", token);
        Dictionary<string, Process> workers = ((string[])["steady", "still", "killed"]).ToDictionary(
            name => name,
            name => run.Work(name, null, "--token-file", token)
        );
        await run.Until(events => events.OfType<EpochRecorded>().Select(e => e.Trial).Distinct().Count() == 3);
        await BrowserScript.RunAsync(
            "workers",
            new Uri($"http://127.0.0.1:{run.Port.ToString(CultureInfo.InvariantCulture)}/"),
            Token,
            new()
            {
                ["stop"] = () => ClusterRun.Signal(workers["still"], "STOP"),
                ["kill"] = () => ClusterRun.Kill(workers["killed"]),
                ["go on"] = () => ClusterRun.Signal(workers["still"], "CONT"),
            }
        );
        // What was lost there stands in the journal, and so does what was asked for.
        Assert.Superset(
            new HashSet<string> { "still", "killed" },
            run.Events.OfType<AttemptLost>().Select(e => e.Reason.Split(' ')[0]).ToHashSet()
        );
        StudyPrioritized raised = Assert.Single(run.Events.OfType<StudyPrioritized>());
        Assert.Equal(("later", 7), (raised.Study, raised.Priority));
        await ClusterRun.Kill(orchestrator);
    }
}
