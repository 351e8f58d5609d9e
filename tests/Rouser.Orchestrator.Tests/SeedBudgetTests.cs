using System.Diagnostics;
using Rouser.Coordination;
using Rouser.Storage.Journals;

namespace Rouser.Orchestrator.Tests;

/// <summary>
/// A sweep whose seeds are a budget, as a user sees it: killed or not, on one slot or several, it trains the same seeds.
/// </summary>
public class SeedBudgetTests
{
    private static readonly string Sweep = SmallSweep.Yaml.Replace(
        "seeds: [0, 1]",
        "seeds: {from: 3, to: 6, until: decided}",
        StringComparison.Ordinal
    );

    [Fact]
    public async Task Seeds_are_trained_until_the_comparison_is_settled_whatever_is_killed()
    {
        using var folder = new TemporaryFolder();
        string spec = folder["sweep.yaml"];
        await File.WriteAllTextAsync(spec, Sweep);
        Finished plan = await RouserProcess.RunAsync(folder.Path, "plan", spec);
        Assert.Contains("3 to 6", plan.Output, StringComparison.Ordinal);
        Assert.Contains("6 of them only if results ask for them", plan.Output, StringComparison.Ordinal);

        string undisturbed = folder["undisturbed"];
        long start = Stopwatch.GetTimestamp();
        Finished run = await RouserProcess.RunAsync(folder.Path, "run", spec, "--out", undisturbed, "--slots", "1");
        TimeSpan length = Stopwatch.GetElapsedTime(start);
        Assert.True(run.ExitCode == 0, run.Errors);
        ComparisonSettled settled = Assert.Single(Events(undisturbed).OfType<ComparisonSettled>());
        Assert.Contains($"arms: rouser is {settled.Reason}", run.Output, StringComparison.Ordinal);
        Assert.Contains($"{2 * settled.Seeds} of at most 12 trials needed", run.Output, StringComparison.Ordinal);
        Assert.Equal(2 * settled.Seeds, Events(undisturbed).OfType<TrialCompleted>().Count());
        string report = await File.ReadAllTextAsync(Path.Combine(undisturbed, "report", "report.md"));
        Assert.Contains("Sequential comparisons of study arms", report, StringComparison.Ordinal);

        // Where a run is finished, it says so, and a plan knows the spread.
        Finished status = await RouserProcess.RunAsync(folder.Path, "status", undisturbed);
        Assert.Contains("finished", status.Output, StringComparison.Ordinal);
        plan = await RouserProcess.RunAsync(folder.Path, "plan", spec, "--out", undisturbed);
        Assert.Contains("a difference of 2 points takes", plan.Output, StringComparison.Ordinal);

        string expected = RunTables.Results(undisturbed);
        var random = new Random(Environment.TickCount);
        const int moments = 2;
        for (int moment = 0; moment < moments; moment++)
        {
            string killed = folder[$"killed-{moment}"];
            TimeSpan delay = length * ((moment + random.NextDouble()) / moments);
            using (Process process = RouserProcess.Start(folder.Path, "run", spec, "--out", killed, "--quiet", "--slots", "2"))
            {
                await Task.Delay(delay);
                process.Kill();
                await process.WaitForExitAsync();
            }
            Finished again = await RouserProcess.RunAsync(folder.Path, "run", spec, "--out", killed, "--quiet", "--slots", "2");
            Assert.True(again.ExitCode == 0, again.Errors);
            Assert.Equal(expected, RunTables.Results(killed));
        }
    }

    private static List<Event> Events(string run)
    {
        using SqliteJournal journal = SqliteJournal.OpenReadOnly(Path.Combine(run, "journal.db")).Value;
        return [.. journal.Read()];
    }
}
