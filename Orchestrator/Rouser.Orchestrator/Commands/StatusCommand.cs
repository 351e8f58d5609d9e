using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rouser.Core;
using Rouser.Core.Coordination;
using Rouser.Orchestrator.Sessions;

namespace Rouser.Orchestrator.Commands;

/// <summary><c>rouser status DIR</c>: where a run stands, also while another process trains it.</summary>
internal static class StatusCommand
{
    /// <summary>A run may have 100,000 trials; a person reads the first screens, a program takes <c>--json</c>.</summary>
    private const int MostLines = 50;

    public static Command Build()
    {
        Argument<string> folder = Options.RunFolder();
        Option<bool> json = Options.Json();
        var why = new Option<bool>("--why") { Description = "Says of each trial without a result what it waits for, or why it ended." };
        var command = new Command("status", "Shows where a run stands, also while it is being trained.") { folder, json, why };
        command.SetAction(parsed => Execute(parsed.GetRequiredValue(folder), parsed.GetValue(json), parsed.GetValue(why)));
        return command;
    }

    private static int Execute(string path, bool json, bool why)
    {
        Result<RunSession> session = RunSession.Open(path);
        Result<IReadOnlyList<Event>> journal = session.Then(s => s.ReadJournal());
        if (!journal.IsOk) return Terminal.Complain(journal.Mistakes);
        RunSession run = session.Value;
        CoordinatorState state = new Coordinator(run.Plan, run.Spec.Run, journal.Value).State;
        RunStatus status = RunStatus.Of(run, state, TimeProvider.System.GetUtcNow());
        if (json) Terminal.Line(JsonSerializer.Serialize(status, RunStatusJson.Default.RunStatus));
        else Show(status, why);
        return ExitCode.Ok;
    }

    private static void Show(RunStatus status, bool why)
    {
        Terminal.Line($"{status.Sweep}: {status.Standing}");
        foreach ((string state, int count) in status.Trials) Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"  {state,-10} {count,7:N0}"));
        Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"  {"epochs",-10} {status.EpochsRecorded,7:N0} of {status.EpochsPlanned:N0}"));
        if (!why) return;
        foreach (TrialStanding trial in status.Unfinished.Take(MostLines))
            Terminal.Line($"{trial.Trial[..8]} {trial.Arm} {trial.Setting} seed {trial.Seed.ToString(CultureInfo.InvariantCulture)}: {trial.Why}".Replace("  ", " ", StringComparison.Ordinal));
        if (status.Unfinished.Count > MostLines) Terminal.Line($"and {Words.Count(status.Unfinished.Count - MostLines, "more trial")}; --json has them all");
    }
}
