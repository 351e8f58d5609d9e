using System.Text.Json;

namespace Rouser.Orchestrator.Tests;

/// <summary>Reports of several runs, of tables alone, and what changed between two runs.</summary>
public class ManyRunsTests
{
    [Fact]
    public async Task Runs_that_share_trials_make_one_report_and_are_compared()
    {
        using var folder = new TemporaryFolder();
        await Train(folder, "a", "seeds=[0]");
        await Train(folder, "b", "seeds=[0, 1]");
        await Train(folder, "other", "seeds=[0, 1]", "base.epochs=1");

        Assert.Contains("--out", await OneLine(folder, "report", "a", "b"), StringComparison.Ordinal);
        Finished both = await RouserProcess.RunAsync(folder.Path, "report", "a", "b", "--out", "both");
        Assert.True(both.ExitCode == 0, both.Errors);
        string report = await File.ReadAllTextAsync(folder["both", "report.md"]);
        Assert.Contains("4 cells", report, StringComparison.Ordinal);
        Assert.Contains("rouser report a b --out FOLDER", report, StringComparison.Ordinal);
        Finished again = await RouserProcess.RunAsync(folder.Path, "report", "a", "b", "--out", "again");
        Assert.True(again.ExitCode == 0, again.Errors);
        Assert.All(
            Directory.GetFiles(folder["both"], "*", SearchOption.AllDirectories),
            file =>
                Assert.Equal(
                    File.ReadAllBytes(file),
                    File.ReadAllBytes(Path.Combine(folder["again"], Path.GetRelativePath(folder["both"], file)))
                )
        );

        string conflict = await OneLine(folder, "report", "b", "other", "--out", "wrong");
        Assert.StartsWith("rouser: b and other: ", conflict, StringComparison.Ordinal);
        Assert.Contains("epochs 2 and 1", conflict, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["wrong"]));

        Finished compared = await RouserProcess.RunAsync(folder.Path, "compare", "b", "other", "--json", "--out", "changes");
        Assert.True(compared.ExitCode == 0, compared.Errors);
        JsonElement json = JsonDocument.Parse(compared.Output).RootElement;
        JsonElement parameter = Assert.Single(json.GetProperty("parameters").EnumerateArray().ToArray());
        Assert.Equal(
            ("epochs", "2", "1"),
            (
                parameter.GetProperty("parameter").GetString(),
                parameter.GetProperty("before").GetString(),
                parameter.GetProperty("after").GetString()
            )
        );
        Assert.Equal(
            2,
            json.GetProperty("rows")[0].GetProperty("test_accuracy").GetProperty("difference").GetProperty("n").GetInt32()
        );
        Assert.True(File.Exists(folder["changes", "comparison.md"]) && File.Exists(folder["changes", "comparison.html"]));
        Finished same = await RouserProcess.RunAsync(folder.Path, "compare", "b", "b");
        Assert.Contains("2 of them with the same numbers in every epoch", same.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_without_their_run_are_enough_and_what_is_wrong_with_them_is_one_line()
    {
        using var folder = new TemporaryFolder();
        await Train(folder, "run", "seeds=[0]");
        Directory.CreateDirectory(folder["kept"]);
        foreach (string table in Directory.GetFiles(folder["run", "metrics"], "*.parquet"))
            File.Copy(table, folder["kept", Path.GetFileName(table)]);
        Finished reported = await RouserProcess.RunAsync(folder.Path, "report", "kept");
        Assert.True(reported.ExitCode == 0, reported.Errors);
        Assert.True(File.Exists(folder["kept", "report", "report.html"]));

        byte[] epochs = await File.ReadAllBytesAsync(folder["kept", "epochs.parquet"]);
        await File.WriteAllBytesAsync(folder["kept", "epochs.parquet"], epochs[..^5]);
        Assert.Contains(
            Path.Combine("kept", "epochs.parquet"),
            await OneLine(folder, "report", "kept"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            Path.Combine("kept", "epochs.parquet"),
            await OneLine(folder, "compare", "run", "kept"),
            StringComparison.Ordinal
        );
        File.Copy(folder["run", "metrics", "SHA256SUMS"], folder["kept", "SHA256SUMS"]);
        Assert.Contains("its SHA-256 differs", await OneLine(folder, "report", "kept"), StringComparison.Ordinal);
        File.Delete(folder["kept", "epochs.parquet"]);
        Assert.Contains("there is no such table", await OneLine(folder, "report", "kept"), StringComparison.Ordinal);

        Directory.CreateDirectory(folder["empty"]);
        Assert.Contains("not the folder of a run", await OneLine(folder, "report", "empty"), StringComparison.Ordinal);
        Assert.Contains(
            "there is no such folder",
            await OneLine(folder, "report", "run", "nowhere", "--out", "x"),
            StringComparison.Ordinal
        );
        Assert.Contains("small.yaml", await OneLine(folder, "report", "small.yaml"), StringComparison.Ordinal);
    }

    // Of a run that ends and of reports beside it, each sees three tables of one moment.
    [Fact]
    public async Task Reports_made_at_the_same_time_do_not_disturb_each_other()
    {
        using var folder = new TemporaryFolder();
        await Train(folder, "run", "seeds=[0]");
        Finished[] reports = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => RouserProcess.RunAsync(folder.Path, "report", "run"))
        );
        Assert.All(reports, r => Assert.True(r.ExitCode == 0, r.Errors));
        Assert.Empty(Directory.GetFiles(folder["run", "report"], "*.tmp", SearchOption.AllDirectories));
    }

    private static async Task Train(TemporaryFolder folder, string name, params string[] set)
    {
        folder.Write("small.yaml", SmallSweep.Yaml);
        Finished run = await RouserProcess.RunAsync(
            folder.Path,
            [
                "run",
                "small.yaml",
                "--out",
                name,
                "--quiet",
                "--set",
                "base.epochs=2",
                .. set.SelectMany(s => (string[])["--set", s]),
            ]
        );
        Assert.True(run.ExitCode == 0, run.Errors);
    }

    private static async Task<string> OneLine(TemporaryFolder folder, params string[] arguments)
    {
        Finished done = await RouserProcess.RunAsync(folder.Path, arguments);
        Assert.True(done.ExitCode == 2, $"exit code {done.ExitCode}: {done.Output}{done.Errors}");
        Assert.DoesNotContain("Exception", done.Errors, StringComparison.Ordinal);
        return Assert.Single(done.ErrorLines);
    }
}
