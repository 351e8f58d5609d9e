using System.CommandLine;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Orchestrator.Hosting;
using Rouser.Orchestrator.Sessions;

namespace Rouser.Orchestrator.Commands;

/// <summary><c>rouser resume DIR</c>: goes on with what a kill, a crash or Ctrl-C left.</summary>
internal static class ResumeCommand
{
    public static Command Build()
    {
        Argument<string> folder = Options.RunFolder();
        var training = new TrainingOptions(goesOn: true);
        var command = new Command("resume", "Continue a run that was stopped, killed or interrupted.") { folder };
        training.AddTo(command);
        command.SetAction((parsed, _) => ExecuteAsync(parsed.GetRequiredValue(folder), training.Read(parsed)));
        return command;
    }

    /// <param name="path">The run folder.</param>
    /// <param name="choices">How the user wants it to be trained.</param>
    /// <param name="first">What the coordinator is told before it starts.</param>
    internal static Task<int> ExecuteAsync(string path, TrainingChoices choices, params Input[] first) =>
        StopSignals.WatchAsync(signals => ExecuteAsync(signals, path, choices, first));

    private static async Task<int> ExecuteAsync(StopSignals signals, string path, TrainingChoices choices, Input[] first)
    {
        if (!choices.Notifications.IsOk)
            return Terminal.WriteError(choices.Notifications.Errors);
        Result<RunSession> session = RunSession.Open(path, choices.Journal);
        if (!session.IsOk)
            return Terminal.WriteError(session.Errors);
        RunSession run = session.Value.WithData(choices.Data);
        var data = new DataSource(run.Origin.WorkingFolder, run.Origin.DataFolder) { Quiet = choices.Quiet, Stop = signals.Stop };
        return await new LocalExecution(run, new LocalTraining(run, data, choices), choices.Quiet, choices.Notifications.Value)
            .RunAsync(signals, first)
            .ConfigureAwait(false);
    }
}
