using Rouser.Core;
using Rouser.Core.Metrics;
using Rouser.Reports;
using Rouser.Reports.Model;
using Rouser.Reports.Terminal;
using Rouser.Storage.Parquet;
using Rouser.Storage.Runs;

namespace Rouser.Orchestrator.Sessions;

/// <summary>Makes the report of a run folder's Parquet tables and shows its main tables on the console.</summary>
internal static class ReportOutput
{
    /// <returns>The exit code: 3 if trials have ended without a result.</returns>
    public static Result<int> WriteAndShow(RunDirectory run, string folder) => new TableFiles().Read(run.Paths.Metrics).Then(tables =>
        ReportModel.From(tables).Then(model => ReportWriter.Write(model, folder).Then<int>(written =>
        {
            foreach (StudyResults study in model.Studies)
            {
                Terminal.Table(ConsoleTables.Convergence(study, model.Run));
                Terminal.Table(ConsoleTables.DeadNeurons(study));
            }
            Terminal.Line($"report: {written.Html}");
            return HasFailures(tables) ? ExitCode.SomeTrialsFailed : ExitCode.Ok;
        })));

    private static bool HasFailures(ResultTables tables) => tables.Trials.Find("state") is Column<string> states && states.Values.Any(s => s is "failed" or "lost");
}
