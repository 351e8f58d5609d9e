using System.Diagnostics;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Storage.Journals;

namespace Rouser.Orchestrator.Tests;

/// <summary>
/// Whatever the moment a run is killed at, nothing that was reported is lost and the results are those of an
/// undisturbed run. By default it is killed at 4 moments; at 20 of them with
/// <c>ROUSER_STORM=1 dotnet test tests/Rouser.Orchestrator.Tests -c Release --filter KillTests</c>.
/// </summary>
public class KillTests
{
    private static readonly int Moments = Environment.GetEnvironmentVariable("ROUSER_STORM") == "1" ? 20 : 4;

    /// <summary>
    /// Every second kill waits for so many epochs in the log, whatever the machine's load; the others come by the
    /// clock.
    /// </summary>
    private static int EpochsBetweenKills => 240 / Moments;

    private const int Epochs = 4 * 40;

    [Fact]
    public async Task A_run_killed_at_any_moment_and_resumed_ends_with_the_results_of_an_undisturbed_one()
    {
        using var folder = new TemporaryFolder();
        string spec = folder.Write("small.yaml", SmallSweep.Yaml);
        long start = Stopwatch.GetTimestamp();
        Finished undisturbed = await RouserProcess.RunAsync(
            folder.Path,
            "run",
            spec,
            "--out",
            folder["undisturbed"],
            "--slots",
            "2",
            "--quiet",
            "--set",
            "base.epochs=40"
        );
        TimeSpan length = Stopwatch.GetElapsedTime(start);
        Assert.True(undisturbed.ExitCode == 0, undisturbed.Errors);
        string expected = RunTables.Results(folder["undisturbed"]);

        int seed = Environment.TickCount;
        var random = new Random(seed);
        int killedInTraining = 0;
        for (int moment = 0; moment < Moments; moment++)
        {
            // One moment from each part of the run, so that start, training and end are all met.
            TimeSpan delay = length * ((moment + random.NextDouble()) / Moments);
            int? epochs = moment % 2 == 0 ? null : 1 + (moment / 2 * EpochsBetweenKills);
            string when = epochs is null
                ? $"after {delay.TotalMilliseconds:F0} of {length.TotalMilliseconds:F0} ms"
                : $"at epoch {epochs} of {Epochs}";
            string what = $"seed {seed}, moment {moment}, killed {when}";
            string run = folder[$"killed-{moment}"];
            string[] command = ["run", spec, "--out", run, "--slots", "2", "--quiet", "--set", "base.epochs=40"];
            await Kill(process => epochs is null ? Task.Delay(delay) : Logged(process, run, epochs.Value), folder.Path, command);

            List<(string, int)> reported = Directory.Exists(run) ? ReportedEpochs(run, what) : [];
            if (reported.Count is > 0 and < Epochs)
                killedInTraining++;
            Finished resumed = Directory.Exists(run)
                ? await RouserProcess.RunAsync(folder.Path, "resume", run, "--quiet")
                : await RouserProcess.RunAsync(folder.Path, command);

            Assert.True(resumed.ExitCode == 0, $"{what}: {resumed.Errors}");
            Assert.True(expected == RunTables.Results(run), $"{what}: the tables differ from an undisturbed run's");
            List<(string, int)> all = ReportedEpochs(run, what);
            Assert.True(reported.SequenceEqual(all.Take(reported.Count)), $"{what}: an epoch that was reported is gone");
            Assert.True(all.Count == all.Distinct().Count(), $"{what}: an epoch stands twice");
        }
        Assert.True(killedInTraining > 0, $"seed {seed}: no kill met the training; the moments are badly chosen.");
    }

    private static async Task Kill(Func<Process, Task> moment, string workingFolder, string[] arguments)
    {
        using Process process = RouserProcess.Start(workingFolder, arguments);
        await moment(process);
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Waits until the run has logged so many epochs, or has ended.</summary>
    private static async Task Logged(Process process, string run, int epochs)
    {
        string log = Path.Combine(run, "rouser.log");
        while (!process.HasExited && (!File.Exists(log) || (await File.ReadAllTextAsync(log)).Split(" epoch ").Length <= epochs))
            await Task.Delay(1);
    }

    private static List<(string Trial, int Epoch)> ReportedEpochs(string run, string what)
    {
        Result<SqliteJournal> opened = SqliteJournal.OpenReadOnly(Path.Combine(run, "journal.db"));
        Assert.True(opened.IsOk, $"{what}: {string.Join("; ", opened.Errors)}");
        using SqliteJournal journal = opened.Value;
        return [.. journal.Read().OfType<EpochRecorded>().Select(e => (e.Trial.Value, e.Metrics.Epoch))];
    }
}
