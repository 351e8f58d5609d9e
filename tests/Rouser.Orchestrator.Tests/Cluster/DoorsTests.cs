using System.Diagnostics;
using System.Globalization;
using Rouser.Coordination;

namespace Rouser.Orchestrator.Tests.Cluster;

/// <summary>
/// One orchestrator with two doors, as a user opens them: with real processes, and without a flag that has to be
/// looked up.
/// </summary>
public sealed class DoorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_readmes_lines_for_several_machines_train_a_sweep()
    {
        string spec = Spec("readme", epochs: 3);
        foreach (string[] lines in ReadmeBlocks())
        {
            using var run = new ClusterRun(_folder, $"readme-{Guid.NewGuid():N}", spec);
            List<Process> processes = [];
            foreach (string line in lines)
            {
                // On this machine, on a port of its own, on a small sweep; everything else is as it stands.
                string here = line.Split(" #")[0]
                    .Replace("ADDRESS", "127.0.0.1", StringComparison.Ordinal)
                    .Replace(":7171", $":{Text(run.Port)}", StringComparison.Ordinal)
                    .Replace("--data ~/data/nmnist", "", StringComparison.Ordinal);
                string[] words = here.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
                if (words[0] == "serve")
                    words = ["serve", spec, "--out", run.Folder, .. words[2..]];
                if (!here.Contains($":{Text(run.Port)}", StringComparison.Ordinal))
                    words = [.. words, words[0] == "serve" ? "--http" : "--join", Door(words[0], run.Port)];
                int file = Array.IndexOf(words, "FILE");
                if (file >= 0)
                    words[file] = Token(run.Port);
                if (words[0] == "worker")
                    await Until(() => File.Exists(Token(run.Port)));
                processes.Add(run.Start(words));
            }
            Assert.True(processes.Count >= 2, string.Join('\n', lines));
            await run.EndWell([.. processes]);
            Assert.Equal(2, run.Events.OfType<TrialCompleted>().Count());
        }
    }

    [Fact]
    public async Task Workers_of_both_doors_train_one_sweep_and_go_on_when_the_standby_takes_over()
    {
        string spec = Spec("doors", epochs: 200, seeds: 4);
        Finished alone = await RouserProcess.RunAsync(_folder.Path, "run", spec, "--out", _folder["alone"], "--quiet");
        Assert.True(alone.ExitCode == 0, alone.Errors);
        using var run = new ClusterRun(_folder, "both", spec);
        int first = ClusterRun.FreePort(),
            second = ClusterRun.FreePort(),
            secondHttp = ClusterRun.FreePort();
        string[] seeds = ["--seed", $"127.0.0.1:{Text(first)}", "--seed", $"127.0.0.1:{Text(second)}"];
        Process active = run.Start([
            "serve",
            spec,
            "--out",
            run.Folder,
            "--listen",
            $"127.0.0.1:{Text(first)}",
            "--http",
            $"127.0.0.1:{Text(run.Port)}",
            .. seeds,
        ]);
        await run.UntilLogged(first, "serves");
        Process standby = run.Start([
            "serve",
            spec,
            "--out",
            run.Folder,
            "--listen",
            $"127.0.0.1:{Text(second)}",
            "--http",
            $"127.0.0.1:{Text(secondHttp)}",
            .. seeds,
        ]);
        Process node = run.Start(
            "worker",
            "--join",
            $"akka://127.0.0.1:{Text(first)}",
            "--join",
            $"akka://127.0.0.1:{Text(second)}",
            "--slots",
            "1",
            "--threads",
            "1",
            "--name",
            "node"
        );
        await Until(() => File.Exists(Token(secondHttp)));
        Process caller = run.Start(
            "worker",
            "--join",
            $"http://127.0.0.1:{Text(secondHttp)}",
            "--join",
            $"http://127.0.0.1:{Text(run.Port)}",
            "--slots",
            "1",
            "--threads",
            "1",
            "--name",
            "caller"
        );
        await run.Until(events =>
            new[] { "node", "caller" }.All(name =>
                events
                    .OfType<TrialAssigned>()
                    .Any(a => a.Worker.Value == name && events.OfType<EpochRecorded>().Any(e => e.Trial == a.Trial))
            )
        );

        // Served by a node of a cluster the run is running, and nobody takes it from there.
        Assert.Contains(
            "running",
            (await RouserProcess.RunAsync(_folder.Path, "status", run.Folder)).Output,
            StringComparison.Ordinal
        );
        Finished resume = await RouserProcess.RunAsync(_folder.Path, "resume", run.Folder);
        Assert.Equal((2, 1), (resume.ExitCode, resume.ErrorLines.Length));
        Assert.Contains("another rouser (pid ", resume.Errors, StringComparison.Ordinal);

        await ClusterRun.Kill(active);
        await run.EndWell(standby, node, caller);
        Assert.All(run.Events.OfType<TrialAssigned>(), e => Assert.Equal(1, e.Attempt));
        await run.AssertSameAs(RunTables.Results(_folder["alone"]));
    }

    [Fact]
    public async Task What_an_orchestrator_says_of_its_sweep_is_what_the_run_folder_says()
    {
        using var run = new ClusterRun(_folder, "told", Spec("told", epochs: 1));
        Process serving = run.Serve();
        await Until(() => File.Exists(Token(run.Port)));
        string[] join = ["--join", $"http://127.0.0.1:{Text(run.Port)}", "--token-file", Token(run.Port)];
        // The token is there before the door is open.
        for (int tries = 0; (await RouserProcess.RunAsync(_folder.Path, ["status", .. join])).ExitCode != 0; tries++)
            Assert.True(tries < 100, "Nobody answers.");
        Finished noted = await RouserProcess.RunAsync(_folder.Path, ["note", "not for the paper", .. join]),
            tagged = await RouserProcess.RunAsync(_folder.Path, ["tag", "pilot", .. join]);
        Assert.True(noted.ExitCode == 0 && tagged.ExitCode == 0, noted.Errors + tagged.Errors);
        Finished there = await RouserProcess.RunAsync(_folder.Path, ["status", "--why", .. join]),
            here = await RouserProcess.RunAsync(_folder.Path, "status", "--why", run.Folder);
        Assert.True(there.ExitCode == 0, there.Errors);
        Assert.Contains("not for the paper", there.Output, StringComparison.Ordinal);
        Assert.Contains("pilot", there.Output, StringComparison.Ordinal);
        // The orchestrator knows its workers besides, and the folder knows the commands to go on with.
        string[] said = [.. Lines(there.Output).Where(line => !line.Contains("worker", StringComparison.Ordinal))];
        Assert.True(said.Length > 8, there.Output);
        Assert.Subset(Lines(here.Output).ToHashSet(), said.Skip(1).ToHashSet());
        Finished json = await RouserProcess.RunAsync(_folder.Path, ["status", "--json", .. join]);
        Assert.StartsWith("{", json.Output, StringComparison.Ordinal);
        await run.EndWell(serving, run.Work("w1"));

        static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    // A worker of the cluster had to have the data on its own disk; and without a shared folder a trial that was
    // handed back started again.
    [Fact]
    public async Task A_worker_of_the_cluster_gets_its_data_set_and_checkpoints_from_the_orchestrator()
    {
        Directory.CreateDirectory(_folder["recordings"]);
        foreach (string part in (string[])["Train", "Test"])
        {
            foreach (string label in (string[])["left", "right"])
            {
                string folder = Path.Combine(_folder["recordings"], part, label);
                Directory.CreateDirectory(folder);
                for (int i = 0; i < 6; i++)
                    await File.WriteAllTextAsync(
                        Path.Combine(folder, $"{i}.csv"),
                        Recording(label, i + (part == "Test" ? 10 : 0))
                    );
            }
        }
        string spec = _folder.Write(
            "own.yaml",
            $$"""
            schema: rouser/sweep/v1
            name: own
            base:
              dataset: {name: events, root: {{_folder["recordings"]}}, width: 8, height: 8, steps: 20, step_ms: 1}
              network: {hidden: [8]}
              epochs: 400
              batch_size: 4
            seeds: [0]
            """
        );
        using var run = new ClusterRun(_folder, "own", spec);
        int port = ClusterRun.FreePort();
        Process orchestrator = run.Start(
            "serve",
            spec,
            "--out",
            run.Folder,
            "--listen",
            $"127.0.0.1:{Text(port)}",
            "--http",
            "off"
        );
        await run.UntilLogged(port, "serves");
        Directory.Move(_folder["recordings"], _folder["gone"]);
        Process leaver = Elsewhere(run, port, "leaver");
        await run.Until(events => events.OfType<EpochRecorded>().Count() > 5);
        await ClusterRun.Signal(leaver, "TERM");
        Assert.Equal(4, await run.End(leaver));
        int done = run.Events.OfType<EpochRecorded>().Count();
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(run.Folder, "checkpoints"), "checkpoint", SearchOption.AllDirectories));

        Process stayer = Elsewhere(run, port, "stayer");
        await run.EndWell(orchestrator, stayer);
        Assert.Contains("fetched from the orchestrator", run.Said(leaver), StringComparison.Ordinal);
        Assert.Single(run.Events.OfType<AttemptReturned>());
        Assert.True(done < 400, "the trial ended before it was handed back; make it longer");
        Assert.Equal(400, run.Events.OfType<EpochRecorded>().Count());
    }

    [Fact]
    public async Task Two_runs_that_start_at_one_moment_on_a_new_folder_one_trains_and_the_other_says_so()
    {
        for (int round = 0; round < 3; round++)
        {
            string spec = Spec("race", epochs: 150),
                run = _folder[$"race-{Text(round)}"];
            Finished[] ended = await Task.WhenAll(
                RouserProcess.RunAsync(_folder.Path, "run", spec, "--out", run, "--quiet"),
                RouserProcess.RunAsync(_folder.Path, "run", spec, "--out", run, "--quiet")
            );
            Assert.Equal([0, 2], ended.Select(e => e.ExitCode).Order());
            Finished loser = ended.Single(e => e.ExitCode == 2);
            Assert.Contains("another rouser (pid ", Assert.Single(loser.ErrorLines), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Two_orchestrators_that_start_at_one_moment_on_a_new_folder_one_serves_and_the_other_stands_by()
    {
        string spec = Spec("race", epochs: 3);
        using var run = new ClusterRun(_folder, "race", spec);
        int first = ClusterRun.FreePort(),
            second = ClusterRun.FreePort();
        string[] seeds = ["--seed", $"127.0.0.1:{Text(first)}", "--seed", $"127.0.0.1:{Text(second)}"];
        Process[] orchestrators =
        [
            .. new[] { first, second }.Select(port =>
                run.Start([
                    "serve",
                    spec,
                    "--out",
                    run.Folder,
                    "--listen",
                    $"127.0.0.1:{Text(port)}",
                    "--http",
                    "127.0.0.1:0",
                    .. seeds,
                ])
            ),
        ];
        Process worker = run.Start(
            "worker",
            "--join",
            $"akka://127.0.0.1:{Text(first)}",
            "--join",
            $"akka://127.0.0.1:{Text(second)}",
            "--slots",
            "1",
            "--threads",
            "1"
        );
        await run.EndWell(worker);
        await run.Until(events => events.OfType<TrialCompleted>().Count() == 2);
        foreach (Process orchestrator in orchestrators)
        {
            // The one that stood by is left alone when the other has ended with the sweep: it takes over, finds
            // nothing to do, and ends.
            Assert.Equal(0, await run.End(orchestrator));
        }
    }

    [Fact]
    public async Task A_local_command_finds_the_token_that_only_its_user_can_read()
    {
        using var run = new ClusterRun(_folder, "token", Spec("token", epochs: 1));
        Process orchestrator = run.Serve();
        await Until(() => File.Exists(Token(run.Port)));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Token(run.Port)));
        string address = $"http://127.0.0.1:{Text(run.Port)}";
        Finished paused = new(1, "", "");
        for (int tries = 0; tries < 100 && paused.ExitCode != 0; tries++)
            paused = await RouserProcess.RunAsync(_folder.Path, "pause", "--join", address);
        Assert.StartsWith("paused", paused.Output, StringComparison.Ordinal);

        string other = _folder.Write("other", "another-token-of-sixteen-letters");
        Finished wrong = await RouserProcess.RunAsync(_folder.Path, "continue", "--join", address, "--token-file", other);
        Assert.Equal((2, 1), (wrong.ExitCode, wrong.ErrorLines.Length));
        Assert.Contains("401", wrong.Errors, StringComparison.Ordinal);
        Assert.Equal(0, (await RouserProcess.RunAsync(_folder.Path, "cancel", "--join", address, "--all")).ExitCode);
        await run.End(orchestrator);
    }

    private Process Elsewhere(ClusterRun run, int port, string name) =>
        run.StartWith(
            new() { ["ROUSER_CACHE"] = _folder[$"cache-{name}"] },
            "worker",
            "--join",
            $"akka://127.0.0.1:{Text(port)}",
            "--slots",
            "1",
            "--threads",
            "1",
            "--name",
            name
        );

    private static string Recording(string label, int i)
    {
        int x = label == "left" ? 1 : 6;
        return "t,x,y,p\n"
            + string.Concat(
                Enumerable
                    .Range(0, 60)
                    .Select(k =>
                        $"{Text(k * (280 + i))},{Text((x + k + i) % 2 + (label == "left" ? 0 : 6))},{Text((k + i) % 8)},{Text(k % 2)}\n"
                    )
            );
    }

    private string Spec(string name, int epochs, int seeds = 2) =>
        _folder.Write(
            $"{name}.yaml",
            $$"""
            schema: rouser/sweep/v1
            name: {{name}}
            base:
              dataset: {name: saccade-digits, steps: 30, train_samples: 40, test_samples: 10}
              network: {hidden: [16]}
              threshold: {init: 0.5}
              epochs: {{Text(epochs)}}
              batch_size: 8
            seeds: [{{string.Join(", ", Enumerable.Range(0, seeds))}}]
            """
        );

    /// <summary>The commands of the README's section on several machines, a list for each block.</summary>
    private static List<string[]> ReadmeBlocks()
    {
        string readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md"));
        string section = readme.Split("## On several machines")[1].Split("\n## ")[0];
        List<string[]> blocks =
        [
            .. section
                .Split("\n\n")
                .Select(block =>
                    block
                        .Split('\n')
                        .Where(line => line.StartsWith("    rouser ", StringComparison.Ordinal))
                        .Select(line => line.Trim())
                        .ToArray()
                )
                .Where(lines => lines.Length > 0 && lines[0].StartsWith("rouser serve", StringComparison.Ordinal)),
        ];
        Assert.True(blocks.Count >= 2);
        return blocks;
    }

    private static string Door(string command, int port) =>
        command == "serve" ? $"127.0.0.1:{Text(port)}" : $"http://127.0.0.1:{Text(port)}";

    private static string Token(int port) =>
        Path.Combine(
            AppContext.BaseDirectory,
            "data",
            "rouser",
            "tokens",
            $"{Environment.MachineName.ToLowerInvariant()}-{Text(port)}"
        );

    private static async Task Until(Func<bool> holds)
    {
        for (int tries = 0; !holds(); tries++)
        {
            Assert.True(tries < 2000, "It never happened.");
            await Task.Delay(100);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
