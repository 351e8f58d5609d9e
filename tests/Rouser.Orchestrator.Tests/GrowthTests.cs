using System.Diagnostics;
using System.Globalization;
using Rouser.Coordination;
using Rouser.Storage.Journals;

namespace Rouser.Orchestrator.Tests;

/// <summary>
/// <c>rouser run</c> of a sweep file that has changed goes on in the same folder: only what is new is trained, and
/// the tables are those of a fresh run of the changed file.
/// </summary>
public class GrowthTests
{
    private const string Studies = """
          one: {arms: [slayer, rouser]}
          two: {arms: [rouser], over: {surrogate.tau: [2]}}
        """;

    private static readonly string Small = SmallSweep.Yaml.Replace(
        "  arms: {arms: [slayer, rouser]}",
        Studies,
        StringComparison.Ordinal
    );

    [Theory]
    [InlineData("seeds: [0, 1]", "seeds: [0, 1, 2]", 3)]
    [InlineData("[2]}", "[2, 5]}", 2)]
    [InlineData("  two:", "  #:", 0)]
    [InlineData("epochs: 4", "epochs: 6", 6)]
    [InlineData("batch_size: 16\n", "batch_size: 16\n  threshold.init: 0.5\n", 0)]
    public async Task A_finished_run_grows_to_the_tables_of_a_fresh_one(string before, string after, int trained)
    {
        using var folder = new TemporaryFolder();
        string run = folder["run"];
        string spec = await Finished(folder, run);
        int trainedBefore = Assigned(run);
        Assert.Equal(6, trainedBefore);

        Change(spec, before, after);
        Finished grown = await RouserProcess.RunAsync(folder.Path, "run", spec, "--out", run, "--quiet", "--yes");
        Assert.True(grown.ExitCode == 0, grown.Errors);
        Assert.Equal(trainedBefore + trained, Assigned(run));
        await AssertAsFresh(folder, spec, run);

        // And back again: what was trained once is never trained twice.
        Change(spec, after, before);
        Finished back = await RouserProcess.RunAsync(folder.Path, "run", spec, "--out", run, "--quiet", "--yes");
        Assert.True(back.ExitCode == 0, back.Errors);
        Assert.Equal(trainedBefore + trained, Assigned(run));
        Finished status = await RouserProcess.RunAsync(folder.Path, "status", run);
        Assert.Contains("finished", status.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_epochs_go_on_from_the_models_of_every_epoch()
    {
        using var folder = new TemporaryFolder();
        string run = folder["run"];
        string spec = await Finished(folder, run, "epochs: 4", "epochs: 8", KeepsAll);
        Change(spec, "epochs: 8", "epochs: 12");
        Finished refused = await RouserProcess.RunAsync(folder.Path, "run", spec, "--out", run);
        Assert.Contains(
            "0 trials kept, 6 continued, 0 new, 6 dropped (epochs 12 instead of 8)",
            Assert.Single(refused.ErrorLines),
            StringComparison.Ordinal
        );
        Finished grown = await RouserProcess.RunAsync(folder.Path, "run", spec, "--out", run, "--yes");
        Assert.True(grown.ExitCode == 0, grown.Errors);
        Assert.Contains(
            "  continued      6 trials: they go on after epoch 8, 24 epochs more in all\n  new            0 trials\n",
            grown.Output,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("anew", grown.Output, StringComparison.Ordinal);
        Event[] events = Events(run);
        Assert.Equal(6, events.OfType<TrialContinued>().Count());
        Assert.Equal(6 * 4, events.OfType<EpochRecorded>().Count(e => e is { Attempt: 2 }));
        await AssertAsFresh(folder, spec, run);
        Finished status = await RouserProcess.RunAsync(folder.Path, "status", run);
        Assert.Contains("72 of 72", status.Output, StringComparison.Ordinal);
        Finished models = await RouserProcess.RunAsync(folder.Path, "models", run);
        Assert.Contains(
            "72 models of 6 trials\n48 models of trials that the run does not ask for any more; ",
            models.Output,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("optimizer.schedule: cosine", KeepsAll, "optimizer.schedule: cosine depends on the number of epochs")]
    [InlineData("threshold.init: 0.5", "", "needs the models of every epoch, which only run.keep: all keeps")]
    public async Task More_epochs_that_cannot_go_on_are_trained_anew_and_it_is_said_why(string set, string keep, string why)
    {
        using var folder = new TemporaryFolder();
        string run = folder["run"];
        string spec = await Finished(folder, run, "  batch_size: 16\n", $"  batch_size: 16\n  {set}\n", keep);
        Change(spec, "epochs: 4", "epochs: 6");
        Finished grown = await RouserProcess.RunAsync(folder.Path, "run", spec, "--out", run, "--yes");
        Assert.True(grown.ExitCode == 0, grown.Errors);
        Assert.Contains("note: 6 trials that had fewer epochs before are trained anew: ", grown.Output, StringComparison.Ordinal);
        Assert.Contains(why, grown.Output, StringComparison.Ordinal);
        Assert.Empty(Events(run).OfType<TrialContinued>());
    }

    [Fact]
    public async Task A_run_killed_while_its_trials_go_on_goes_on()
    {
        using var folder = new TemporaryFolder();
        string first = folder["first"];
        string spec = await Finished(folder, first, "epochs: 4", "epochs: 8", KeepsAll);
        Change(spec, "epochs: 8", "epochs: 12");
        await AssertOutlivesKills(folder, first, spec, moments: 2);
    }

    [Fact]
    public async Task A_run_killed_while_it_grows_goes_on()
    {
        using var folder = new TemporaryFolder();
        string first = folder["first"];
        string spec = await Finished(folder, first);
        Change(spec, "seeds: [0, 1]", "seeds: [0, 1, 2, 3, 4]");
        Change(spec, "  two:", "  #:");
        await AssertOutlivesKills(folder, first, spec, moments: 2);
    }

    // With ROUSER_GROWTH_KILLS=20 there are as many moments.
    private static async Task AssertOutlivesKills(TemporaryFolder folder, string first, string spec, int moments)
    {
        string undisturbed = Copy(first, folder["undisturbed"]);
        string[] command = ["run", spec, "--quiet", "--yes", "--out"];
        long start = Stopwatch.GetTimestamp();
        Assert.Equal(0, (await RouserProcess.RunAsync(folder.Path, [.. command, undisturbed])).ExitCode);
        TimeSpan length = Stopwatch.GetElapsedTime(start);
        await AssertAsFresh(folder, spec, undisturbed);
        string expected = RunTables.Results(undisturbed);

        int seed = Environment.TickCount;
        var random = new Random(seed);
        if (Environment.GetEnvironmentVariable("ROUSER_GROWTH_KILLS") is { } asked)
            moments = int.Parse(asked, CultureInfo.InvariantCulture);
        for (int moment = 0; moment < moments; moment++)
        {
            TimeSpan delay = length * ((moment + random.NextDouble()) / moments);
            string what = $"seed {seed}, killed after {delay.TotalMilliseconds:F0} of {length.TotalMilliseconds:F0} ms";
            string run = Copy(first, folder[$"killed-{moment}"]);
            using (Process process = RouserProcess.Start(folder.Path, [.. command, run]))
            {
                await Task.Delay(delay);
                process.Kill();
                await process.WaitForExitAsync();
            }
            Finished status = await RouserProcess.RunAsync(folder.Path, "status", run);
            Assert.True(status.ExitCode == 0, $"{what}: {status.Errors}");
            Finished again = await RouserProcess.RunAsync(folder.Path, [.. command, run]);
            Assert.True(again.ExitCode == 0, $"{what}: {again.Errors}");
            Assert.True(expected == RunTables.Results(run), $"{what}: the tables differ from an undisturbed run's");
            Assert.False(File.Exists(Path.Combine(run, "growth.json")), what);
        }
    }

    [Fact]
    public async Task Without_a_terminal_or_yes_a_run_stays_as_it_is()
    {
        using var folder = new TemporaryFolder();
        string run = folder["run"];
        string spec = await Finished(folder, run);
        string plan = File.ReadAllText(Path.Combine(run, "plan.json"));
        Change(spec, "seeds: [0, 1]", "seeds: [1, 2]");
        Finished refused = await RouserProcess.RunAsync(folder.Path, "run", spec, "--out", run);
        Assert.Equal(2, refused.ExitCode);
        Assert.Equal(
            $"rouser: {run}: the run has another plan than this sweep: 3 trials kept, 3 new, 3 dropped (seed 1, 2 instead of 0, 1); "
                + "--yes has the run go on with it, --out NEW trains it into another folder",
            Assert.Single(refused.ErrorLines)
        );
        Assert.Equal(plan, File.ReadAllText(Path.Combine(run, "plan.json")));
        Finished shown = await RouserProcess.RunAsync(folder.Path, "run", spec, "--out", run, "--yes");
        Assert.Equal(0, shown.ExitCode);
        foreach (
            string line in new[]
            {
                "  kept           3 trials, with their results",
                "  new            3 trials",
                "  dropped        3 trials: they stay",
            }
        )
            Assert.Contains(line, shown.Output, StringComparison.Ordinal);
        Assert.Contains("estimated time: ", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_priority_that_was_changed_is_the_order_from_then_on()
    {
        using var folder = new TemporaryFolder();
        string run = folder["run"];
        string spec = folder.Write("small.yaml", Small);
        string[] command = ["run", spec, "--out", run, "--slots", "1", "--quiet", "--set", "base.epochs=60"];
        using (Process process = RouserProcess.Start(folder.Path, command))
        {
            while (!process.HasExited && (!File.Exists(Path.Combine(run, "journal.db-wal")) || Assigned(run) == 0))
                await Task.Delay(20);
            process.Kill();
            await process.WaitForExitAsync();
        }
        Finished ended = await RouserProcess.RunAsync(folder.Path, [.. command, "--set", "studies.two.priority=10"]);
        Assert.True(ended.ExitCode == 0, ended.Errors);
        using SqliteJournal journal = SqliteJournal.OpenReadOnly(Path.Combine(run, "journal.db")).Value;
        Event[] events = [.. journal.Read()];
        string[] order = [.. events.OfType<TrialAssigned>().Select(e => e.Trial.Value).Distinct()];
        string[] of2 = [.. OfStudy(run, "two")];
        Assert.Equal(6, order.Length);
        // The first one was in training when the order was another one; those of the study that is urgent now follow.
        Assert.Equal(of2.Order(StringComparer.Ordinal), order.Skip(1).Take(2).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> OfStudy(string run, string study)
    {
        Results.ResultTables tables = RunTables.Read(run);
        var studies = (Results.Column<string>)tables.Trials.Columns.Single(c => c.Name == "study");
        var trials = (Results.Column<string>)tables.Trials.Columns.Single(c => c.Name == "trial_id");
        return Enumerable
            .Range(0, tables.Trials.RowCount)
            .Where(row => studies.Values[row] == study)
            .Select(row => trials.Values[row]);
    }

    private const string KeepsAll = "\nrun: {keep: all}\n";

    private static Event[] Events(string run)
    {
        using SqliteJournal journal = SqliteJournal.OpenReadOnly(Path.Combine(run, "journal.db")).Value;
        return [.. journal.Read()];
    }

    private static async Task<string> Finished(
        TemporaryFolder folder,
        string run,
        string before = "",
        string after = "",
        string more = ""
    )
    {
        string spec = folder.Write("small.yaml", Small + more);
        if (before.Length > 0)
            Change(spec, before, after);
        Finished first = await RouserProcess.RunAsync(folder.Path, "run", spec, "--out", run, "--quiet");
        Assert.True(first.ExitCode == 0, first.Errors);
        return spec;
    }

    private static async Task AssertAsFresh(TemporaryFolder folder, string spec, string run)
    {
        string fresh = folder["fresh"];
        Finished ended = await RouserProcess.RunAsync(folder.Path, "run", spec, "--out", fresh, "--quiet");
        Assert.True(ended.ExitCode == 0, ended.Errors);
        Assert.Equal(RunTables.Results(fresh), RunTables.Results(run));
    }

    private static void Change(string spec, string before, string after)
    {
        string text = File.ReadAllText(spec);
        Assert.Contains(before, text, StringComparison.Ordinal);
        File.WriteAllText(spec, text.Replace(before, after, StringComparison.Ordinal));
    }

    /// <summary>How many trainings the journal tells of.</summary>
    private static int Assigned(string run) => Events(run).OfType<TrialAssigned>().Count();

    private static string Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string place = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            File.Copy(file, place);
        }
        foreach (string inner in Directory.EnumerateDirectories(from))
            Directory.CreateDirectory(Path.Combine(to, Path.GetFileName(inner)));
        return to;
    }
}
