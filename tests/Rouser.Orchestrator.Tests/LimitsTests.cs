using System.Diagnostics;

namespace Rouser.Orchestrator.Tests;

/// <summary>
/// What the place that the program is started in may deny it: open files, standard streams. And settings that no
/// training survives.
/// </summary>
public class LimitsTests
{
    [SkippableTheory]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(160)]
    public async Task Too_few_open_files_are_one_line_with_the_command_that_raises_the_limit(int limit)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "needs /proc and a shell");
        using var folder = new TemporaryFolder();
        folder.Write("small.yaml", SmallSweep.Yaml);
        Finished done = await InShell(folder, $"ulimit -n {limit}; exec \"$@\"", "run", "small.yaml", "--quiet");
        Assert.Equal((2, ""), (done.ExitCode, done.Output));
        Assert.Equal(
            $"rouser: the limit of open files is {limit}, and rouser needs 256; raise it with: ulimit -n 256",
            Assert.Single(done.ErrorLines)
        );
        Assert.False(Directory.Exists(folder["runs"]));
    }

    [SkippableFact]
    public async Task The_least_number_of_open_files_that_is_asked_for_is_enough()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "needs /proc and a shell");
        using var folder = new TemporaryFolder();
        folder.Write("small.yaml", SmallSweep.Yaml);
        Finished done = await InShell(folder, "ulimit -n 256; exec \"$@\"", "run", "small.yaml", "--quiet");
        Assert.True(done.ExitCode == 0, done.Errors);
    }

    /// <summary>
    /// A closed stream's number goes to the next file that is opened, and what was for the terminal was written
    /// there, or called a denied path.
    /// </summary>
    [SkippableTheory]
    [InlineData(">&-")]
    [InlineData("2>&-")]
    [InlineData("<&-")]
    [InlineData("<&- >&- 2>&-")]
    public async Task A_run_with_closed_standard_streams_is_a_run_like_any_other(string closed)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "only Linux tells a closed stream from one that was opened later");
        using var folder = new TemporaryFolder();
        folder.Write("small.yaml", SmallSweep.Yaml);
        Finished done = await InShell(folder, $"exec \"$@\" {closed}", "run", "small.yaml", "--out", "closed");
        Assert.Equal((0, ""), (done.ExitCode, done.Errors));
        Finished open = await RouserProcess.RunAsync(folder.Path, "run", "small.yaml", "--out", "open");
        Assert.True(open.ExitCode == 0, open.Errors);
        Assert.Equal(RunTables.Results(folder["open"]), RunTables.Results(folder["closed"]));
        // And what fails says so by its exit code.
        Assert.Equal(2, (await InShell(folder, $"exec \"$@\" {closed}", "run", "nowhere.yaml")).ExitCode);
    }

    [Fact]
    public async Task A_plan_tells_of_a_setting_that_diverges_in_the_timed_batches_and_is_a_plan()
    {
        using var folder = new TemporaryFolder();
        folder.Write("small.yaml", SmallSweep.Yaml);
        Finished done = await RouserProcess.RunAsync(
            folder.Path,
            "plan",
            "small.yaml",
            "--set",
            "base.optimizer.learning_rate=1e39"
        );
        Assert.True(done.ExitCode == 0, done.Output + done.Errors);
        Assert.Matches(
            @"note: trial [0-9a-f]{8} \(slayer\) leaves the finite numbers in its first batches \(layer \d",
            done.Output
        );
        Assert.Contains("estimated time", done.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_tells_of_every_setting_that_diverges()
    {
        using var folder = new TemporaryFolder();
        folder.Write(
            "small.yaml",
            SmallSweep.Yaml.Replace(
                "arms: {arms: [slayer, rouser]}",
                "arms: {arms: [slayer, rouser], over: {optimizer.learning_rate: [0.01, 1e38, 1e39]}}",
                StringComparison.Ordinal
            )
        );
        Finished done = await RouserProcess.RunAsync(folder.Path, "plan", "small.yaml");
        Assert.True(done.ExitCode == 0, done.Output + done.Errors);
        string[] notes = [.. done.Output.Split('\n').Where(line => line.StartsWith("note: ", StringComparison.Ordinal))];
        Assert.Equal(4, notes.Length);
        foreach (string arm in (string[])["slayer", "rouser"])
        foreach (string rate in (string[])["1E+38", "1E+39"])
            Assert.Single(notes, n => n.Contains($"({arm}, optimizer.learning_rate={rate})", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Runs the program by way of a shell, which <c>"$@"</c> starts it in.</summary>
    private static async Task<Finished> InShell(TemporaryFolder folder, string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "/bin/sh",
            ["-c", script, "sh", "dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "rouser.dll"), .. arguments]
        )
        {
            WorkingDirectory = folder.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ROUSER_CACHE"] = Path.Combine(AppContext.BaseDirectory, "cache");
        using Process process = Process.Start(start)!;
        return await RouserProcess.WaitAsync(process);
    }
}
