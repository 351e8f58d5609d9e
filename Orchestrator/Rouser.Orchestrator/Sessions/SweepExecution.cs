using NLog;
using Rouser.Cluster;
using Rouser.Cluster.InProcess;
using Rouser.Core;
using Rouser.Core.Coordination;
using Rouser.Core.Metrics;
using Rouser.Core.Snn;
using Rouser.Orchestrator.Progress;
using Rouser.Storage.Checkpoints;
using Rouser.Storage.Journals;
using Rouser.Storage.Runs;
using Rouser.Worker.Engines;

namespace Rouser.Orchestrator.Sessions;

/// <summary>Trains what is left of a run, shows the progress, and ends with tables, report and exit code. <c>run</c>, <c>resume</c> and <c>retry</c> all end here.</summary>
/// <param name="session">The run.</param>
/// <param name="data">Finds its data sets.</param>
/// <param name="quiet">No progress.</param>
internal sealed class SweepExecution(RunSession session, DataSource data, bool quiet)
{
    private static readonly Logger Log = LogManager.GetCurrentClassLogger();

    /// <summary>Runs to the end, or until Ctrl-C or SIGTERM.</summary>
    /// <param name="slots">Trials at a time, if the user said so.</param>
    /// <param name="threads">Threads per trial, if the user said so.</param>
    /// <param name="first">What the coordinator is told before it starts: what the user wants tried again.</param>
    public async Task<int> RunAsync(int? slots, int? threads, params Input[] first)
    {
        foreach ((EngineKind kind, string planned) in session.Plan.Trials.Select(t => (t.Settings.Engine, t.Engine)).Distinct())
        {
            Result<string> here = TrainingEngines.Version(kind);
            if (!here.IsOk) return Terminal.Complain(here.Mistakes);
            if (here.Value == planned) continue;
            return Terminal.Complain([new Mistake(
                session.Folder.Paths.Folder, $"was planned for engine {planned}, this rouser has {here.Value}; use that rouser, or run the sweep into a new folder")]);
        }
        Result<RunLock> locked = session.Folder.Lock();
        if (!locked.IsOk) return Terminal.Complain(locked.Mistakes);
        using RunLock held = locked.Value;
        RunLog.WriteTo(session.Folder.Paths.Log);
        Result<SqliteJournal> opened = SqliteJournal.Open(session.Folder.Paths.Journal);
        if (!opened.IsOk) return Terminal.Complain(opened.Mistakes);
        using SqliteJournal journal = opened.Value;

        int left = Tell(journal, first);
        if (left > 0 && data.Check(session.Plan) is { IsOk: false } wrong) return Terminal.Complain(wrong.Mistakes);
        SlotsAndThreads shape = SlotsAndThreads.Choose(slots, threads, Math.Max(1, left));
        Announce(left, shape);
        Log.Info($"rouser {EnvironmentProbe.Version}: {left} trials to train with {shape}");

        using var signals = new StopSignals();
        SweepEnd end = left == 0 ? new SweepEnd(true, null) : await TrainAsync(journal, shape, signals.Stop).ConfigureAwait(false);
        Log.Info($"ended: finished {end.Finished}, signal {signals.ExitCode}, fault {end.Fault?.Message}");
        if (end.Fault is not null)
        {
            Terminal.Complain(new Mistake("", $"{end.Fault.Message.TrimEnd('.')}; mend that, then go on with: {ResumeCommand}"));
            return ExitCode.UserError;
        }
        return Conclude(end, signals);
    }

    private string ResumeCommand => $"rouser resume {Words.Quote(session.Folder.Paths.Folder)}";

    /// <summary>Tells the machine what the user wants and makes it durable.</summary>
    /// <returns>How many trials have not ended.</returns>
    private int Tell(SqliteJournal journal, Input[] first)
    {
        Coordinator machine = Coordinator.Open(session.Plan, session.Spec.Run, journal);
        foreach (Input input in first) journal.Append(machine.Step(input).Events, machine.TakeChanges());
        return machine.State.Count(TrialState.Queued) + machine.State.Count(TrialState.Running);
    }

    private void Announce(int left, SlotsAndThreads shape)
    {
        if (quiet) return;
        int done = session.Plan.Trials.Count - left;
        string already = done > 0 ? $", {Words.Count(done, "trial")} done already" : "";
        string synthetic = session.Plan.Trials.Any(t => t.Synthetic) ? " on synthetic data" : "";
        Terminal.Line($"{session.Spec.Name}: {Words.Count(left, "trial")} to train{synthetic}{already}, {shape}");
        Terminal.Line($"run folder: {session.Folder.Paths.Folder}");
        Terminal.Line();
    }

    private async Task<SweepEnd> TrainAsync(SqliteJournal journal, SlotsAndThreads shape, CancellationToken stop)
    {
        var checkpoints = new FolderCheckpointStore(session.Folder.Paths.Checkpoints, reason => Log.Warn(reason));
        using var sweep = new LocalSweep(
            session.Plan,
            session.Spec.Run,
            journal,
            checkpoints,
            settings => TrainingEngines.Create(settings, shape.Threads),
            data.Load,
            shape.Slots,
            TimeProvider.System,
            events => RunLog.Record(events),
            error => Log.Error(error));

        using var shown = new CancellationTokenSource();
        Task show = quiet ? Task.CompletedTask : ProgressView.ShowAsync(sweep, session.Plan, shown.Token);
        try
        {
            return await sweep.RunAsync(stop).ConfigureAwait(false);
        }
        finally
        {
            await shown.CancelAsync().ConfigureAwait(false);
            await show.ConfigureAwait(false);
        }
    }

    private int Conclude(SweepEnd end, StopSignals signals)
    {
        Result<ResultTables> tables = session.WriteTables();
        if (!tables.IsOk) return Terminal.Complain(tables.Mistakes);
        if (!end.Finished)
        {
            Terminal.Line($"stopped and saved; go on with: {ResumeCommand}");
            return signals.ExitCode;
        }
        Result<int> reported = ReportOutput.WriteAndShow(session.Folder, session.Folder.Paths.Report);
        return reported.IsOk ? reported.Value : Terminal.Complain(reported.Mistakes);
    }
}
