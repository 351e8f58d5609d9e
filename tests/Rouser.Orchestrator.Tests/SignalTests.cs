using System.Diagnostics;
using Rouser.Coordination;
using Rouser.Orchestrator.Output;
using Rouser.Orchestrator.Tests.Cluster;

namespace Rouser.Orchestrator.Tests;

/// <summary>
/// A signal during a batch that takes longer than any time-out of a library's (System.CommandLine ended the process
/// after 2 s, unsaved), and while data is being prepared. The processes are real, and what is waited for is what they
/// tell, never a time.
/// </summary>
public class SignalTests
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
        seeds: [0]
        """;

    [SkippableTheory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 4)]
    [InlineData("HUP", 4)]
    public async Task A_run_finishes_the_long_batch_saves_and_says_how_to_go_on(string signal, int exitCode)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals");
        using var folder = new TemporaryFolder();
        string spec = folder.Write("long.yaml", LongBatch);
        using Process process = RouserProcess.Start(folder.Path, "run", spec, "--out", "a run", "--slots", "1", "--threads", "1");
        await UntilLogged(folder["a run", "rouser.log"], "assigned", process);
        await ClusterRun.Signal(process, signal);
        Finished stopped = await RouserProcess.WaitAsync(process);

        Assert.True(stopped.ExitCode == exitCode, $"{stopped.ExitCode}: {stopped.Output} {stopped.Errors}");
        Assert.Contains("stopped and saved; go on with: rouser resume 'a run'", stopped.Output, StringComparison.Ordinal);
        Assert.Contains("returned", await File.ReadAllTextAsync(folder["a run", "rouser.log"]), StringComparison.Ordinal);
        Assert.True(File.Exists(folder["a run", "metrics", "trials.parquet"]));
    }

    [SkippableFact]
    public async Task A_worker_and_its_orchestrator_finish_the_long_batch_and_lose_nothing()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals");
        using var folder = new TemporaryFolder();
        string spec = folder.Write("long.yaml", LongBatch.Replace("seeds: [0]", "seeds: [0, 1]", StringComparison.Ordinal));
        using var run = new ClusterRun(folder, "run", spec);
        Process orchestrator = run.Serve(),
            worker = run.Work("one");
        await run.Until(events => events.OfType<TrialAssigned>().Any());
        await ClusterRun.Signal(worker, "TERM");
        Assert.Equal(4, await run.End(worker));
        Assert.Single(run.Events.OfType<AttemptReturned>());

        Process other = run.Work("two");
        await run.Until(events => events.OfType<TrialAssigned>().Any(assigned => assigned.Worker.ToString() == "two"));
        await ClusterRun.Signal(orchestrator, "TERM");
        Assert.Equal(4, await run.End(orchestrator));
        Assert.Empty(run.Events.OfType<AttemptLost>());
        await ClusterRun.Signal(other, "TERM");
        Assert.Equal(4, await run.End(other));
    }

    [SkippableFact]
    public async Task A_run_that_was_stopped_is_resumed_stopped_again_and_ends_like_an_undisturbed_one()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals");
        using var folder = new TemporaryFolder();
        string spec = folder.Write("long.yaml", LongBatch);
        using var run = new ClusterRun(folder, "a run", spec);
        Process process = run.Start("run", spec, "--out", run.Folder, "--slots", "1");
        for (int stop = 1; stop <= 2; stop++)
        {
            await run.Until(events => events.OfType<TrialAssigned>().Count() == stop);
            await ClusterRun.Signal(process, stop == 1 ? "TERM" : "INT");
            Assert.Equal(stop == 1 ? 4 : 130, await run.End(process));
            Assert.Equal(stop, run.Events.OfType<AttemptReturned>().Count());
            process = run.Start("resume", run.Folder, "--slots", "1");
        }
        await run.EndWell(process);
        Assert.Equal([1, 2, 3], run.Events.OfType<EpochRecorded>().Select(e => e.Metrics.Epoch));
    }

    // It waits for hours, if need be, and not for the signal.
    [SkippableFact]
    public async Task A_worker_that_waits_for_an_orchestrator_ends_by_the_signal()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals");
        using var folder = new TemporaryFolder();
        string token = folder.Write("token", new string('t', 64));
        using Process process = RouserProcess.Start(
            folder.Path,
            "worker",
            "--join",
            $"http://127.0.0.1:{ClusterRun.FreePort()}",
            "--token-file",
            token
        );
        await UntilItTakesSignals(process);
        await ClusterRun.Signal(process, "TERM");
        Finished stopped = await RouserProcess.WaitAsync(process);
        Assert.True(stopped.ExitCode == 4, $"{stopped.ExitCode}: {stopped.Output} {stopped.Errors}");
    }

    [SkippableTheory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 4)]
    [InlineData("HUP", 4)]
    public async Task While_data_is_prepared_a_signal_stops_a_run_with_the_command_that_goes_on(string signal, int exitCode)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals");
        using var folder = new TemporaryFolder();
        await StopsWhilePreparing(folder, signal, exitCode, "run", Path.Combine(folder.Path, "slow.yaml"), "--out", "a run");
        Assert.False(Directory.Exists(folder["a run"]));
    }

    [SkippableFact]
    public async Task While_data_is_prepared_a_signal_stops_serve_with_the_command_that_goes_on()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals");
        using var folder = new TemporaryFolder();
        await StopsWhilePreparing(folder, "TERM", 4, "serve", Path.Combine(folder.Path, "slow.yaml"), "--out", "a run");
        Assert.False(Directory.Exists(folder["a run"]));
    }

    // These took no signal: the parser hands its own on only where it may end the process after a time-out.
    [SkippableTheory]
    [InlineData("plan", "slow.yaml")]
    [InlineData("data", "inspect", "saccade-digits", "--set", "train_samples=1000000")]
    [InlineData("data", "make", "saccade-digits", "--set", "train_samples=1000000")]
    public async Task While_data_is_prepared_a_signal_stops_whatever_command_prepares_it(params string[] arguments)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals");
        using var folder = new TemporaryFolder();
        await StopsWhilePreparing(folder, "TERM", 4, arguments);
    }

    // The orchestrator has the set, and the worker makes it anew in a cache of its own.
    [SkippableFact]
    public async Task A_worker_that_prepares_its_data_hands_its_trial_back()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals");
        using var folder = new TemporaryFolder();
        string spec = folder.Write(
            "long.yaml",
            LongBatch.Replace("train_samples: 100", "train_samples: 2000", StringComparison.Ordinal)
        );
        using var run = new ClusterRun(folder, "run", spec);
        Process orchestrator = run.Serve();
        Process worker = run.StartWith(
            new() { ["ROUSER_CACHE"] = folder["cache"] },
            "worker",
            "--join",
            $"http://127.0.0.1:{run.Port}",
            "--slots",
            "1",
            "--threads",
            "1"
        );
        await run.Until(events => events.OfType<TrialAssigned>().Any());
        await ClusterRun.Signal(worker, "TERM");
        Assert.Equal(4, await run.End(worker));
        Assert.Single(run.Events.OfType<AttemptReturned>());
        Assert.Empty(run.Events.OfType<AttemptLost>());
        await ClusterRun.Signal(orchestrator, "TERM");
        Assert.Equal(4, await run.End(orchestrator));
    }

    private static async Task StopsWhilePreparing(TemporaryFolder folder, string signal, int exitCode, params string[] arguments)
    {
        // Hours of it, so that it cannot end before the signal.
        folder.Write("slow.yaml", LongBatch.Replace("train_samples: 100", "train_samples: 1000000", StringComparison.Ordinal));
        using Process process = RouserProcess.Start(folder.Path, arguments);
        await UntilItTakesSignals(process);
        await ClusterRun.Signal(process, signal);
        Finished stopped = await RouserProcess.WaitAsync(process);

        Assert.True(stopped.ExitCode == exitCode, $"{stopped.ExitCode}: {stopped.Output} {stopped.Errors}");
        Assert.Contains(
            "nothing is lost; go on with: rouser " + string.Join(' ', arguments.Select(DisplayText.Quote)),
            stopped.Output,
            StringComparison.Ordinal
        );
    }

    /// <summary>
    /// A process that is still starting ends at a signal without a word. That the program catches it stands in what
    /// Linux tells of the process.
    /// </summary>
    private static async Task UntilItTakesSignals(Process process)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "needs /proc");
        const ulong hangUp = 1UL << (1 - 1);
        ulong caught = 0;
        while ((caught & hangUp) == 0)
        {
            Assert.False(process.HasExited, "It ended before it could be stopped.");
            await Task.Delay(20);
            string[] status = await File.ReadAllLinesAsync($"/proc/{process.Id}/status");
            caught = Convert.ToUInt64(
                status.Single(line => line.StartsWith("SigCgt:", StringComparison.Ordinal))["SigCgt:".Length..].Trim(),
                16
            );
        }
    }

    private static async Task UntilLogged(string log, string word, Process process)
    {
        while (!File.Exists(log) || !(await File.ReadAllTextAsync(log)).Contains(word, StringComparison.Ordinal))
        {
            Assert.False(process.HasExited, "The run ended before it could be stopped.");
            await Task.Delay(20);
        }
    }
}
