using System.Globalization;
using System.Text.Json;
using Rouser.Orchestrator.Commands;

namespace Rouser.Orchestrator.Tests.Commands;

/// <summary>What <c>report</c> takes, <c>status</c> and <c>export</c> take as well.</summary>
public class ResultFolderTests
{
    [Fact]
    public async Task Status_and_export_take_run_folders_and_folders_of_tables_one_or_several()
    {
        using var folder = new TemporaryFolder();
        folder.Write("small.yaml", SmallSweep.Yaml);
        foreach ((string run, string seed) in new[] { ("a", "0"), ("b", "1") })
            await Ok(folder, "run", "small.yaml", "--out", run, "--set", $"seeds=[{seed}]", "--quiet");
        string tables = Path.Combine("a", "metrics");
        Directory.CreateDirectory(folder["kept"]);
        foreach (string file in Directory.GetFiles(folder[tables]))
            File.Copy(file, folder["kept", Path.GetFileName(file)]);

        string ofRun = await Ok(folder, "status", "a");
        foreach (string alone in (string[])[tables, "kept"])
        {
            string status = await Ok(folder, "status", alone);
            Assert.StartsWith("small: finished, as its tables say\n", status, StringComparison.Ordinal);
            // Trials and epochs are those of the run.
            Assert.Equal(ofRun.Split('\n')[1..], status.Split('\n')[1..]);
        }
        string both = await Ok(folder, "status", "a", "kept");
        Assert.Equal(2, both.Split('\n').Count(line => line.StartsWith("small: ", StringComparison.Ordinal)));
        using JsonDocument one = JsonDocument.Parse(await Ok(folder, "status", "a", "--json")),
            two = JsonDocument.Parse(await Ok(folder, "status", "a", tables, "--json"));
        Assert.Equal(2, one.RootElement.GetProperty("trials").GetProperty("completed").GetInt32());
        Assert.Equal([8, 8], two.RootElement.EnumerateArray().Select(run => run.GetProperty("epochs_recorded").GetInt32()));

        await Ok(folder, "export", "a", "--format", "csv");
        await Ok(folder, "export", tables, "--format", "csv", "--out", "of-tables");
        await Ok(folder, "export", "a", "b", tables, "--format", "csv", "--out", "all");
        foreach (string table in (string[])["trials.csv", "epochs.csv", "layers.csv", "predictions.csv"])
        {
            string expected = await File.ReadAllTextAsync(folder["a", "export", table]);
            Assert.Equal(expected, await File.ReadAllTextAsync(folder["of-tables", table]));
            Assert.Equal(expected, await File.ReadAllTextAsync(folder["all", "a", table]));
            Assert.Equal(expected, await File.ReadAllTextAsync(folder["all", "a-2", table]));
            Assert.NotEqual(expected, await File.ReadAllTextAsync(folder["all", "b", table]));
        }
        await AssertPredictionsGiveTheAccuracy(folder["a", "export"]);
        await Ok(folder, "export", "a", "--format", "json", "--out", "as-json");
        using JsonDocument predictions = JsonDocument.Parse(await File.ReadAllTextAsync(folder["as-json", "predictions.json"]));
        Assert.Equal(
            File.ReadLines(folder["a", "export", "predictions.csv"]).Count() - 1,
            predictions.RootElement.GetArrayLength()
        );

        // A run that ended before predictions were kept has none, and its other tables are written.
        Directory.Delete(folder["b", "predictions"], recursive: true);
        string without = await Ok(folder, "export", "b", "--format", "csv", "--out", "without");
        Assert.EndsWith("b: no predictions are kept, so that their table is left out\n", without, StringComparison.Ordinal);
        Assert.Equal(
            ["epochs.csv", "layers.csv", "trials.csv"],
            Directory.GetFiles(folder["without"]).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)
        );
        Finished ofFile = await RouserProcess.RunAsync(folder.Path, "export", "b", "--format", "csv", "--out", "small.yaml");
        Assert.Equal(2, ofFile.ExitCode);
        Assert.StartsWith("rouser: small.yaml: the disk refused", Assert.Single(ofFile.ErrorLines), StringComparison.Ordinal);
        Finished nowhere = await RouserProcess.RunAsync(folder.Path, "export", "a", "b", "--format", "csv");
        Assert.Equal((2, 1), (nowhere.ExitCode, nowhere.ErrorLines.Length));
        Finished wrong = await RouserProcess.RunAsync(folder.Path, "status", "a", "nothing");
        Assert.Equal((2, 1, ""), (wrong.ExitCode, wrong.ErrorLines.Length, wrong.Output));
    }

    [Fact]
    public void Tables_of_several_runs_go_into_folders_named_as_the_runs_are() =>
        Assert.Equal(
            ["a", "b", "A-2", "a-3", "b-2"],
            ExportCommand.Subfolders(["runs/a", "runs/b/", "other/A", "x/a/metrics", "b/metrics/"])
        );

    private static async Task AssertPredictionsGiveTheAccuracy(string export)
    {
        string[][] epochs = [.. (await File.ReadAllLinesAsync(Path.Combine(export, "epochs.csv"))).Select(l => l.Split(','))];
        (int trial, int accuracy) = (Array.IndexOf(epochs[0], "trial_id"), Array.IndexOf(epochs[0], "test_accuracy"));
        Dictionary<string, double> last = [];
        foreach (string[] epoch in epochs[1..])
            last[epoch[trial]] = double.Parse(epoch[accuracy], CultureInfo.InvariantCulture);
        IEnumerable<IGrouping<string, string[]>> samples = (await File.ReadAllLinesAsync(Path.Combine(export, "predictions.csv")))
            .Skip(1)
            .Select(line => line.Split(','))
            .GroupBy(sample => sample[0]);
        Assert.Equal(
            last.OrderBy(t => t.Key, StringComparer.Ordinal),
            samples
                .Select(t => KeyValuePair.Create(t.Key, t.Average(sample => sample[2] == sample[3] ? 1.0 : 0.0)))
                .OrderBy(t => t.Key, StringComparer.Ordinal)
        );
    }

    private static async Task<string> Ok(TemporaryFolder folder, params string[] arguments)
    {
        Finished ended = await RouserProcess.RunAsync(folder.Path, arguments);
        Assert.True(ended.ExitCode == 0, ended.Errors);
        return ended.Output;
    }
}
