using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rouser.Cluster;
using Rouser.Cluster.Http;
using Rouser.Cluster.Serving;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Orchestrator.Sessions;

namespace Rouser.Orchestrator.Commands;

/// <summary>
/// <c>rouser status DIR…</c>: where a run stands, also while another process trains it; of several runs, each by
/// itself. With <c>--join</c> the sweep that an orchestrator serves, from any machine.
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
        folders.Arity = ArgumentArity.ZeroOrMore;
        folders.Description += " Not with --join.";
        Option<string[]> join = Options.Join();
        join.Description = "In place of DIR: address of the orchestrator (rouser serve) to ask. Can be repeated.";
        join.DefaultValueFactory = _ => [];
        Option<string?> tokenFile = Options.TokenFile();
        Option<string?> certificate = Options.OrchestratorCertificate();
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
            join,
            tokenFile,
            certificate,
        };
        command.Validators.Add(result =>
        {
            bool isServed = result.GetResult(join) is { Implicit: false };
            if (isServed == (result.GetResult(folders) is { Tokens.Count: > 0 }))
                result.AddError("status needs a run folder or --join, and not both");
            Option[] ofTheOther = isServed ? [journal] : [tokenFile, certificate];
            if (Array.Find(ofTheOther, option => result.GetResult(option) is { Implicit: false }) is { } foreign)
                result.AddError($"{foreign.Name} is {(isServed ? "not " : "")}for --join");
        });
        command.SetAction(
            (parsed, stop) =>
                parsed.GetValue(join) is { Length: > 0 } addresses
                    ? AskAsync(
                        OrchestratorAddress.Client(addresses, parsed.GetValue(tokenFile), parsed.GetValue(certificate)),
                        parsed.GetValue(json),
                        parsed.GetValue(why),
                        stop
                    )
                    : Task.FromResult(
                        Execute(
                            parsed.GetRequiredValue(folders),
                            parsed.GetValue(json),
                            parsed.GetValue(why),
                            parsed.GetValue(journal)
                        )
                    )
        );
        return command;
    }

    private static async Task<int> AskAsync(Result<OrchestratorClient> client, bool json, bool why, CancellationToken stop)
    {
        if (!client.IsOk)
            return Terminal.WriteError(client.Errors);
        using OrchestratorClient orchestrator = client.Value;
        try
        {
            SweepStatus? status = await orchestrator.AskForStatusAsync(json || why, wait: 0, stop).ConfigureAwait(false);
            if (status is null)
                return Terminal.WriteError([ControlCommands.Unreachable]);
            Show([RunStatus.Of(status)], json, why);
            return ExitCode.Ok;
        }
        catch (RefusedException refused)
        {
            return Terminal.WriteError([new UserError("", refused.Message)]);
        }
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
        Show(statuses, json, why);
        return ExitCode.Ok;
    }

    private static void Show(List<RunStatus> statuses, bool json, bool why)
    {
        if (json && statuses is [{ } only])
            Terminal.Document(JsonSerializer.Serialize(only, RunStatusJson.Default.RunStatus));
        else if (json)
            Terminal.Document(JsonSerializer.Serialize(statuses, RunStatusJson.Default.ListRunStatus));
        else
            foreach (RunStatus status in statuses)
                Show(status, why);
    }

    /// <summary>Shows where a sweep stands.</summary>
    /// <param name="why">Also why trials have no result.</param>
    internal static void Show(RunStatus status, bool why)
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
        if (status.Workers is { } workers)
            Terminal.Line(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {"workers", -10} {workers.Count, 7:N0} with {DisplayText.Count(workers.Sum(w => w.Slots), "slot")}"
                )
            );
        if (!why)
            return;
        foreach (TrialWithoutResult trial in status.Unfinished.Take(MostLines))
            Terminal.Line(
                $"{trial.Trial[..8]} {trial.Arm} {trial.Setting} seed {trial.Seed.ToString(CultureInfo.InvariantCulture)}: {trial.Why}".Replace(
                    "  ",
                    " ",
                    StringComparison.Ordinal
                )
            );
        if (status.Unfinished.Count > MostLines)
            Terminal.Line(
                $"and {DisplayText.Count(status.Unfinished.Count - MostLines + (status.Unlisted ?? 0), "more trial")}; --json has "
                    + (status.Unlisted is null ? "them all" : $"{status.Unfinished.Count:N0}")
            );
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

    private static void ShowAnnotated(IReadOnlyList<TrialWrittenTo> annotated)
    {
        foreach (TrialWrittenTo trial in annotated.Take(MostLines))
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
