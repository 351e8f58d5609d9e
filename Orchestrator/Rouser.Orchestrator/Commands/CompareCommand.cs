using System.CommandLine;
using Rouser.Core;
using Rouser.Reports;
using Rouser.Reports.Comparison;
using Rouser.Reports.Model;
using Rouser.Reports.Terminal;

namespace Rouser.Orchestrator.Commands;

/// <summary>
/// <c>rouser compare BEFORE AFTER</c>: what changed between two runs, in what they were asked for and in what came
/// out.
/// </summary>
internal static class CompareCommand
{
    public static Command Build()
    {
        var before = new Argument<string>("BEFORE") { Description = "Run folder, or folder with the three tables of a run." };
        var after = new Argument<string>("AFTER") { Description = "The run to compare with it." };
        Option<string?> output = Options.Output("Also write the comparison to this folder, as Markdown, HTML, CSV and LaTeX.");
        Option<bool> json = Options.Json();
        Option<string?> journal = Options.Journal();
        var command = new Command(
            "compare",
            "Compare two runs: what changed in settings, data, engine and machine, and in the results, paired by "
                + "seed, with 95 % intervals."
        )
        {
            before,
            after,
            output,
            json,
            journal,
        };
        command.SetAction(parsed =>
            Execute(
                [parsed.GetRequiredValue(before), parsed.GetRequiredValue(after)],
                parsed.GetValue(output),
                parsed.GetValue(json),
                parsed.GetValue(journal)
            )
        );
        return command;
    }

    private static int Execute(string[] paths, string? output, bool json, string? journal)
    {
        Result<IReadOnlyList<NamedRun>> runs = ReportCommand.ReadAll(paths, journal);
        if (!runs.IsOk)
            return Terminal.WriteError(runs.Errors);
        RunComparison comparison = RunComparison.Of(runs.Value[0], runs.Value[1]);
        Result<ReportFiles>? written = output is null ? null : ComparisonWriter.Write(comparison, output);
        if (written is { IsOk: false })
            return Terminal.WriteError(written.Errors);
        if (json)
            Terminal.Document(ComparisonWriter.Json(comparison));
        else
            Show(comparison);
        if (written is not null && !json)
            Terminal.Line($"comparison: {written.Value.Html}");
        return ExitCode.Ok;
    }

    private static void Show(RunComparison comparison)
    {
        foreach (string line in ConsoleComparison.Lines(comparison))
            Terminal.Line(line);
        Terminal.Line();
        foreach (TextTable table in ConsoleComparison.Tables(comparison))
            Terminal.Table(table);
    }
}
