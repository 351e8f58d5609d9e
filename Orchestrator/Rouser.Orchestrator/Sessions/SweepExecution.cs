using NLog;
using Rouser.Cluster;
using Rouser.Core;
using Rouser.Core.Coordination;
using Rouser.Storage.Runs;

namespace Rouser.Orchestrator.Sessions;

/// <summary>
/// Has what is left of a run trained, and ends with tables, report and exit code. <c>run</c>, <c>resume</c>, <c>retry</c> and <c>serve</c> all end here.
/// </summary>
/// <param name="session">The run.</param>
/// <param name="training">Who trains its trials.</param>
/// <param name="quiet">No progress.</param>
internal sealed class SweepExecution(RunSession session, ITraining training, bool quiet)
{
    private static readonly Logger Log = LogManager.GetCurrentClassLogger();

    /// <summary>Runs to the end, or until Ctrl-C or SIGTERM.</summary>
    /// <param name="first">What the coordinator is told before it starts: what the user wants tried again.</param>
    public async Task<int> RunAsync(params Input[] first)
    {
        Result<RunLock> locked = session.Folder.Lock();
        if (!locked.IsOk) return Terminal.Complain(locked.Mistakes);
        using RunLock held = locked.Value;
        RunLog.WriteTo(session.Folder.Paths.Log);
        Result<IJournal> opened = session.OpenJournal();
        if (!opened.IsOk) return Terminal.Complain(opened.Mistakes);
        using IJournal journal = opened.Value;
        if (journal.LostProgress is { } lost)
        {
            Log.Warn(lost);
            Terminal.Complain(new Mistake("", lost));
        }

        int left = Tell(journal, first);
        Result<string> how = left > 0 ? training.Prepare(left) : "nothing to do";
        if (!how.IsOk) return Terminal.Complain(how.Mistakes);
        if (left > 0 && session.KeepOrigin() is { IsOk: false } unkept) return Terminal.Complain(unkept.Mistakes);
        Announce(left, how.Value);
        Log.Info($"rouser {EnvironmentProbe.Version}: {left} trials to train, {how.Value}");

        using var signals = new StopSignals();
        SweepEnd end = left == 0 ? new SweepEnd(true, null) : await training.RunAsync(journal, signals.Stop).ConfigureAwait(false);
        Log.Info($"ended: finished {end.Finished}, signal {signals.ExitCode}, fault {end.Fault?.Message}");
        return Conclude(session, end, signals, training.ResumeCommand);
    }

    /// <summary>Tells the machine what the user wants and makes it durable.</summary>
    /// <returns>How many trials have not ended.</returns>
    private int Tell(IJournal journal, Input[] first)
    {
        if (first.Length == 0 && journal.ReadSummary() is { } sums) return sums.Trials[TrialState.Queued] + sums.Trials[TrialState.Running];
        Coordinator machine = Coordinator.Open(session.Plan, session.Spec.Run, journal);
        foreach (Input input in first) journal.Append(machine.Step(input).Events, machine.TakeChanges());
        return machine.State.Count(TrialState.Queued) + machine.State.Count(TrialState.Running);
    }

    private void Announce(int left, string how)
    {
        if (quiet) return;
        int done = session.Plan.Trials.Count - left;
        string already = done > 0 ? $", {Words.Count(done, "trial")} done already" : "";
        string synthetic = session.Plan.Trials.Any(t => t.Synthetic) ? " on synthetic data" : "";
        Terminal.Line($"{session.Spec.Name}: {Words.Count(left, "trial")} to train{synthetic}{already}, {how}");
        Terminal.Line($"run folder: {session.Folder.Paths.Folder}");
        Terminal.Line();
    }

    /// <summary>Says how it ended; writes the tables, and the report of a sweep that is whole.</summary>
    /// <returns>The exit code.</returns>
    internal static int Conclude(RunSession session, SweepEnd end, StopSignals signals, string resume)
    {
        if (end.Fault is not null)
        {
            Terminal.Complain(new Mistake("", $"{end.Fault.Message.TrimEnd('.')}; mend that, then go on with: {resume}"));
            return ExitCode.UserError;
        }
        if (!end.Finished)
        {
            Result<RunDirectory> tables = session.WriteTables();
            if (!tables.IsOk) return Terminal.Complain(tables.Mistakes);
            Terminal.Line($"stopped and saved; go on with: {resume}");
            return signals.ExitCode;
        }
        Result<int> reported = RunResults.Of(session).Then(run => ReportOutput.WriteAndShow([run], session.Folder.Paths.Report));
        if (!reported.IsOk) return Terminal.Complain(reported.Mistakes);
        Result<bool> agreed = RunAlarms.Tell(session);
        if (!agreed.IsOk) return Terminal.Complain(agreed.Mistakes);
        return agreed.Value || reported.Value != ExitCode.Ok ? reported.Value : ExitCode.SomeTrialsFailed;
    }
}
