using System.Globalization;
using System.Text;
using Rouser.Testing;

namespace Rouser.Orchestrator.Tests;

/// <summary>
/// What <c>plan</c>, <c>run</c>, <c>data inspect</c> and the report say of the data, by the program itself.
/// </summary>
public class DataFindingsTests
{
    private const string Sweep = """
        schema: rouser/sweep/v1
        name: mine
        base: {dataset: {name: events, root: data, width: 8, height: 8, steps: 100, step_ms: 3}, network.hidden: [8], epochs: 1}
        """;

    [Fact]
    public async Task Plan_run_and_report_say_the_same_of_the_data()
    {
        using var folder = new TemporaryFolder();
        WriteSet(folder, 1);
        File.WriteAllText(folder["data", "Train", "a", "notes.txt"], "");
        folder.Write("mine.yaml", Sweep);

        Finished plan = await RouserProcess.RunAsync(folder.Path, "plan", "mine.yaml");
        Assert.True(plan.ExitCode == 0, plan.Errors);
        Assert.Contains(
            "  classes (train + test): a 3 + 2, b 3 + 2\n  train recordings: 290 ms to 290 ms",
            plan.Output,
            StringComparison.Ordinal
        );
        string warning = Assert.Single(plan.ErrorLines);
        Assert.StartsWith(
            $"rouser: {folder["data"]}: warning: Train/a holds 1 file that is not read: notes.txt",
            warning,
            StringComparison.Ordinal
        );
        Finished json = await RouserProcess.RunAsync(folder.Path, "plan", "mine.yaml", "--json");
        Assert.Equal([warning], json.ErrorLines);

        Finished run = await RouserProcess.RunAsync(folder.Path, "run", "mine.yaml", "--out", "here", "--quiet");
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Contains(warning, run.ErrorLines);
        string report = File.ReadAllText(folder["here", "report", "report.md"]);
        foreach (string text in (string[])["a 3 + 2, b 3 + 2", "290 ms to 290 ms", "notes.txt"])
            Assert.Contains(text, report, StringComparison.Ordinal);

        Finished inspect = await RouserProcess.RunAsync(
            folder.Path,
            "data",
            "inspect",
            "data",
            "--set",
            "width=8",
            "--set",
            "height=8",
            "--set",
            "step_ms=3"
        );
        Assert.True(inspect.ExitCode == 0, inspect.Errors);
        Assert.Contains("classes (train + test): a 3 + 2, b 3 + 2", inspect.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_data_ends_every_command_in_one_line_and_makes_nothing()
    {
        using var folder = new TemporaryFolder();
        WriteSet(folder, 1000);
        folder.Write("mine.yaml", Sweep);
        foreach (
            string[] command in (string[][])
                [
                    ["plan", "mine.yaml"],
                    ["plan", "mine.yaml", "--json"],
                    ["run", "mine.yaml", "--out", "here"],
                    ["run", "mine.yaml", "--out", "here", "--quiet"],
                ]
        )
        {
            Finished done = await RouserProcess.RunAsync(folder.Path, command);
            Assert.Equal(2, done.ExitCode);
            Assert.Contains("dataset.time_unit: ns", Assert.Single(done.ErrorLines), StringComparison.Ordinal);
        }
        Assert.False(Directory.Exists(folder["here"]));

        // Who looks at it sees what it is, and the same line.
        Finished inspect = await RouserProcess.RunAsync(
            folder.Path,
            "data",
            "inspect",
            "data",
            "--set",
            "width=8",
            "--set",
            "height=8",
            "--set",
            "steps=100"
        );
        Assert.Equal(2, inspect.ExitCode);
        Assert.Contains("train recordings: 290 s to 290 s", inspect.Output, StringComparison.Ordinal);
        Assert.Contains("dataset.time_unit: ns", inspect.ErrorLines[^1], StringComparison.Ordinal);

        Finished right = await RouserProcess.RunAsync(
            folder.Path,
            "run",
            "mine.yaml",
            "--out",
            "here",
            "--quiet",
            "--set",
            "base.dataset.time_unit=ns"
        );
        Assert.True(right.ExitCode == 0, right.Errors);
    }

    [Fact]
    public async Task A_folder_may_be_named_from_home_or_by_a_variable()
    {
        using var folder = new TemporaryFolder();
        WriteSet(folder, 1);
        folder.Write(
            "mine.yaml",
            Sweep.Replace(
                "root: data",
                $"root: \"${{ROUSER_CACHE}}/../{Path.GetRelativePath(AppContext.BaseDirectory, folder["data"])}\"",
                StringComparison.Ordinal
            )
        );
        Finished plan = await RouserProcess.RunAsync(folder.Path, "plan", "mine.yaml");
        Assert.True(plan.ExitCode == 0, plan.Errors);
        Finished missing = await RouserProcess.RunAsync(folder.Path, "plan", "mine.yaml", "--data=~/rouser-no-such-folder");
        Assert.Contains(
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "rouser-no-such-folder"),
            Assert.Single(missing.ErrorLines),
            StringComparison.Ordinal
        );
    }

    [SharedDataFact]
    public async Task A_converted_set_is_looked_at_without_naming_its_size()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["wav"]);
        foreach (
            string file in Directory
                .GetFiles(SharedData.Path("fsdd"), "?_theo_?.wav")
                .Where(f => Path.GetFileName(f)[0] is '1' or '2')
        )
            File.Copy(file, folder["wav", Path.ChangeExtension(Path.GetFileName(file), ".WAV")]);
        Finished made = await RouserProcess.RunAsync(folder.Path, "data", "convert", "audio", "wav", "--out", "ear");
        Assert.True(made.ExitCode == 0, made.Errors);
        Assert.Contains("width: 700, height: 1, steps: 250, step_ms: 4", made.Output, StringComparison.Ordinal);
        Finished seen = await RouserProcess.RunAsync(folder.Path, "data", "inspect", "ear");
        Assert.True(seen.ExitCode == 0, seen.Errors);
        Assert.Contains("events: 700 inputs, 2 classes, 250 steps of 4 ms", seen.Output, StringComparison.Ordinal);
        folder.Write("mine.yaml", Sweep.Replace("root: data", "root: ear", StringComparison.Ordinal));
        Finished wrong = await RouserProcess.RunAsync(folder.Path, "plan", "mine.yaml");
        Assert.Contains(
            "is a set of 700×1, not 8×8; set dataset.width: 700 and dataset.height: 1",
            Assert.Single(wrong.ErrorLines),
            StringComparison.Ordinal
        );
    }

    /// <summary>
    /// Two classes with three recordings to train on and two to test on, an event every 10 ms, its time multiplied.
    /// </summary>
    private static void WriteSet(TemporaryFolder folder, double factor)
    {
        int number = 0;
        foreach (string label in (string[])["a", "b"])
        {
            foreach (string name in (string[])["Train/0", "Train/1", "Train/2", "Test/0", "Test/1"])
            {
                StringBuilder text = new("t,x,y,p\n");
                for (int i = 0; i < 30; i++)
                    text.Append(
                        CultureInfo.InvariantCulture,
                        $"{i * 10_000 * factor},{i % 8},{number % 8},{(i + (number / 8)) % 2}\n"
                    );
                string[] parts = name.Split('/');
                Directory.CreateDirectory(folder["data", parts[0], label]);
                File.WriteAllText(folder["data", parts[0], label, parts[1] + ".csv"], text.ToString());
                number++;
            }
        }
    }
}
