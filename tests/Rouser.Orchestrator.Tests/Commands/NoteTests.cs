using Rouser.Core;
using Rouser.Results;

namespace Rouser.Orchestrator.Tests.Commands;

/// <summary>Notes and tags of a run that no process trains or serves.</summary>
public sealed class NoteTests
{
    [Fact]
    public async Task Finished_run_takes_notes_and_tags_that_reach_its_tables_and_its_report()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["small.yaml"], SmallSweep.Yaml);
        const string run = "runs/small";
        Finished trained = await RouserProcess.RunAsync(
            folder.Path,
            "run",
            "small.yaml",
            "--quiet",
            "--set",
            "base.engine=noop",
            "--set",
            "base.noop.epoch_ms=1"
        );
        Assert.True(trained.ExitCode == 0, trained.Errors);
        string trial = Trials(folder, [TrialsTable.TrialId]).Value(TrialsTable.TrialId, 0);
        Finished noted = await RouserProcess.RunAsync(folder.Path, "note", "not for the paper", "--run", run),
            tagged = await RouserProcess.RunAsync(folder.Path, "tag", "pilot", "--run", run, "--trial", trial[..8]),
            again = await RouserProcess.RunAsync(folder.Path, "tag", "pilot", "--run", run, "--trial", trial[..8]);
        Assert.True(noted.ExitCode == 0, noted.Errors);
        Assert.StartsWith("written to the sweep; ", noted.Output, StringComparison.Ordinal);
        Assert.StartsWith("written to 1 trial; ", tagged.Output, StringComparison.Ordinal);
        Assert.StartsWith("nothing to write", again.Output, StringComparison.Ordinal);

        TableRows trials = Trials(folder, [TrialsTable.Tags]);
        Assert.Equal("pilot", trials.Find(TrialsTable.Tags, 0));
        Assert.Null(trials.Find(TrialsTable.Tags, 1));
        Finished status = await RouserProcess.RunAsync(folder.Path, "status", run, "--why"),
            report = await RouserProcess.RunAsync(folder.Path, "report", run);
        Assert.Contains("not for the paper", status.Output, StringComparison.Ordinal);
        Assert.Contains($"{trial[..8]} tagged pilot", status.Output, StringComparison.Ordinal);
        Assert.True(report.ExitCode == 0, report.Errors);
        Assert.Contains(
            "not for the paper",
            await File.ReadAllTextAsync(folder["runs", "small", "report", "report.md"]),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("runs/nosuch", "there is no such folder", "note", "x", "--run", "runs/nosuch")]
    [InlineData("note", "one of --run and --join", "note", "x", "--run", "runs/small", "--join", "http://127.0.0.1:1")]
    public async Task Run_that_is_not_there_or_named_twice_is_one_line(string place, string why, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        Finished refused = await RouserProcess.RunAsync(folder.Path, arguments);
        Assert.Equal(2, refused.ExitCode);
        string line = Assert.Single(refused.ErrorLines);
        Assert.Contains(place, line, StringComparison.Ordinal);
        Assert.Contains(why, line, StringComparison.Ordinal);
    }

    private static TableRows Trials(TemporaryFolder folder, IReadOnlyList<TableColumn> columns)
    {
        List<UserError> mistakes = [];
        TableRows rows = new(RunTables.Read(folder["runs", "small"]).Trials, columns, mistakes);
        Assert.Empty(mistakes);
        return rows;
    }
}
