using System.Diagnostics;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Storage.Journals;

namespace Rouser.Orchestrator.Tests;

/// <summary>A search by results, as a user sees it: killed or not, it proposes the same settings.</summary>
public class SearchTests
{
    private const string Sweep = """
        schema: rouser/sweep/v1
        name: search
        metric: {name: validation_accuracy}
        base:
          dataset: {name: saccade-digits, steps: 20, step_ms: 15, downsample: 2, train_samples: 40, test_samples: 10}
          dataset.validation: {by: share, share: 0.5}
          network.hidden: [8]
          epochs: 1
        seeds: [0, 1]
        studies:
          search:
            mode: tpe
            sampling: {count: 8, startup: 3, parallel: 2, candidates: 30}
            over:
              optimizer.learning_rate: {min: 0.001, max: 0.1, scale: log}
              threshold.rule: [fixed, learned]
              threshold.learning_rate: {min: 0.001, max: 0.1, scale: log, when: {threshold.rule: learned}}
        """;

    [Fact]
    public async Task A_search_trains_some_of_its_pool_and_goes_on_where_it_was_killed()
    {
        using var folder = new TemporaryFolder();
        string spec = folder["sweep.yaml"];
        await File.WriteAllTextAsync(spec, Sweep);
        Finished plan = await RouserProcess.RunAsync(folder.Path, "plan", spec);
        Assert.Contains("8 of 30", plan.Output, StringComparison.Ordinal);
        Assert.Contains("60 trials for 60 cells, 44 of them only if results ask for them", plan.Output, StringComparison.Ordinal);

        string undisturbed = folder["undisturbed"];
        Finished run = await RouserProcess.RunAsync(folder.Path, "run", spec, "--out", undisturbed, "--slots", "1");
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Contains(
            "4 trials to train (synthetic data), up to 12 more trials if results ask for them",
            run.Output,
            StringComparison.Ordinal
        );
        string[] proposed = Proposed(undisturbed);
        Assert.Equal(8, proposed.Length);
        Assert.Contains("after 6 settings", proposed[^1], StringComparison.Ordinal);
        Finished status = await RouserProcess.RunAsync(folder.Path, "status", undisturbed);
        Assert.Contains("finished", status.Output, StringComparison.Ordinal);

        string killed = folder["killed"];
        using (Process process = RouserProcess.Start(folder.Path, "run", spec, "--out", killed, "--quiet", "--slots", "1"))
        {
            string journal = Path.Combine(killed, "journal.db");
            while (!process.HasExited && (!File.Exists(journal) || new FileInfo(journal).Length == 0 || Completed(killed) < 3))
                await Task.Delay(5);
            process.Kill();
            await process.WaitForExitAsync();
        }
        Finished again = await RouserProcess.RunAsync(folder.Path, "run", spec, "--out", killed, "--quiet", "--slots", "1");
        Assert.True(again.ExitCode == 0, again.Errors);
        Assert.Equal(proposed, Proposed(killed));
        Assert.Equal(RunTables.Results(undisturbed), RunTables.Results(killed));
    }

    private static string[] Proposed(string run) =>
        [.. Events(run).OfType<SettingProposed>().Select(e => $"{e.Setting} {e.Reason}")];

    // Of a run that has only begun there may be nothing to read yet.
    private static int Completed(string run)
    {
        Result<SqliteJournal> opened = SqliteJournal.OpenReadOnly(Path.Combine(run, "journal.db"));
        if (!opened.IsOk)
            return 0;
        using SqliteJournal journal = opened.Value;
        return journal.Read().OfType<TrialCompleted>().Count();
    }

    private static List<Event> Events(string run)
    {
        using SqliteJournal journal = SqliteJournal.OpenReadOnly(Path.Combine(run, "journal.db")).Value;
        return [.. journal.Read()];
    }
}
