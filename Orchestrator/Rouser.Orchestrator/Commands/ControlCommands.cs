using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Rouser.Cluster;
using Rouser.Cluster.Http;
using Rouser.Cluster.Serving;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Orchestrator.Sessions;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Commands;

/// <summary>
/// <c>rouser pause</c>, <c>continue</c>, <c>cancel</c>, <c>note</c>, <c>tag</c> and <c>prioritize</c>: what a user asks
/// of a sweep that an orchestrator serves over HTTP.
/// </summary>
internal static class ControlCommands
{
    public static Command Pause() =>
        Build(
            "pause",
            "Stop an orchestrator (rouser serve) from handing out trials. Trials in training continue to their end.",
            [],
            _ => new ControlRequest.Pause()
        );

    public static Command Continue() =>
        Build("continue", "Let a paused orchestrator hand out trials again.", [], _ => new ControlRequest.Continue());

    public static Command Cancel()
    {
        var trial = new Option<string?>("--trial")
        {
            Description = "One trial, by its ID or the beginning of it.",
            HelpName = "ID",
        };
        var arm = new Option<string?>("--arm") { Description = "The trials that belong to this arm alone.", HelpName = "ARM" };
        var all = new Option<bool>("--all") { Description = "All trials that have not ended." };
        Command command = Build(
            "cancel",
            "Cancel trials of an orchestrator (rouser serve). They end without a result.",
            [trial, arm, all],
            parsed => new ControlRequest.Cancel(parsed.GetValue(trial), parsed.GetValue(arm))
        );
        command.Validators.Add(result =>
        {
            int named =
                (result.GetValue(trial) is null ? 0 : 1)
                + (result.GetValue(arm) is null ? 0 : 1)
                + (result.GetValue(all) ? 1 : 0);
            if (named != 1)
                result.AddError("cancel needs one of --trial, --arm and --all");
        });
        return command;
    }

    public static Command Note()
    {
        var text = new Argument<string>("TEXT")
        {
            Description = $"The note, at most {AnnotationText.LongestNote} characters; \"\" takes it away.",
        };
        Option<string[]> trials = Trials();
        Command command = BuildAnnotation(
            "note",
            "Write a note to the sweep of an orchestrator (rouser serve) or of a run folder, or to trials of it. It is shown on "
                + "the page and by rouser status, and stands in tables and reports.",
            trials,
            parsed => new ControlRequest.Annotate(Named(parsed, trials), parsed.GetRequiredValue(text), [], [])
        );
        command.Arguments.Add(text);
        command.Validators.Add(result => Check(result, new AnnotationChange(result.GetValue(text), [], [])));
        return command;
    }

    public static Command Tag()
    {
        var tags = new Argument<string[]>("TAG")
        {
            Description = "Tags to put to it: words of letters, digits and - _ . : / + =",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var removed = new Option<string[]>("--remove") { Description = "A tag to take away. Can be repeated.", HelpName = "TAG" };
        Option<string[]> trials = Trials();
        Command command = BuildAnnotation(
            "tag",
            "Put tags to the sweep of an orchestrator (rouser serve) or of a run folder, or to trials of it, or take them away. "
                + "The page filters trials by them; they stand in tables and reports.",
            trials,
            parsed => new ControlRequest.Annotate(
                Named(parsed, trials),
                null,
                parsed.GetValue(tags) ?? [],
                parsed.GetValue(removed) ?? []
            )
        );
        command.Options.Add(removed);
        command.Arguments.Add(tags);
        command.Validators.Add(result =>
            Check(result, new AnnotationChange(null, result.GetValue(tags) ?? [], result.GetValue(removed) ?? []))
        );
        return command;
    }

    public static Command Prioritize()
    {
        var study = new Argument<string>("STUDY") { Description = "A study of the sweep." };
        var priority = new Argument<int>("PRIORITY")
        {
            Description = string.Create(
                CultureInfo.InvariantCulture,
                $"A whole number from {StudyPriority.Lowest} to {StudyPriority.Highest}, in place of that in the sweep file."
            ),
        };
        Command command = Build(
            "prioritize",
            "Have an orchestrator (rouser serve) hand out the trials of a study sooner or later: studies with a higher priority "
                + "come first. Trials in training are left alone. A restart and a change of the sweep file keep it.",
            [],
            parsed => new ControlRequest.Prioritize(parsed.GetRequiredValue(study), parsed.GetRequiredValue(priority))
        );
        command.Arguments.Add(study);
        command.Arguments.Add(priority);
        command.Validators.Add(result =>
        {
            // A value that is no number has its own line.
            bool isNumber = result.GetResult(priority) is { } given && !given.Errors.Any();
            if (isNumber && new ControlRequest.Prioritize("", result.GetValue(priority)).Fault() is { } fault)
                result.AddError(fault);
        });
        return command;
    }

    private static Option<string[]> Trials() =>
        new("--trial")
        {
            Description = "A trial, by its ID or the beginning of it, in place of the sweep. Can be repeated.",
            HelpName = "ID",
        };

    private static string[]? Named(ParseResult parsed, Option<string[]> trials) =>
        parsed.GetValue(trials) is { Length: > 0 } named ? named : null;

    private static void Check(CommandResult result, AnnotationChange change)
    {
        if (change.Fault() is { } fault)
            result.AddError(fault);
    }

    // Beside --join, a run that nobody serves.
    private static Command BuildAnnotation(
        string name,
        string description,
        Option<string[]> trials,
        Func<ParseResult, ControlRequest.Annotate> request
    )
    {
        var run = new Option<string?>("--run")
        {
            Description = "In place of --join: folder of a run that no process trains or serves.",
            HelpName = "DIR",
        };
        Command command = Build(
            name,
            description,
            [run, trials],
            request,
            parsed => parsed.GetValue(run) is { } folder ? Annotate(folder, request(parsed)) : null
        );
        command.Validators.Add(result =>
        {
            if (result.GetResult(run) is not null && result.Children.OfType<OptionResult>().Any(IsGivenJoin))
                result.AddError($"{name} needs one of --run and --join");
        });
        return command;
    }

    private static bool IsGivenJoin(OptionResult option) => option is { Option.Name: "--join", Implicit: false };

    private static int Annotate(string folder, ControlRequest.Annotate request)
    {
        Result<string> answer = RunSession.Open(folder).Then(run => run.Annotate(request, TimeProvider.System.GetUtcNow()));
        if (!answer.IsOk)
            return Terminal.WriteError(answer.Errors);
        Terminal.Line($"{answer.Value}; {RouserCommand.Line("report", folder)} makes the report anew");
        return ExitCode.Ok;
    }

    /// <param name="here">Does it without an orchestrator, if the command says so, and returns the exit code; else
    /// null.</param>
    private static Command Build(
        string name,
        string description,
        Option[] options,
        Func<ParseResult, ControlRequest> request,
        Func<ParseResult, int?>? here = null
    )
    {
        Option<string[]> join = Options.Join();
        Option<string?> tokenFile = Options.TokenFile();
        Option<string?> certificate = Options.OrchestratorCertificate();
        var command = new Command(name, description) { join, tokenFile, certificate };
        foreach (Option option in options)
            command.Options.Add(option);
        command.SetAction(
            (parsed, stop) =>
                here?.Invoke(parsed) is { } code
                    ? Task.FromResult(code)
                    : ExecuteAsync(
                        OrchestratorAddress.Client(
                            parsed.GetRequiredValue(join),
                            parsed.GetValue(tokenFile),
                            parsed.GetValue(certificate)
                        ),
                        request(parsed),
                        stop
                    )
        );
        return command;
    }

    /// <summary>What is said where no orchestrator answers.</summary>
    internal static UserError Unreachable => new("--join", "the orchestrator cannot be reached; is rouser serve running there?");

    /// <summary>Asks the orchestrator, and prints what it answers.</summary>
    /// <returns>The exit code.</returns>
    internal static async Task<int> ExecuteAsync(
        Result<OrchestratorClient> client,
        ControlRequest request,
        CancellationToken stop
    )
    {
        if (!client.IsOk)
            return Terminal.WriteError(client.Errors);
        using OrchestratorClient orchestrator = client.Value;
        try
        {
            if (await orchestrator.AskAsync(request, stop).ConfigureAwait(false) is { } answer)
            {
                Terminal.Line(answer);
                return ExitCode.Ok;
            }
            return Terminal.WriteError([Unreachable]);
        }
        catch (RefusedException refused)
        {
            return Terminal.WriteError([new UserError("", refused.Message)]);
        }
    }
}
