using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Rouser.Coordination;
using Rouser.Results;

namespace Rouser.Orchestrator.Tests.Cluster;

/// <summary>Looking at a run in progress, and asking it for something.</summary>
public class ControlAndExportTests
{
    private const string Slow = """
        schema: rouser/sweep/v1
        name: slow
        base:
          engine: noop
          noop.epoch_ms: 500
          dataset: {name: saccade-digits, steps: 10, train_samples: 10, test_samples: 10}
          network: {hidden: [8]}
          epochs: 2000
        arms: {a: {threshold.init: 1.0}, b: {threshold.init: 2.0}}
        seeds: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
        """;

    [Fact]
    public async Task Status_report_and_export_work_on_a_run_in_progress_and_what_is_cancelled_ends_it()
    {
        using var folder = new TemporaryFolder();
        using var run = new ClusterRun(folder, "run", folder.Write("slow.yaml", Slow));
        Process orchestrator = run.Serve(),
            worker = run.Work("w");
        await run.Until(events => events.OfType<EpochRecorded>().Count() > 3);

        Finished status = await RouserProcess.RunAsync(folder.Path, "status", run.Folder);
        Assert.Contains("running", status.Output, StringComparison.Ordinal);
        Finished report = await RouserProcess.RunAsync(folder.Path, "report", run.Folder);
        Assert.True(File.Exists(folder["run", "report", "report.html"]), report.Errors);
        foreach (string format in (string[])["csv", "json"])
        {
            Finished export = await RouserProcess.RunAsync(folder.Path, "export", run.Folder, "--format", format);
            Assert.True(export.ExitCode == 0, export.Errors);
        }
        Table epochs = RunTables.Read(run.Folder).Epochs;
        string[] csv = await File.ReadAllLinesAsync(folder["run", "export", "epochs.csv"]);
        Assert.Equal(string.Join(',', epochs.Columns.Select(c => c.Name)), csv[0]);
        Assert.True(csv.Length > epochs.RowCount);
        using JsonDocument json = JsonDocument.Parse(await File.ReadAllBytesAsync(folder["run", "export", "epochs.json"]));
        Assert.Equal(epochs.Columns.Select(c => c.Name), json.RootElement[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal(
            ((Column<double>)epochs.Find("train_loss")!).Values[0],
            json.RootElement[0].GetProperty("train_loss").GetDouble()
        );

        string address = $"http://127.0.0.1:{run.Port.ToString(CultureInfo.InvariantCulture)}";
        Assert.Equal("cancelled 10 trials of the sweep's 20 trials", await Ask(folder, address, "cancel", "--arm", "b"));
        Assert.Equal(
            "cancelled 0 trials of the sweep's 20 trials; 10 trials had ended before",
            await Ask(folder, address, "cancel", "--arm", "b")
        );
        Finished wrong = await RouserProcess.RunAsync(folder.Path, "cancel", "--join", address, "--arm", "c");
        Assert.Equal((2, 1), (wrong.ExitCode, wrong.ErrorLines.Length));
        Assert.Equal(
            "cancelled 10 trials of the sweep's 20 trials; 10 trials had ended before",
            await Ask(folder, address, "cancel", "--all")
        );
        await run.EndWell(worker);
        Assert.Equal(3, await run.End(orchestrator));
        Assert.Equal(20, run.Events.OfType<TrialCancelled>().Count());
        Finished ended = await RouserProcess.RunAsync(folder.Path, "status", run.Folder);
        Assert.Contains("some trials have no result", ended.Output, StringComparison.Ordinal);
        Assert.Equal(3, (await RouserProcess.RunAsync(folder.Path, "report", run.Folder)).ExitCode);
    }

    [Fact]
    public async Task A_served_sweep_retries_what_was_cancelled_and_its_folder_says_by_which_option()
    {
        using var folder = new TemporaryFolder();
        using var run = new ClusterRun(folder, "run", folder.Write("slow.yaml", Slow));
        Process orchestrator = run.Serve(),
            worker = run.Work("w");
        await run.Until(events => events.OfType<TrialAssigned>().Any());
        string address = $"http://127.0.0.1:{run.Port.ToString(CultureInfo.InvariantCulture)}";
        await Ask(folder, address, "cancel", "--arm", "b");
        Assert.Equal("nothing to retry: no trial is failed or lost", await Ask(folder, address, "retry", "--failed", "--lost"));
        Finished busy = await RouserProcess.RunAsync(folder.Path, "retry", run.Folder, "--cancelled");
        Assert.Equal((2, 1), (busy.ExitCode, busy.ErrorLines.Length));
        Assert.Contains("--join", busy.Errors, StringComparison.Ordinal);
        Assert.Equal(
            "10 trials queued again, each with its full number of retries",
            await Ask(folder, address, "retry", "--cancelled")
        );
        Assert.Equal(10, run.Events.OfType<TrialRequeued>().Count());
        Assert.Equal("cancelled 20 trials of the sweep's 20 trials", await Ask(folder, address, "cancel", "--all"));
        await run.EndWell(worker);
        Assert.Equal(3, await run.End(orchestrator));
    }

    [Fact]
    public async Task A_paused_sweep_says_so_and_a_resume_in_its_folder_ends_the_pause()
    {
        using var folder = new TemporaryFolder();
        string spec = folder.Write(
            "quick.yaml",
            Slow.Replace("500", "1", StringComparison.Ordinal).Replace("2000", "2", StringComparison.Ordinal)
        );
        using var run = new ClusterRun(folder, "run", spec);
        Process orchestrator = run.Serve();
        string address = $"http://127.0.0.1:{run.Port.ToString(CultureInfo.InvariantCulture)}";
        while (!orchestrator.HasExited && (await RouserProcess.RunAsync(folder.Path, "pause", "--join", address)).ExitCode != 0)
        { }
        await run.Until(events => events.OfType<SweepPaused>().Any());
        Finished status = await RouserProcess.RunAsync(folder.Path, "status", run.Folder, "--why");
        Assert.StartsWith("slow: paused\n", status.Output, StringComparison.Ordinal);
        Assert.Contains("waits for the sweep to be continued, which is paused", status.Output, StringComparison.Ordinal);

        await ClusterRun.Kill(orchestrator);
        status = await RouserProcess.RunAsync(folder.Path, "status", "run");
        Assert.StartsWith("slow: stopped while paused; go on with: rouser resume run\n", status.Output, StringComparison.Ordinal);
        // Nobody could have continued it: it waited for ever.
        await run.EndWell(run.Start("resume", run.Folder));
        Assert.Equal(20, run.Events.OfType<TrialCompleted>().Count());
    }

    [Theory]
    [InlineData("retry", "--failed")]
    [InlineData("retry", "run", "--failed", "--join", "http://127.0.0.1:1")]
    [InlineData("retry", "--failed", "--join", "http://127.0.0.1:1", "--slots", "2")]
    [InlineData("retry", "run", "--failed", "--token-file", "t")]
    [InlineData("retry", "--join", "http://127.0.0.1:1")]
    public void Retry_is_told_a_folder_or_an_orchestrator_with_the_options_of_that(params string[] arguments) =>
        Assert.NotEmpty(RootCommands.Build().Parse(arguments).Errors);

    private static async Task<string> Ask(TemporaryFolder folder, string address, string command, params string[] what)
    {
        Finished answer = await RouserProcess.RunAsync(folder.Path, [command, "--join", address, .. what]);
        Assert.True(answer.ExitCode == 0, answer.Errors);
        return answer.Output.TrimEnd();
    }

    [Fact]
    public async Task An_orchestrator_that_is_not_there_a_token_that_is_missing_and_an_open_address_are_told_in_one_line()
    {
        using var folder = new TemporaryFolder();
        string spec = folder.Write("slow.yaml", Slow);
        string[][] commands =
        [
            ["pause", "--join", "http://127.0.0.1:1"],
            ["worker", "--join", "ftp://x"],
            ["worker", "--join", "http://127.0.0.1:1", "--token-file", folder["missing"]],
            ["worker", "--join", "http://127.0.0.1:1", "--name", "../x"],
            ["serve", spec, "--http", "off"],
            ["serve", spec, "--seed", "127.0.0.1:1"],
            ["serve", spec, "--http", "off", "--listen", "127.0.0.1:0", "--token-file", spec],
            ["worker", "--join", "akka://127.0.0.1:1", "--token-file", spec],
            ["worker", "--join", "http://127.0.0.1:1", "--listen", "127.0.0.1:0"],
            ["worker", "--join", "http://10.255.255.1:1"],
            ["serve", spec, "--http", "nowhere"],
            ["serve", spec, "--http", "0.0.0.0:0", "--certificate", spec],
        ];
        foreach (string[] command in commands)
        {
            Finished ended = await RouserProcess.RunAsync(folder.Path, command);
            Assert.True(
                ended.ExitCode == 2 && ended.ErrorLines.Length == 1,
                $"{string.Join(' ', command)}: {ended.ExitCode} {ended.Errors}"
            );
        }
    }
}
