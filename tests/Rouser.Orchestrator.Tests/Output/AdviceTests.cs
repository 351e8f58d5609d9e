using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Rouser.Cluster.AkkaNet;
using Rouser.Coordination;
using Rouser.Orchestrator.Output;
using Rouser.Orchestrator.Sessions;
using Rouser.Orchestrator.Tests.Cluster;
using Rouser.Testing;

namespace Rouser.Orchestrator.Tests.Output;

/// <summary>
/// A command that the program prints runs as it is printed: a shell takes it apart, and the parser of the command line
/// takes what the shell makes of it.
/// </summary>
public partial class AdviceTests
{
    public static TheoryData<string> AwkwardNames =>
        new("run", "a run", "-run", "--slots", "@run", "it's", "$HOME", "a;b", "a*", "Prüfung", "a\"b", "~", "a/b c", "#x");

    [SkippableTheory]
    [MemberData(nameof(AwkwardNames))]
    public async Task Whatever_a_folder_is_called_the_commands_of_its_run_parse_and_name_it(string name)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no sh");
        RunCommands kept = new(name),
            elsewhere = new(name, "postgres://user@host/database?journal=a&sslmode=require");
        foreach (string line in (string[])[kept.Resume, elsewhere.Resume, kept.Retry([TrialState.Failed, TrialState.Cancelled])])
        {
            ParseResult parsed = await Parse(line);
            Assert.Equal(Path.GetFullPath(name), Path.GetFullPath(parsed.GetValue<string>("DIR")!));
            Assert.Equal(line.Contains("postgres", StringComparison.Ordinal), parsed.GetValue<string?>("--journal") is not null);
        }
        ParseResult retried = await Parse(kept.Retry([TrialState.Failed, TrialState.Cancelled]));
        Assert.True(retried.GetValue<bool>("--failed") && retried.GetValue<bool>("--cancelled"));

        JoinCommands join = new(name, ["--certificate", RouserCommand.Path(name), "--trust-network"]);
        ParseResult worker = await Parse(join.OverHttp("http://127.0.0.1:1"));
        Assert.Equal(Path.GetFullPath(name), Path.GetFullPath(worker.GetValue<string>("--token-file")!));
        string other = join.FromOtherMachines("https://host:1", 1);
        Assert.Equal(["https://host:1"], (await Parse(CommandIn(other))).GetValue<string[]>("--join")!);
        ParseResult node = await Parse(join.OverAkka(new NodeAddress("127.0.0.1", 1)));
        Assert.Equal(Path.GetFullPath(name), Path.GetFullPath(node.GetValue<string>("--certificate")!));
    }

    [SkippableFact]
    public async Task Every_command_that_serve_and_status_print_runs_as_it_is_printed()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals");
        using var folder = new TemporaryFolder();
        folder.Write("a sweep.yaml", SmallSweep.Yaml);
        folder.Write("a token", new string('t', 64));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder["a token"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        string address = $"127.0.0.1:{ClusterRun.FreePort().ToString(CultureInfo.InvariantCulture)}";
        using Process process = RouserProcess.Start(
            folder.Path,
            "serve",
            "a sweep.yaml",
            "--out",
            "a run",
            "--http",
            address,
            "--token-file",
            "a token"
        );
        string? said;
        do said = await process.StandardOutput.ReadLineAsync();
        while (said is not null && !said.StartsWith("workers join with: ", StringComparison.Ordinal));
        Assert.NotNull(said);
        ParseResult worker = await Parse(CommandIn(said));
        Assert.Equal("a token", worker.GetValue<string>("--token-file"));
        Assert.Equal([$"http://{address}"], worker.GetValue<string[]>("--join")!);

        await ClusterRun.Signal(process, "TERM");
        Finished stopped = await RouserProcess.WaitAsync(process);
        ParseResult again = await Parse(CommandIn(stopped.Output));
        Assert.Equal("a run", again.GetValue<string>("SPEC"));
        Assert.Equal("a token", again.GetValue<string>("--token-file"));

        Finished status = await RouserProcess.RunAsync(folder.Path, "status", "a run");
        string resume = CommandIn(status.Output);
        Finished resumed = await RouserProcess.RunAsync(folder.Path, await Words(resume));
        Assert.True(resumed.ExitCode == 0, resumed.Errors);
    }

    [SkippableFact]
    public async Task What_status_says_of_trials_without_a_result_retries_them()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no sh");
        using var folder = new TemporaryFolder();
        // Diverges at once, whatever the seed.
        folder.Write(
            "small.yaml",
            SmallSweep.Yaml.Replace("batch_size: 16", "batch_size: 16\n  optimizer.learning_rate: 1e39", StringComparison.Ordinal)
        );
        Finished run = await RouserProcess.RunAsync(folder.Path, "run", "small.yaml", "--out", "a run", "--quiet");
        Assert.True(run.ExitCode == 3, $"{run.ExitCode}: {run.Errors}");
        Finished status = await RouserProcess.RunAsync(folder.Path, "status", "a run", "--why");
        string[] commands = [.. status.Output.Split('\n').Where(line => Command().IsMatch(line)).Select(CommandIn)];
        Assert.Equal(5, commands.Length);
        Assert.All(commands, command => Assert.Equal("rouser retry 'a run' --failed", command));
        Finished retried = await RouserProcess.RunAsync(folder.Path, await Words(commands[0]));
        Assert.Equal(3, retried.ExitCode);
        Assert.Contains("4 trials to train", retried.Output, StringComparison.Ordinal);
    }

    // Only RouserCommand quotes what is put into a command.
    [Fact]
    public void No_command_to_go_on_with_is_written_by_hand()
    {
        IEnumerable<string> byHand = new[] { "Core", "Worker", "Orchestrator", "Reports" }
            .SelectMany(project => Directory.EnumerateFiles(Repository.Path(project), "*.cs", SearchOption.AllDirectories))
            .Where(file =>
                !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            )
            .Where(file => File.ReadLines(file).Any(line => line.Contains("with: rouser", StringComparison.Ordinal)));
        Assert.Empty(byHand);
    }

    private static string CommandIn(string text) =>
        Command().Match(text) is { Success: true } found
            ? found.Groups[1].Value
            : throw new InvalidDataException($"There is no command in: {text}");

    private static async Task<ParseResult> Parse(string line)
    {
        ParseResult parsed = RootCommands.Build().Parse(await Words(line));
        Assert.True(parsed.Errors.Count == 0, $"{line}: {string.Join("; ", parsed.Errors)}");
        return parsed;
    }

    /// <summary>The arguments that a shell hands to the program.</summary>
    private static async Task<string[]> Words(string line)
    {
        var start = new ProcessStartInfo("sh") { RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"rouser() {{ printf '%s\\0' \"$@\"; }}\n{line}");
        using Process shell = Process.Start(start)!;
        string words = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.Equal(0, shell.ExitCode);
        return words.Split('\0')[..^1];
    }

    [GeneratedRegex("with: (rouser .*)")]
    private static partial Regex Command();
}
