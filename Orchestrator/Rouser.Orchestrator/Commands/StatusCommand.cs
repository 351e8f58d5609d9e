using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Orchestrator.Sessions;

namespace Rouser.Orchestrator.Commands;

/// <summary>
/// <c>rouser status DIR…</c>: where a run stands, also while another process trains it; of several runs, each by
/// itself.
/// </summary>
internal static class StatusCommand
{
    /// <summary>
    /// A run may have 100,000 trials; a person reads the first screens, a program takes <c>--json</c>.
    /// </summary>
    private const int MostLines = 50;

    public static Command Build()
    {
        Argument<string[]> folders = Options.ResultFolders();
        Option<bool> json = Options.Json();
        var why = new Option<bool>("--why")
        {
            Description = "Also show what each trial without a result waits for, or why it ended.",
        };
        Option<string?> journal = Options.Journal();
        var command = new Command(
            "status",
            "Show the progress of a run, even while it is being trained. Several runs are shown one after the other."
        )
        {
            folders,
            json,
            why,
            journal,
        };
        command.SetAction(parsed =>
            Execute(parsed.GetRequiredValue(folders), parsed.GetValue(json), parsed.GetValue(why), parsed.GetValue(journal))
        );
        return command;
    }

    private static int Execute(string[] paths, bool json, bool why, string? journal)
    {
        List<RunStatus> statuses = [];
        foreach (string path in paths)
        {
            Result<RunStatus> status = RunStatus.Read(path, journal, eachTrial: json || why);
            if (!status.IsOk)
                return Terminal.WriteError(status.Errors);
            statuses.Add(status.Value);
        }
        if (json && statuses is [{ } only])
            Terminal.Document(JsonSerializer.Serialize(only, RunStatusJson.Default.RunStatus));
        else if (json)
            Terminal.Document(JsonSerializer.Serialize(statuses, RunStatusJson.Default.ListRunStatus));
        else
            foreach (RunStatus status in statuses)
                Show(status, why);
        return ExitCode.Ok;
    }

    private static void Show(RunStatus status, bool why)
    {
        Terminal.Line($"{status.Sweep}: {status.Standing}");
        foreach ((string state, int count) in status.Trials)
            Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"  {state, -10} {count, 7:N0}"));
        if (status.Reused > 0)
            Terminal.Line(
                string.Create(CultureInfo.InvariantCulture, $"  {"reused", -10} {status.Reused, 7:N0} of the completed")
            );
        Terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  {"epochs", -10} {status.EpochsRecorded, 7:N0} of {status.EpochsPlanned:N0}"
            )
        );
        ShowWritten(status);
        if (!why)
            return;
        foreach (TrialStanding trial in status.Unfinished.Take(MostLines))
            Terminal.Line(
                $"{trial.Trial[..8]} {trial.Arm} {trial.Setting} seed {trial.Seed.ToString(CultureInfo.InvariantCulture)}: {trial.Why}".Replace(
                    "  ",
                    " ",
                    StringComparison.Ordinal
                )
            );
        if (status.Unfinished.Count > MostLines)
            Terminal.Line($"and {DisplayText.Count(status.Unfinished.Count - MostLines, "more trial")}; --json has them all");
        ShowAnnotated(status.Annotated ?? []);
    }

    private static void ShowWritten(RunStatus status)
    {
        foreach ((string study, int priority) in status.Priorities ?? new Dictionary<string, int>())
            Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"  {"priority", -10} {priority, 7} study {study}"));
        if (status.Tags is { } tags)
            Terminal.Line($"  {"tags", -10} {AnnotationText.Join(tags)}");
        if (status.Note is { } note)
            Terminal.Line($"  {"note", -10} {AnnotationText.InOneLine(note)}");
    }

    private static void ShowAnnotated(IReadOnlyList<TrialNote> annotated)
    {
        foreach (TrialNote trial in annotated.Take(MostLines))
        {
            string tags = trial.Tags.Count > 0 ? $" tagged {AnnotationText.Join(trial.Tags)}" : "";
            string note =
                trial.Note.Length > 0 ? $"{(tags.Length > 0 ? ";" : "")} noted: {AnnotationText.InOneLine(trial.Note)}" : "";
            Terminal.Line($"{trial.Trial[..8]}{tags}{note}");
        }
        if (annotated.Count > MostLines)
            Terminal.Line(
                $"and {DisplayText.Count(annotated.Count - MostLines, "more trial")} with notes or tags; --json has them all"
            );
    }
}
