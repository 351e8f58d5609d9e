using Rouser.Core;
using Rouser.Core.Metrics;
using Rouser.Reports;
using Rouser.Storage.Parquet;
using Rouser.Storage.Runs;

namespace Rouser.Orchestrator.Sessions;

/// <summary>Makes the report of a run folder's Parquet tables and shows its main tables on the console.</summary>
internal static class ReportOutput
{
    /// <returns>The exit code: 3 if trials have ended without a result.</returns>
    public static Result<int> WriteAndShow(RunDirectory run, string folder) => TableFiles.Read(run.Paths.Metrics).Then(tables =>
        ReportModel.Build(tables).Then<int>(model =>
        {
            ReportPaths written = ReportWriter.Write(model, folder);
            foreach (TextTable table in model.ConsoleTables()) ConsoleTable.Print(table);
            Terminal.Line($"report: {written.Html}");
            return model.HasFailures ? ExitCode.SomeTrialsFailed : ExitCode.Ok;
        }));
}
