using System.Diagnostics;
using System.Globalization;
using Rouser.Coordination;

namespace Rouser.Orchestrator.Tests.Cluster;

/// <summary>
/// Guards against leases and time limits that follow a clock which somebody sets: a day ahead ended every lease and
/// every <c>run.timeout</c> at once, and a day back kept dead workers alive for a day. The clock of real processes is
/// set by libfaketime, which leaves the monotonic one alone, as setting a clock does.
/// </summary>
public class ClockTests
{
    private const int Trials = 4,
        Epochs = 12;

    private static readonly string? Library = new[]
    {
        "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
        "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
    }.FirstOrDefault(File.Exists);

    [SkippableTheory]
    [InlineData("in this process")]
    [InlineData("over HTTP")]
    [InlineData("over Akka.NET")]
    public async Task A_clock_that_is_set_a_day_ahead_and_back_loses_and_expires_nothing(string way)
    {
        Skip.If(Library is null, "there is no libfaketime here; install faketime");
        using var folder = new TemporaryFolder();
        string spec = folder.Write(
            "sweep.yaml",
            $$"""
            schema: rouser/sweep/v1
            name: clock
            base:
              dataset: {name: saccade-digits, steps: 20, train_samples: 200, test_samples: 10}
              network: {hidden: [8]}
              epochs: {{Epochs}}
              batch_size: 5
            seeds: [{{string.Join(", ", Enumerable.Range(0, Trials))}}]
            run: {timeout: 1h, lease: 5m}
            """
        );
        string clock = folder.Write("clock", "+0");
        Dictionary<string, string> faked = new()
        {
            ["LD_PRELOAD"] = Library!,
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            ["FAKETIME_NO_CACHE"] = "1",
            ["FAKETIME_TIMESTAMP_FILE"] = clock,
        };
        using var run = new ClusterRun(folder, "run", spec) { Environment = faked };
        string node = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{run.Port}");
        string[] slot = ["--slots", "1", "--threads", "1"];
        Process[] processes = way switch
        {
            "over HTTP" => [run.Serve(), run.Work("w1"), run.Work("w2")],
            "over Akka.NET" =>
            [
                run.Start("serve", spec, "--out", run.Folder, "--listen", node, "--http", "off", "--quiet"),
                run.Start(["worker", "--join", $"akka://{node}", "--name", "w1", .. slot]),
                run.Start(["worker", "--join", $"akka://{node}", "--name", "w2", .. slot]),
            ],
            _ => [run.Start("run", spec, "--out", run.Folder, "--slots", "2", "--threads", "1", "--quiet")],
        };

        // At places of the sweep rather than of the clock, so that each jump meets work.
        (int Epochs, string Clock)[] jumps = [(2, "+1d"), (Epochs, "-1d"), (2 * Epochs, "+0"), (3 * Epochs, "-1d")];
        foreach ((int epochs, string setTo) in jumps)
        {
            await run.Until(events => events.OfType<EpochRecorded>().Count() >= epochs);
            await File.WriteAllTextAsync(clock, setTo);
        }
        await run.EndWell(processes);
        Assert.DoesNotContain(run.Events, e => e is AttemptLost or AttemptFailed or AttemptReturned or ResultsDisagreed);
        Assert.Equal(Trials, run.Events.OfType<TrialCompleted>().Count());
        Assert.Equal(Trials * Epochs, run.Events.OfType<EpochRecorded>().Count());
    }
}
