using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Rouser.Orchestrator.Tests;

/// <summary>
/// Bad input of any kind: one clear line that names place and remedy, exit code 2, nothing half-written.
/// </summary>
public class BadInputTests
{
    [Theory]
    [InlineData("  network: {hidden: [24, 17]}", "  netwrok: {hidden: [24, 17]}", "small.yaml:5: ", "did you mean 'network'")]
    [InlineData("epochs: 4", "epochs: many", "small.yaml:7: ", "epochs")]
    [InlineData("epochs: 4", "epochs: 4\n  surrogate: {tau: -1}", "small.yaml:8: surrogate.tau (-1) must be positive", "")]
    [InlineData(
        "arms: {arms: [slayer, rouser]}",
        "arms: {arms: [rouser], over: {threshold.learning_rate: []}}",
        "small.yaml:14: ",
        "threshold.learning_rate"
    )]
    [InlineData("name: saccade-digits", "name: sacade-digits", "small.yaml:4: ", "did you mean 'saccade-digits'")]
    [InlineData("arms: {arms: [slayer, rouser]}", "arms: {arms: [slayer]}\n  arms: {arms: [rouser]}", "small.yaml:15: ", "arms")]
    [InlineData("seeds: [0, 1]", "seeds: [0, 1", "small.yaml:", "")]
    [InlineData("schema: rouser/sweep/v1", "schema: rouser/sweep/v9", "small.yaml:1: ", "rouser/sweep/v1")]
    [InlineData("compare_to: slayer", "compare_to: slayre", "small.yaml:15: ", "did you mean 'slayer'")]
    public async Task A_mistake_in_the_sweep_file(string right, string wrong, string place, string remedy)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(right, SmallSweep.Yaml, StringComparison.Ordinal);
        folder.Write("small.yaml", SmallSweep.Yaml.Replace(right, wrong, StringComparison.Ordinal));

        Finished done = await RouserProcess.RunAsync(folder.Path, "run", "small.yaml");

        AssertOneLine(done, place, remedy);
        Assert.False(Directory.Exists(folder["runs"]), "A run folder was made.");
    }

    [Theory]
    [InlineData("run")]
    [InlineData("plan")]
    public async Task An_engine_that_is_not_in_its_folder(string command)
    {
        using var folder = new TemporaryFolder();
        folder.Write("small.yaml", SmallSweep.Yaml);
        AssertOneLine(
            await RouserProcess.RunAsync(folder.Path, command, "small.yaml", "--set", "base.engine=torch"),
            "engine: torch is no part of this program",
            "dotnet publish Worker/Rouser.Engines.Torch"
        );
        Assert.False(Directory.Exists(folder["runs"]));
    }

    // It has no length, and to read it to its end took all memory.
    [SkippableFact]
    public async Task A_device_in_place_of_a_sweep_file()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "needs /dev/zero");
        using var folder = new TemporaryFolder();
        AssertOneLine(await RouserProcess.RunAsync(folder.Path, "plan", "/dev/zero"), "/dev/zero: is larger than 4 MiB", "");
    }

    [Fact]
    public async Task A_recorded_data_set_that_is_not_there()
    {
        using var folder = new TemporaryFolder();
        folder.Write("small.yaml", NMnist("nowhere"));
        AssertOneLine(await RouserProcess.RunAsync(folder.Path, "run", "small.yaml"), folder["nowhere"], "");
        Assert.False(Directory.Exists(folder["runs"]));
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 0, 0, 9, 7 }, "00001.bin")]
    [InlineData(new byte[] { 34, 2, 0, 0, 9 }, "00001.bin")]
    [InlineData(new byte[] { 2, 99, 0, 0, 9 }, "00001.bin")]
    public async Task A_recording_that_is_damaged(byte[] recording, string place)
    {
        using var folder = new TemporaryFolder();
        await WriteDigits(folder, "digits", recording);
        folder.Write("small.yaml", NMnist("digits"));

        Finished done = await RouserProcess.RunAsync(folder.Path, "run", "small.yaml", "--quiet");

        AssertOneLine(done, place, "");
        Assert.False(Directory.Exists(folder["runs"]));
    }

    // It failed every trial that was left, retries and all, with exit code 3.
    [Fact]
    public async Task Data_that_is_gone_or_changed_when_a_run_goes_on()
    {
        using var folder = new TemporaryFolder();
        await WriteDigits(folder, "digits", [1, 2, 0, 0, 9]);
        folder.Write("small.yaml", NMnist("digits"));
        // What a run is that was killed before it trained: the folder and an empty journal.
        using (
            Process run = RouserProcess.Start(
                folder.Path,
                "run",
                "small.yaml",
                "--out",
                "here",
                "--quiet",
                "--set",
                "base.epochs=100000"
            )
        )
        {
            while (!File.Exists(folder["here", "run.json"]))
            {
                Assert.False(run.HasExited, "The run ended before it could be killed.");
                await Task.Delay(5);
            }
            run.Kill();
            await run.WaitForExitAsync();
        }

        await File.WriteAllBytesAsync(folder["digits", "Train", "3", "00001.bin"], [7, 7, 0, 0, 9]);
        AssertOneLine(
            await RouserProcess.RunAsync(folder.Path, "resume", "here", "--quiet"),
            folder["digits"],
            "has changed since the sweep was planned"
        );
        Directory.Move(folder["digits"], folder["moved"]);
        AssertOneLine(await RouserProcess.RunAsync(folder.Path, "resume", "here", "--quiet"), folder["digits"], "");

        Finished status = await RouserProcess.RunAsync(folder.Path, "status", "here", "--json");
        Assert.DoesNotContain("\"failed\": 1", status.Output, StringComparison.Ordinal);
        Assert.Contains("\"failed\": 0", status.Output, StringComparison.Ordinal);

        // Where it lies now is kept, once it has proved right.
        await File.WriteAllBytesAsync(folder["moved", "Train", "3", "00001.bin"], [1, 2, 0, 0, 9]);
        using (Process run = RouserProcess.Start(folder.Path, "resume", "here", "--data", "moved", "--quiet"))
        {
            while (!(await File.ReadAllTextAsync(folder["here", "environment.json"])).Contains("moved", StringComparison.Ordinal))
            {
                Assert.False(run.HasExited, "The run ended before it could be killed.");
                await Task.Delay(5);
            }
            run.Kill();
            await run.WaitForExitAsync();
        }
        await File.WriteAllBytesAsync(folder["moved", "Train", "3", "00001.bin"], [7, 7, 0, 0, 9]);
        AssertOneLine(
            await RouserProcess.RunAsync(folder.Path, "resume", "here", "--quiet"),
            folder["moved"],
            "has changed since the sweep was planned"
        );
    }

    [Fact]
    public async Task A_run_folder_of_another_sweep()
    {
        using var folder = new TemporaryFolder();
        folder.Write("small.yaml", SmallSweep.Yaml);
        string[] run = ["run", "small.yaml", "--out", "here", "--set", "base.epochs=1", "--set", "seeds=[0]", "--quiet"];
        Assert.Equal(0, (await RouserProcess.RunAsync(folder.Path, run)).ExitCode);
        string before = RunTables.Results(folder["here"]);

        AssertOneLine(await RouserProcess.RunAsync(folder.Path, "run", "small.yaml", "--out", "here"), "here", "--out");
        Assert.Equal(before, RunTables.Results(folder["here"]));
        Assert.Equal(0, (await RouserProcess.RunAsync(folder.Path, run)).ExitCode);
    }

    [Fact]
    public async Task A_journal_of_a_newer_schema()
    {
        using var folder = new TemporaryFolder();
        folder.Write("small.yaml", SmallSweep.Yaml);
        string[] run = ["run", "small.yaml", "--out", "here", "--set", "base.epochs=1", "--set", "seeds=[0]", "--quiet"];
        Assert.Equal(0, (await RouserProcess.RunAsync(folder.Path, run)).ExitCode);
        using (var journal = new SqliteConnection($"Data Source={folder["here", "journal.db"]};Pooling=False"))
        {
            journal.Open();
            using SqliteCommand newer = journal.CreateCommand();
            newer.CommandText = "PRAGMA user_version = 99";
            newer.ExecuteNonQuery();
        }
        foreach (string command in (string[])["resume", "status", "report"])
            AssertOneLine(await RouserProcess.RunAsync(folder.Path, command, "here"), "journal.db", "newer");
    }

    [Theory]
    [InlineData("run", "missing.yaml")]
    [InlineData("resume", "missing")]
    [InlineData("status", "missing")]
    [InlineData("report", "missing")]
    [InlineData("plan", "missing.yaml")]
    public async Task A_path_that_is_not_there(string command, string path)
    {
        using var folder = new TemporaryFolder();
        AssertOneLine(await RouserProcess.RunAsync(folder.Path, command, path), path, "there is no such");
    }

    [Fact]
    public async Task A_command_that_there_is_not()
    {
        using var folder = new TemporaryFolder();
        AssertOneLine(await RouserProcess.RunAsync(folder.Path, "bogus"), "'bogus'", "--help");
    }

    [Theory]
    [InlineData("runn", "x.yaml")]
    [InlineData("run")]
    [InlineData("run", "x.yaml", "--slots", "0")]
    [InlineData("run", "x.yaml", "--slots", "many")]
    [InlineData("run", "x.yaml", "--fast")]
    [InlineData("retry", "here")]
    [InlineData("run", "")]
    [InlineData("resume", "")]
    [InlineData("plan", "x.yaml", "--data", "")]
    [InlineData("run", "x.yaml", "--out", "")]
    [InlineData("report", "x", "--out", "")]
    public async Task Bad_usage(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        AssertOneLine(await RouserProcess.RunAsync(folder.Path, arguments), "rouser: ", "");
    }

    [Fact]
    public async Task A_place_that_cannot_be_written()
    {
        using var folder = new TemporaryFolder();
        folder.Write("small.yaml", SmallSweep.Yaml);
        folder.Write("file", "");
        AssertOneLine(await RouserProcess.RunAsync(folder.Path, "run", "small.yaml", "--out", "file/run"), "file", "");
    }

    /// <summary>N-MNIST's layout with one recording a digit, of which the threes are given.</summary>
    private static async Task WriteDigits(TemporaryFolder folder, string name, byte[] three)
    {
        foreach (string part in (string[])["Train", "Test"])
        {
            for (int digit = 0; digit < 10; digit++)
            {
                Directory.CreateDirectory(folder[name, part, $"{digit}"]);
                await File.WriteAllBytesAsync(
                    folder[name, part, $"{digit}", "00001.bin"],
                    digit == 3 && part == "Train" ? three : [(byte)digit, part == "Train" ? (byte)1 : (byte)3, 0, 0, 9]
                );
            }
        }
    }

    private static string NMnist(string root) =>
        SmallSweep.Yaml.Replace(
            "{name: saccade-digits, steps: 60, train_samples: 60, test_samples: 20}",
            $"{{name: nmnist, root: {root}, steps: 60}}",
            StringComparison.Ordinal
        );

    private static void AssertOneLine(Finished done, string place, string remedy)
    {
        Assert.True(done.ExitCode == 2, $"exit code {done.ExitCode}: {done.Output}{done.Errors}");
        string line = Assert.Single(done.ErrorLines);
        Assert.StartsWith("rouser: ", line, StringComparison.Ordinal);
        Assert.Contains(place, line, StringComparison.Ordinal);
        Assert.Contains(remedy, line, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", line, StringComparison.Ordinal);
    }
}
