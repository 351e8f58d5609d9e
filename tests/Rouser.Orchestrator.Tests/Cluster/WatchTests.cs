using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Rouser.Coordination;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Tests.Cluster;

/// <summary>A served sweep followed from another terminal: <c>status --join</c> and <c>watch</c>.</summary>
public sealed class WatchTests : IDisposable
{
    private const string Slow = """
        schema: rouser/sweep/v1
        name: slow
        base:
          engine: noop
          noop.epoch_ms: 200
          dataset: {name: saccade-digits, steps: 10, train_samples: 10, test_samples: 10}
          network: {hidden: [8]}
          epochs: 30
        arms: {a: {threshold.init: 1.0}, b: {threshold.init: 2.0}}
        seeds: [0, 1, 2]
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_watch_goes_on_when_the_orchestrator_is_killed_and_comes_back_and_ends_with_the_sweep()
    {
        using var run = new ClusterRun(_folder, "run", _folder.Write("slow.yaml", Slow));
        string address = $"http://127.0.0.1:{run.Port.ToString(CultureInfo.InvariantCulture)}";
        // Before there is an orchestrator.
        using Process watch = RouserProcess.Start(_folder.Path, "watch", "--join", address, "--json");
        Process lines = run.Start("watch", "--join", address);
        await NextAsync(watch, "unreachable");
        Process orchestrator = run.Serve(),
            worker = run.Work("w");
        await NextAsync(watch, "running");
        await run.Until(events => events.OfType<EpochRecorded>().Count() > 3);

        Finished status = await RouserProcess.RunAsync(_folder.Path, "status", "--join", address);
        Assert.Equal(0, status.ExitCode);
        Assert.StartsWith("slow: running\n", status.Output, StringComparison.Ordinal);
        Assert.Contains("  workers          1 with 1 slot\n", status.Output, StringComparison.Ordinal);
        Finished json = await RouserProcess.RunAsync(_folder.Path, "status", "--join", address, "--json");
        using (JsonDocument told = JsonDocument.Parse(json.Output))
        {
            Assert.Equal("w", told.RootElement.GetProperty("workers")[0].GetProperty("name").GetString());
            Assert.Equal(1, told.RootElement.GetProperty("trials").GetProperty("running").GetInt32());
            Assert.NotEmpty(told.RootElement.GetProperty("unfinished")[0].GetProperty("why").GetString()!);
        }

        await ClusterRun.Kill(orchestrator);
        Finished none = await RouserProcess.RunAsync(_folder.Path, "status", "--join", address);
        Assert.Equal(2, none.ExitCode);
        Assert.Equal(
            "rouser: --join: the orchestrator cannot be reached; is rouser serve running there?",
            Assert.Single(none.ErrorLines)
        );
        await NextAsync(watch, "unreachable");
        Process again = run.Serve();
        await NextAsync(watch, "running");
        string last = await NextAsync(watch, "finished");
        await watch.WaitForExitAsync();
        Assert.Equal(0, watch.ExitCode);
        await run.EndWell(again, worker, lines);

        using JsonDocument end = JsonDocument.Parse(last);
        Assert.Equal(6, end.RootElement.GetProperty("trials").GetProperty("completed").GetInt32());
        Assert.Contains("slow: finished\n", run.Said(lines), StringComparison.Ordinal);
        Assert.Contains("no answer", run.Said(lines), StringComparison.Ordinal);
        // A worker says each epoch and each end, once.
        string worked = run.Said(worker);
        Assert.Equal(6, worked.Split(" completed").Length - 1);
        TrialId trial = run.Events.OfType<TrialCompleted>().Last().Trial;
        Assert.Single(
            worked.Split('\n'),
            line => line.Contains($"{trial.Short}", StringComparison.Ordinal) && line.Contains("epoch 30:")
        );
    }

    [Fact]
    public async Task A_watch_of_a_sweep_with_cancelled_trials_ends_with_3_and_that_of_a_folder_too()
    {
        using var run = new ClusterRun(_folder, "run", _folder.Write("slow.yaml", Slow));
        string address = $"http://127.0.0.1:{run.Port.ToString(CultureInfo.InvariantCulture)}";
        Process orchestrator = run.Serve("--token-file", Token("0123456789abcdef0123"));
        await run.Until(_ => File.Exists(Path.Combine(run.Folder, "journal.db")));
        Process ofFolder = run.Start("watch", run.Folder),
            ofAddress = run.Start("watch", "--join", address, "--token-file", _folder["token"]),
            worker = run.Work("w", null, "--token-file", _folder["token"]);
        await run.Until(events => events.OfType<EpochRecorded>().Any());
        Finished wrong = await RouserProcess.RunAsync(
            _folder.Path,
            "watch",
            "--join",
            address,
            "--token-file",
            Token("another-token-0123456789", "other")
        );
        Assert.Equal((2, 1), (wrong.ExitCode, wrong.ErrorLines.Length));
        Assert.Contains("the token is not the orchestrator's", wrong.Errors, StringComparison.Ordinal);
        await RouserProcess.RunAsync(_folder.Path, "cancel", "--join", address, "--token-file", _folder["token"], "--arm", "b");
        Assert.Equal(3, await run.End(ofAddress));
        Assert.Equal(3, await run.End(ofFolder));
        Assert.Equal(3, await run.End(orchestrator));
        await run.EndWell(worker);
        foreach (Process watched in (Process[])[ofAddress, ofFolder])
            Assert.Contains("slow: finished, some trials have no result\n", run.Said(watched), StringComparison.Ordinal);

        // What has ended is shown once.
        Finished ended = await RouserProcess.RunAsync(_folder.Path, "watch", run.Folder);
        Assert.Equal(3, ended.ExitCode);
        Finished nothing = await RouserProcess.RunAsync(_folder.Path, "watch", "nothing");
        Assert.Equal((2, 1), (nothing.ExitCode, nothing.ErrorLines.Length));
        Finished both = await RouserProcess.RunAsync(_folder.Path, "watch", run.Folder, "--join", address);
        Assert.Equal((2, 1), (both.ExitCode, both.ErrorLines.Length));
        Finished neither = await RouserProcess.RunAsync(_folder.Path, "status");
        Assert.Equal((2, 1), (neither.ExitCode, neither.ErrorLines.Length));
    }

    /// <summary>Reads lines of a watch until one has that standing.</summary>
    private static async Task<string> NextAsync(Process watch, string standing)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (await watch.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            using JsonDocument told = JsonDocument.Parse(line);
            if (told.RootElement.GetProperty("standing").GetString() == standing)
                return line;
        }
        throw new EndOfStreamException($"the watch ended before the sweep was {standing}");
    }

    private string Token(string text, string name = "token") => _folder.Write(name, text);
}
