using Rouser.Core;
using Rouser.Reports;
using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Reports.Terminal;

namespace Rouser.Orchestrator.Sessions;

/// <summary>Makes the report of one or several runs and shows its main tables on the console.</summary>
internal static class ReportOutput
{
    /// <param name="runs">One or several.</param>
    /// <param name="folder">Where the report goes.</param>
    /// <param name="png">Makes PNG files of the figures; null for none.</param>
    /// <returns>The exit code: 3 if trials have ended without a result.</returns>
    public static Result<int> WriteAndShow(IReadOnlyList<NamedRun> runs, string folder, PngRenderer? png = null) =>
        MergedRuns
            .Of(runs)
            .Then(merged =>
            {
                ReportModel model = merged with { Command = Command(runs) };
                return ReportWriter
                    .Write(model, folder)
                    .Then<int>(written =>
                    {
                        foreach (StudyResults study in model.Studies)
                        {
                            Terminal.Table(ConsoleTables.Convergence(study, model.Run));
                            Terminal.Table(ConsoleTables.DeadNeurons(study));
                        }
                        if (ConsoleTables.Paper(model) is { } paper)
                            Terminal.Table(paper);
                        Terminal.Line($"report: {written.Html}");
                        if (png?.Render(written.Others.Where(f => f.EndsWith(".svg", StringComparison.Ordinal))) is { } pictures)
                        {
                            if (!pictures.IsOk)
                                return Result<int>.Wrong(pictures.Mistakes);
                            Terminal.Line($"figures as PNG: {pictures.Value.Count}, by {png.Name}");
                        }
                        return model.Cells.Any(c => c.State is "failed" or "lost") ? ExitCode.SomeTrialsFailed : ExitCode.Ok;
                    });
            });

    // Where the report goes is no part of it: the same runs give the same bytes in any folder.
    private static string Command(IReadOnlyList<NamedRun> runs) =>
        $"rouser report {string.Join(' ', runs.Select(r => Words.Quote(r.Folder)))}{(runs.Count > 1 ? " --out FOLDER" : "")}";
}
