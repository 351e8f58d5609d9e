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
        Assert.Equal(0, (await RouserProcess.RunAsync(folder.Path, "cancel", "--join", address, "--arm", "b")).ExitCode);
        Finished wrong = await RouserProcess.RunAsync(folder.Path, "cancel", "--join", address, "--arm", "c");
        Assert.Equal((2, 1), (wrong.ExitCode, wrong.ErrorLines.Length));
        Assert.Equal(0, (await RouserProcess.RunAsync(folder.Path, "cancel", "--join", address, "--all")).ExitCode);
        await run.EndWell(worker);
        await run.End(orchestrator);
        Assert.Equal(20, run.Events.OfType<TrialCancelled>().Count());
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
