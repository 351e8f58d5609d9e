using System.Diagnostics;
using System.Globalization;
using Rouser.Coordination;
using Xunit.Abstractions;

namespace Rouser.Orchestrator.Tests.Cluster;

/// <summary>
/// Kills and standstills, one after the other, in one sweep: every trial ends once, and the tables are those of a run
/// that nothing disturbed. A few of them run with the other tests. All of them, 50 kills of workers, 5 of the
/// orchestrator and 12 standstills, and 50 kills and 12 standstills of a run in one process, run with
/// <c>ROUSER_STORM=1 dotnet test tests/Rouser.Orchestrator.Tests -c Release --filter StormTests</c>.
/// </summary>
public class StormTests(ITestOutputHelper output)
{
    private const int Trials = 200,
        Workers = 3;

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("ROUSER_STORM") == "1";

    /// <summary>Longer than a lease, so that some of those that stood still have lost their trials meanwhile.</summary>
    private static readonly TimeSpan Standstill = TimeSpan.FromSeconds(4);

    private static readonly int Kills = IsLong ? 50 : 3,
        OrchestratorKills = IsLong ? 5 : 2,
        Standstills = IsLong ? 12 : 2,
        Epochs = IsLong ? 8 : 2;

    private enum Disturbance
    {
        KillWorker,
        KillOrchestrator,
        StopWorker,
        StopOrchestrator,
    }

    [SkippableFact]
    public async Task Two_hundred_trials_end_once_in_a_storm_over_http()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals");
        using var folder = new TemporaryFolder();
        string spec = folder.Write("sweep.yaml", Sweep());
        string expected = await Undisturbed(folder, spec);
        using var run = new ClusterRun(folder, "storm", spec);
        Process orchestrator = run.Serve();
        Process[] workers = [.. Enumerable.Range(0, Workers).Select(w => run.Work($"w{w}-0"))];
        int seed = Environment.TickCount;
        var random = new Random(seed);
        Disturbance[] blows = Shuffled(random);
        output.WriteLine($"seed {seed}");
        for (int blow = 0; blow < blows.Length; blow++)
        {
            // At places of the sweep rather than of the clock, so that each meets work, however slow the machine is.
            int place = Trials * Epochs * (blow + 1) / (blows.Length + 2);
            await run.Until(events => events.OfType<EpochRecorded>().Count() >= place);
            int victim = random.Next(Workers);
            switch (blows[blow])
            {
                case Disturbance.KillWorker:
                    await ClusterRun.Kill(workers[victim]);
                    workers[victim] = run.Work(string.Create(CultureInfo.InvariantCulture, $"w{victim}-{blow + 1}"));
                    break;
                case Disturbance.KillOrchestrator:
                    await ClusterRun.Kill(orchestrator);
                    orchestrator = run.Serve();
                    break;
                case Disturbance.StopWorker:
                    await StandStill(workers[victim]);
                    break;
                default:
                    await StandStill(orchestrator);
                    break;
            }
        }
        await run.EndWell(orchestrator);
        output.WriteLine(
            $"{string.Join(", ", blows.CountBy(b => b).Select(b => $"{b.Value} × {b.Key}"))}; "
                + $"{run.Events.OfType<AttemptLost>().Count()} attempts lost"
        );
        await run.AssertSameAs(expected);
    }

    [SkippableFact]
    public async Task A_run_in_one_process_that_is_killed_again_and_again_ends_like_an_undisturbed_one()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals");
        using var folder = new TemporaryFolder();
        string spec = folder.Write("sweep.yaml", Sweep());
        string expected = await Undisturbed(folder, spec);
        using var run = new ClusterRun(folder, "storm", spec);
        Process process = run.Start("run", spec, "--out", run.Folder, "--quiet");
        Disturbance[] blows =
        [
            .. Enumerable.Repeat(Disturbance.KillWorker, Kills),
            .. Enumerable.Repeat(Disturbance.StopWorker, Standstills),
        ];
        new Random(Environment.TickCount).Shuffle(blows);
        for (int blow = 0; blow < blows.Length; blow++)
        {
            int place = Trials * Epochs * (blow + 1) / (blows.Length + 2);
            await run.Until(events => events.OfType<EpochRecorded>().Count() >= place);
            if (blows[blow] == Disturbance.StopWorker)
            {
                await StandStill(process);
                continue;
            }
            await ClusterRun.Kill(process);
            process = run.Start("resume", run.Folder, "--quiet");
        }
        await run.EndWell(process);
        output.WriteLine($"{string.Join(", ", blows.CountBy(b => b).Select(b => $"{b.Value} × {b.Key}"))}");
        await run.AssertSameAs(expected);
    }

    private static Disturbance[] Shuffled(Random random)
    {
        Disturbance[] blows =
        [
            .. Enumerable.Repeat(Disturbance.KillWorker, Kills),
            .. Enumerable.Repeat(Disturbance.KillOrchestrator, OrchestratorKills),
            .. Enumerable.Range(0, Standstills).Select(i => i % 4 == 3 ? Disturbance.StopOrchestrator : Disturbance.StopWorker),
        ];
        random.Shuffle(blows);
        return blows;
    }

    private static async Task StandStill(Process process)
    {
        await ClusterRun.Signal(process, "STOP");
        await Task.Delay(Standstill);
        await ClusterRun.Signal(process, "CONT");
    }

    private static async Task<string> Undisturbed(TemporaryFolder folder, string spec)
    {
        Finished run = await RouserProcess.RunAsync(folder.Path, "run", spec, "--out", folder["undisturbed"], "--quiet");
        Assert.True(run.ExitCode == 0, run.Errors);
        return RunTables.Results(folder["undisturbed"]);
    }

    private static string Sweep() =>
        $$"""
            schema: rouser/sweep/v1
            name: storm
            base:
              dataset: {name: saccade-digits, steps: 30, train_samples: 40, test_samples: 10}
              network: {hidden: [16]}
              threshold: {init: 0.5}
              epochs: {{Epochs}}
              batch_size: 8
            seeds: [{{string.Join(", ", Enumerable.Range(0, Trials))}}]
            run:
              lease: 3s
              retries: {lost: 1000}
            """;
}
