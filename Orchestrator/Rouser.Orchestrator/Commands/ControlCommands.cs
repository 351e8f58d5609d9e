using System.CommandLine;
using Rouser.Cluster;
using Rouser.Cluster.Http;
using Rouser.Cluster.Serving;
using Rouser.Core;
using Rouser.Orchestrator.Sessions;

namespace Rouser.Orchestrator.Commands;

/// <summary>
/// <c>rouser pause</c>, <c>continue</c> and <c>cancel</c>: what a user asks of a sweep that an orchestrator serves
/// over HTTP.
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

    private static Command Build(string name, string description, Option[] options, Func<ParseResult, ControlRequest> request)
    {
        Option<string[]> join = Options.Join();
        Option<string?> tokenFile = Options.TokenFile();
        Option<string?> certificate = Options.OrchestratorCertificate();
        var command = new Command(name, description) { join, tokenFile, certificate };
        foreach (Option option in options)
            command.Options.Add(option);
        command.SetAction(
            (parsed, stop) =>
                ExecuteAsync(
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
