using System.Diagnostics;
using System.Text;
using Rouser.Testing;

namespace Rouser.Orchestrator.Tests;

/// <summary>A run whose journal is in a database, as a user runs it.</summary>
public class DatabaseJournalTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private const string Yaml = """
        schema: rouser/sweep/v1
        name: noop
        base: {engine: noop, epochs: 3, dataset: {train_samples: 1, test_samples: 1}}
        seeds: [0, 1, 2]
        """;

    [PostgresFact]
    public async Task A_run_goes_on_from_the_database_and_keeps_no_password()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "noop.yaml"), Yaml);
        Finished run = await RouserProcess.RunAsync(folder.Path, "run", "noop.yaml", "--out", "run", "--journal", server.Address);
        Finished status = await RouserProcess.RunAsync(folder.Path, "status", "run", "--why", "--journal", server.Address);
        Finished resumed = await RouserProcess.RunAsync(folder.Path, "resume", "run", "--journal", server.Address);
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Contains("noop: finished", status.Output, StringComparison.Ordinal);
        Assert.Contains("0 trials to train (synthetic data), 3 trials done already", resumed.Output, StringComparison.Ordinal);

        // The folder knows where the journal is, but not the password.
        Finished without = await RouserProcess.RunAsync(folder.Path, "status", "run");
        Assert.Equal(2, without.ExitCode);
        Assert.Contains(
            "asks for a password; give it in PGPASSWORD",
            Assert.Single(without.ErrorLines),
            StringComparison.Ordinal
        );

        string[] secrets = [PostgresServer.Password, Uri.EscapeDataString(PostgresServer.Password)];
        foreach (Finished said in (Finished[])[run, status, resumed, without])
            Assert.All(secrets, secret => Assert.DoesNotContain(secret, said.Output + said.Errors, StringComparison.Ordinal));
        foreach (string file in Directory.EnumerateFiles(Path.Combine(folder.Path, "run"), "*", SearchOption.AllDirectories))
        {
            string text = Encoding.UTF8.GetString(await File.ReadAllBytesAsync(file));
            Assert.All(
                secrets,
                secret => Assert.False(text.Contains(secret, StringComparison.Ordinal), $"{file} holds the password")
            );
        }
    }

    [PostgresFact]
    public async Task A_run_that_has_begun_with_one_journal_does_not_change_to_another()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "noop.yaml"), Yaml);
        Finished run = await RouserProcess.RunAsync(folder.Path, "run", "noop.yaml", "--out", "run");
        Finished moved = await RouserProcess.RunAsync(folder.Path, "resume", "run", "--journal", server.Address);
        Assert.Equal((0, 2), (run.ExitCode, moved.ExitCode));
        Assert.Contains("the run has begun with this journal", Assert.Single(moved.ErrorLines), StringComparison.Ordinal);
    }

    // With a folder of its own, as on another machine: it said "stopped; go on with: rouser resume", and that took the
    // journal from the orchestrator that served.
    [PostgresFact]
    public async Task A_sweep_that_is_served_elsewhere_is_said_to_run_and_is_not_taken_over()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "noop.yaml"), Yaml);
        string[] journal = ["--journal", $"{server.Address}?journal=elsewhere"];
        string[] serve = ["serve", "noop.yaml", "--http", "127.0.0.1:0", "--quiet", .. journal];
        using Process here = RouserProcess.Start(folder.Path, [.. serve, "--out", "here"]);
        while (!here.HasExited && !Directory.GetFiles(folder.Path, "rouser.log", SearchOption.AllDirectories).Any(Serves))
            await Task.Delay(50);

        Finished there = await RouserProcess.RunAsync(folder.Path, [.. serve, "--out", "there"]);
        Finished status = await RouserProcess.RunAsync(folder.Path, ["status", "there", .. journal]);
        Finished resumed = await RouserProcess.RunAsync(folder.Path, ["resume", "there", .. journal]);
        foreach (Finished refused in (Finished[])[there, resumed])
        {
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains("another rouser trains this sweep", Assert.Single(refused.ErrorLines), StringComparison.Ordinal);
        }
        Assert.Contains("noop: running, served from another folder", status.Output, StringComparison.Ordinal);
        Assert.False(here.HasExited);
        here.Kill();
        await here.WaitForExitAsync();

        static bool Serves(string log)
        {
            using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd().Contains("ServeSession serves", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_address_that_is_none_is_one_line()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "noop.yaml"), Yaml);
        Finished run = await RouserProcess.RunAsync(
            folder.Path,
            "run",
            "noop.yaml",
            "--out",
            "run",
            "--journal",
            "mysql://me:secret@here/x"
        );
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(
            "--journal takes a database such as postgres://user@host/database",
            Assert.Single(run.ErrorLines),
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "run")));
        Assert.DoesNotContain("secret", run.Errors, StringComparison.Ordinal);
    }
}
