using System.Diagnostics;
using System.Text.Json;
using Rouser.Coordination;
using Rouser.Orchestrator.Tests.Cluster;

namespace Rouser.Orchestrator.Tests.Notifications;

/// <summary>The program tells a receiver of its sweeps, whatever the receiver does.</summary>
public sealed class NotificationTests
{
    private const string Slow = """
        schema: rouser/sweep/v1
        name: slow
        base:
          engine: noop
          noop.epoch_ms: 100
          dataset: {name: saccade-digits, steps: 10, train_samples: 10, test_samples: 10}
          network: {hidden: [8]}
          epochs: 3
        seeds: [0, 1]
        """;

    [Fact]
    public async Task A_finished_run_reaches_a_receiver_that_is_down_at_first_and_says_no_secret()
    {
        using var folder = new TemporaryFolder();
        folder.Write("slow.yaml", Slow);
        await using Receiver receiver = new();
        // Nobody listens until the run has been at it for a while.
        using Process run = RouserProcess.Start(folder.Path, "run", "slow.yaml", "--out", "run", "--notify", receiver.Url);
        Task<Finished> ends = RouserProcess.WaitAsync(run);
        while (!File.Exists(folder["run", "report", "report.html"]) && !run.HasExited)
            await Task.Delay(20);
        await receiver.StartAsync(refusals: 2);
        JsonElement told = await receiver.NextAsync();
        Finished ended = await ends;
        Assert.True(ended.ExitCode == 0, ended.Errors);
        Assert.Equal(2, receiver.Refused);
        Assert.Equal("finished", told.GetProperty("kind").GetString());
        Assert.Equal("slow: finished: 2 completed", told.GetProperty("text").GetString());
        Assert.Equal(("slow", "run"), (told.GetProperty("sweep").GetString(), told.GetProperty("folder").GetString()));
        Assert.Equal(1, told.GetProperty("version").GetInt32());
        Assert.Equal(2, told.GetProperty("trials").GetProperty("completed").GetInt32());
        Assert.Equal("Basic " + Convert.ToBase64String("user:pass-w0rd"u8), receiver.Authorization);
        // The command line is kept in the folder and the tables.
        foreach (string file in Directory.GetFiles(folder["run"], "*", SearchOption.AllDirectories))
        {
            string text = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal);
            Assert.DoesNotContain("pass-w0rd", text, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("s3cret", ended.Output + ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receiver_that_hangs_holds_nothing_up_and_is_told_of_in_one_line()
    {
        using var folder = new TemporaryFolder();
        folder.Write("slow.yaml", Slow);
        await using Receiver receiver = new();
        await receiver.StartAsync(hangs: true);
        Finished ended = await RouserProcess.RunAsync(
            folder.Path,
            "run",
            "slow.yaml",
            "--out",
            "run",
            "--notify",
            receiver.Url,
            "--notify",
            "http://127.0.0.1:9/nobody"
        );
        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(
            "rouser: notifications: warning: 2 notifications did not arrive; rouser.log says why",
            Assert.Single(ended.ErrorLines)
        );
        string log = await File.ReadAllTextAsync(folder["run", "rouser.log"]);
        Assert.Contains("notification 'finished' did not reach 127.0.0.1:", log, StringComparison.Ordinal);
        Assert.DoesNotContain("nobody", log, StringComparison.Ordinal);
        // Every event of the sweep is from before the end, which waited for nobody.
        Assert.Contains("report: ", ended.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_command_gets_the_notification_on_its_standard_input_also_one_of_the_users_file()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip.If(true, "the command is one of a POSIX shell");
            return;
        }
        using var folder = new TemporaryFolder();
        folder.Write("slow.yaml", Slow);
        string configuration = folder["config", "rouser"];
        Directory.CreateDirectory(configuration);
        string file = Path.Combine(configuration, "notify.json");
        await File.WriteAllTextAsync(file, """{"commands": ["cat > of-file.json"], "on": ["finished"]}""");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Dictionary<string, string> environment = new() { ["XDG_CONFIG_HOME"] = folder["config"] };
        string[] arguments =
        [
            "run",
            "slow.yaml",
            "--out",
            "run",
            "--notify-command",
            "cat > of-option.json; printf %s \"$ROUSER_NOTIFICATION_TEXT\" > text",
        ];
        Finished ended = await RouserProcess.WaitAsync(RouserProcess.Start(folder.Path, arguments, environment));
        Assert.True(ended.ExitCode == 0, ended.Errors);
        foreach (string written in (string[])["of-file.json", "of-option.json"])
        {
            using JsonDocument told = JsonDocument.Parse(await File.ReadAllBytesAsync(folder[written]));
            Assert.Equal("finished", told.RootElement.GetProperty("kind").GetString());
        }
        Assert.Equal("slow: finished: 2 completed", await File.ReadAllTextAsync(folder["text"]));

        // Others could have this user run commands.
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite);
        Finished refused = await RouserProcess.WaitAsync(RouserProcess.Start(folder.Path, arguments, environment));
        Assert.Equal((2, 1), (refused.ExitCode, refused.ErrorLines.Length));
        Assert.Contains("chmod 600", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_trial_a_lost_worker_and_a_stalled_sweep_reach_a_receiver_that_is_down_for_the_first_tries()
    {
        using var folder = new TemporaryFolder();
        string spec = folder.Write(
            "slow.yaml",
            Slow.Replace("epochs: 3", "epochs: 2000", StringComparison.Ordinal)
                .Replace("[0, 1]", "[0, 1, 2, 3, 4, 5]", StringComparison.Ordinal)
                + "\nrun: {lease: 2s, retries: {lost: 0, failed: 0}}\n"
        );
        await using Receiver receiver = new();
        await receiver.StartAsync(refusals: 3);
        using var run = new ClusterRun(folder, "run", spec);
        Process orchestrator = run.Serve("--notify", receiver.Url, "--stalled-after", "0.05"),
            worker = run.Work("w");
        await run.Until(events => events.OfType<EpochRecorded>().Count() > 3);
        await ClusterRun.Kill(worker);
        HashSet<string> kinds = [];
        while (kinds.Count < 3)
        {
            JsonElement told = await receiver.NextAsync();
            string kind = told.GetProperty("kind").GetString()!;
            if (kind == "worker_lost")
                Assert.Equal("w", told.GetProperty("worker").GetString());
            if (kind == "trial_failed")
                Assert.Equal("lost", told.GetProperty("trial").GetProperty("state").GetString());
            kinds.Add(kind);
        }
        Assert.Equal(["stalled", "trial_failed", "worker_lost"], kinds.Order(StringComparer.Ordinal));
        Assert.True(receiver.Refused >= 3);
        await ClusterRun.Signal(orchestrator, "TERM");
        Assert.Equal(4, await run.End(orchestrator));
        Assert.DoesNotContain("s3cret", await File.ReadAllTextAsync(folder["run", "rouser.log"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--notify", "ftp://x/secret-path")]
    [InlineData("--notify", "not a url/secret-path")]
    [InlineData("--stalled-after", "never")]
    [InlineData("--notify-command", "")]
    public async Task What_nobody_can_be_told_by_is_one_line_without_the_address(string option, string value)
    {
        using var folder = new TemporaryFolder();
        folder.Write("slow.yaml", Slow);
        Finished refused = await RouserProcess.RunAsync(folder.Path, "run", "slow.yaml", "--out", "run", option, value);
        Assert.Equal((2, 1), (refused.ExitCode, refused.ErrorLines.Length));
        Assert.Contains(option, refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-path", refused.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["run"]));
    }
}
