using NLog;
using Rouser.Cluster;
using Rouser.Cluster.AkkaNet;
using Rouser.Cluster.Serving;
using Rouser.Core;
using Rouser.Core.Coordination;
using Rouser.Orchestrator.Progress;
using Rouser.Storage.Checkpoints;
using AkkaLogLevel = Akka.Event.LogLevel;

namespace Rouser.Orchestrator.Sessions.AkkaNet;

/// <summary>
/// Serves a run as a node of an Akka.NET cluster, or stands by to. The folder is not locked, for the one who goes on may share it with the one who died;
/// the journal's fencing token keeps them apart.
/// </summary>
/// <param name="session">The run.</param>
/// <param name="settings">Where to listen, whom to join.</param>
/// <param name="resume">The command that goes on.</param>
/// <param name="quiet">No progress.</param>
internal sealed class AkkaServing(RunSession session, NodeSettings settings, string resume, bool quiet)
{
    private static readonly Logger Log = LogManager.GetCurrentClassLogger();

    private TaskCompletionSource<bool> _shown = new();
    private Task _progress = Task.CompletedTask;

    /// <summary>Serves to the end, or until Ctrl-C or SIGTERM.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync()
    {
        // Several orchestrators may share the folder, and each has its own log.
        RunLog.WriteTo(Path.ChangeExtension(session.Folder.Paths.Log, $"{settings.Listen.Port}.log"));
        Tell($"{session.Spec.Name}: {Words.Count(session.Plan.Trials.Count, "trial")}, by workers that join {settings.Listen}");
        Tell($"run folder: {session.Folder.Paths.Folder}");
        using var signals = new StopSignals();
        var node = new OrchestratorNode(settings, Open, TimeProvider.System, line => Log.Info(line), (level, line, error) => Log.Log(LevelOf(level), error, line));
        SweepEnd? end = await node.RunAsync(signals.Stop).ConfigureAwait(false);
        _shown.TrySetResult(true);
        await _progress.ConfigureAwait(false);
        Log.Info($"ended: {end?.ToString() ?? "another goes on"}, signal {signals.ExitCode}");
        if (end is not null) return SweepExecution.Conclude(session, end, signals, resume);
        Tell("left the sweep to the other orchestrators");
        return signals.ExitCode;
    }

    private ActiveSweep Open(IWorkerRoutes routes)
    {
        Result<IJournal> journal = session.OpenJournal();
        if (!journal.IsOk) throw new IOException(journal.Mistakes[0].ToString());
        var service = new SweepService(
            session.Plan,
            session.Spec.Run,
            journal.Value,
            new FolderCheckpointStore(session.Folder.Paths.Checkpoints, reason => Log.Warn(reason)),
            TimeProvider.System,
            routes,
            RunLog.Record,
            line => Log.Info(line),
            error => Log.Error(error));
        Tell($"{settings.Listen} serves; workers join with: rouser worker --join {settings.Listen}");
        Log.Info("serves");
        Show(service);
        return new ActiveSweep(service, journal.Value);
    }

    private void Show(SweepService service)
    {
        _shown.TrySetResult(true);
        _shown = new TaskCompletionSource<bool>();
        if (!quiet) _progress = ProgressView.ShowWhileAsync(service, session.Plan, () => _shown.Task);
    }

    private void Tell(string line)
    {
        if (!quiet) Terminal.Line(line);
    }

    private static LogLevel LevelOf(AkkaLogLevel level) => level switch
    {
        AkkaLogLevel.DebugLevel => LogLevel.Debug,
        AkkaLogLevel.InfoLevel => LogLevel.Info,
        AkkaLogLevel.WarningLevel => LogLevel.Warn,
        _ => LogLevel.Error,
    };
}
