using Rouser.Cluster;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Orchestrator.Hosting;
using Rouser.Orchestrator.Notifications;
using Rouser.Reports.Documents;
using Rouser.Storage.Runs;

namespace Rouser.Orchestrator.Sessions;

/// <summary>How a run ends, whoever trained it: with tables, report and exit code.</summary>
internal static class SweepConclusion
{
    /// <summary>Tells those who are not looking, unless a user has stopped it.</summary>
    /// <param name="read">Reads the sums of its journal. What ended the sweep may be that it cannot be read.</param>
    public static void Tell(Notifier? notifier, SweepEnd end, Func<SweepSummary?> read)
    {
        if (notifier is null || (!end.Finished && end.Fault is null))
            return;
        notifier.End(end.Fault?.Message.TrimEnd('.'), Sums()?.Trials.ToDictionary(t => t.Key.ToName(), t => t.Value));

        SweepSummary? Sums()
        {
            try
            {
                return read();
            }
            catch (Exception e) when (e is IOException or InvalidDataException)
            {
                return null;
            }
        }
    }

    /// <summary>Says how it ended; writes the tables, and the report of a sweep that is whole.</summary>
    /// <returns>The exit code.</returns>
    public static int Report(RunSession session, SweepEnd end, StopSignals signals, string resume)
    {
        if (end.Fault is not null)
        {
            Terminal.WriteError(new UserError("", $"{end.Fault.Message.TrimEnd('.')}; mend that, then go on with: {resume}"));
            return ExitCode.UserError;
        }
        if (!end.Finished)
        {
            Result<RunDirectory> tables = session.WriteTables();
            if (!tables.IsOk)
                return Terminal.WriteError(tables.Errors);
            Terminal.Line($"stopped and saved; go on with: {resume}");
            return signals.ExitCode;
        }
        Result<int> reported = RunResults
            .Of(session)
            .Then(run => ReportOutput.WriteAndShow([run], session.Folder.Paths.Report, LatexSelection.All));
        if (!reported.IsOk)
            return Terminal.WriteError(reported.Errors);
        Result<bool> told = SeedsSummary.Show(session);
        if (!told.IsOk)
            return Terminal.WriteError(told.Errors);
        Result<bool> kept = ModelsSummary.Show(session);
        if (!kept.IsOk)
            return Terminal.WriteError(kept.Errors);
        Result<bool> agreed = RunAlarms.Report(session);
        if (!agreed.IsOk)
            return Terminal.WriteError(agreed.Errors);
        return agreed.Value || reported.Value != ExitCode.Ok ? reported.Value : ExitCode.SomeTrialsFailed;
    }
}
