using Rouser.Core;
using Rouser.Reports;
using Rouser.Reports.Model;
using Rouser.Reports.Terminal;

namespace Rouser.Orchestrator.Sessions;

/// <summary>Makes the report of one or several runs and shows its main tables on the console.</summary>
internal static class ReportOutput
{
    /// <returns>The exit code: 3 if trials have ended without a result.</returns>
    public static Result<int> WriteAndShow(IReadOnlyList<NamedRun> runs, string folder) => MergedRuns.Of(runs).Then(merged =>
    {
        ReportModel model = merged with { Command = Command(runs) };
        return ReportWriter.Write(model, folder).Then<int>(written =>
        {
            foreach (StudyResults study in model.Studies)
            {
                Terminal.Table(ConsoleTables.Convergence(study, model.Run));
                Terminal.Table(ConsoleTables.DeadNeurons(study));
            }
            if (ConsoleTables.Paper(model) is { } paper) Terminal.Table(paper);
            Terminal.Line($"report: {written.Html}");
            return model.Cells.Any(c => c.State is "failed" or "lost") ? ExitCode.SomeTrialsFailed : ExitCode.Ok;
        });
    });

    // Where the report goes is no part of it: the same runs give the same bytes in any folder.
    private static string Command(IReadOnlyList<NamedRun> runs) => $"rouser report {string.Join(' ', runs.Select(r => Words.Quote(r.Folder)))}{(runs.Count > 1 ? " --out FOLDER" : "")}";
}
