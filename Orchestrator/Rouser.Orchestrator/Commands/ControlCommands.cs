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
            "Has an orchestrator (rouser serve) hand out no more trials; what is being trained goes on to its end.",
            [],
            _ => new ControlRequest.Pause()
        );

    public static Command Continue() =>
        Build("continue", "Has an orchestrator that was paused hand out trials again.", [], _ => new ControlRequest.Continue());

    public static Command Cancel()
    {
        var trial = new Option<string?>("--trial")
        {
            Description = "One trial: its identity, or the start of it.",
            HelpName = "ID",
        };
        var arm = new Option<string?>("--arm") { Description = "The trials that this arm wants and no other.", HelpName = "ARM" };
        var all = new Option<bool>("--all") { Description = "Every trial that has not ended." };
        Command command = Build(
            "cancel",
            "Has an orchestrator give trials up: they end without a result.",
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
        Option<string?> certificate = Options.PemFile(
            "--certificate",
            "The certificate that vouches for the orchestrator's, in PEM, if the system does not."
        );
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

    private static async Task<int> ExecuteAsync(Result<OrchestratorClient> client, ControlRequest request, CancellationToken stop)
    {
        if (!client.IsOk)
            return Terminal.Complain(client.Mistakes);
        using OrchestratorClient orchestrator = client.Value;
        try
        {
            if (await orchestrator.AskAsync(request, stop).ConfigureAwait(false) is { } answer)
            {
                Terminal.Line(answer);
                return ExitCode.Ok;
            }
            return Terminal.Complain([
                new Mistake("--join", "the orchestrator cannot be reached; is rouser serve running there?"),
            ]);
        }
        catch (RefusedException refused)
        {
            return Terminal.Complain([new Mistake("", refused.Message)]);
        }
    }
}
