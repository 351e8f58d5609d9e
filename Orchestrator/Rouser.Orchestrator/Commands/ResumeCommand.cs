using System.CommandLine;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Orchestrator.Hosting;
using Rouser.Orchestrator.Notifications;
using Rouser.Orchestrator.Sessions;

namespace Rouser.Orchestrator.Commands;

/// <summary><c>rouser resume DIR</c>: goes on with what a kill, a crash or Ctrl-C left.</summary>
internal static class ResumeCommand
{
    public static Command Build()
    {
        Argument<string> folder = Options.RunFolder();
        Option<int?> slots = Options.Slots();
        Option<int?> threads = Options.Threads();
        Option<string?> data = Options.Data();
        data.Description = "Folder of the recorded data set, if it has moved.";
        Option<string?> journal = Options.Journal();
        Option<string?> store = Options.Store();
        Option<bool> quiet = Options.Quiet();
        NotifyOptions notify = new();
        var command = new Command("resume", "Continue a run that was stopped, killed or interrupted.")
        {
            folder,
            slots,
            threads,
            data,
            journal,
            store,
            quiet,
        };
        notify.AddTo(command);
        command.SetAction(
            (parsed, _) =>
                ExecuteAsync(
                    parsed.GetRequiredValue(folder),
                    parsed.GetValue(slots),
                    parsed.GetValue(threads),
                    parsed.GetValue(data),
                    parsed.GetValue(journal),
                    parsed.GetValue(store),
                    parsed.GetValue(quiet),
                    notify.Read(parsed)
                )
        );
        return command;
    }

    /// <param name="path">The run folder.</param>
    /// <param name="slots">Trials at a time, if the user said so.</param>
    /// <param name="threads">Threads per trial, if the user said so.</param>
    /// <param name="dataFolder">Where the data is now, if it has moved.</param>
    /// <param name="journal">Where the journal is kept, if the user said so.</param>
    /// <param name="store">The results store, if the user named one.</param>
    /// <param name="quiet">No progress.</param>
    /// <param name="notifications">Who is told of it.</param>
    /// <param name="first">What the coordinator is told before it starts.</param>
    internal static Task<int> ExecuteAsync(
        string path,
        int? slots,
        int? threads,
        string? dataFolder,
        string? journal,
        string? store,
        bool quiet,
        Result<NotificationSettings> notifications,
        params Input[] first
    ) =>
        StopSignals.WatchAsync(signals =>
            ExecuteAsync(signals, path, slots, threads, dataFolder, journal, store, quiet, notifications, first)
        );

    private static async Task<int> ExecuteAsync(
        StopSignals signals,
        string path,
        int? slots,
        int? threads,
        string? dataFolder,
        string? journal,
        string? store,
        bool quiet,
        Result<NotificationSettings> notifications,
        Input[] first
    )
    {
        if (!notifications.IsOk)
            return Terminal.WriteError(notifications.Errors);
        Result<RunSession> session = RunSession.Open(path, journal);
        if (!session.IsOk)
            return Terminal.WriteError(session.Errors);
        RunSession run = session.Value.WithData(dataFolder);
        var data = new DataSource(run.Origin.WorkingFolder, run.Origin.DataFolder) { Quiet = quiet, Stop = signals.Stop };
        return await new LocalExecution(
            run,
            new LocalTraining(run, data, slots, threads, store, quiet),
            quiet,
            notifications.Value
        )
            .RunAsync(signals, first)
            .ConfigureAwait(false);
    }
}
