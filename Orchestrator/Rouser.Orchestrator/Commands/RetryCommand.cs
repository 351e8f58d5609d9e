using System.CommandLine;
using Rouser.Cluster.Serving;
using Rouser.Coordination;
using Rouser.Orchestrator.Sessions;

namespace Rouser.Orchestrator.Commands;

/// <summary>
/// <c>rouser retry DIR (--failed | --lost | --cancelled)</c>: tries trials again that ended without a result. With
/// <c>--join ADDRESS</c> in place of the folder it asks the orchestrator that serves the sweep.
/// </summary>
internal static class RetryCommand
{
    public static Command Build()
    {
        Argument<string> folder = Options.RunFolder();
        folder.Arity = ArgumentArity.ZeroOrOne;
        folder.Description += " Not with --join.";
        var failed = new Option<bool>("--failed") { Description = "Retry failed trials." };
        var lost = new Option<bool>("--lost") { Description = "Retry lost trials." };
        var cancelled = new Option<bool>("--cancelled") { Description = "Retry cancelled trials." };
        var join = new Option<string[]>("--join")
        {
            Description =
                "In place of DIR: address of the orchestrator (rouser serve) that serves the sweep now. Can be repeated.",
            HelpName = "ADDRESS",
        };
        Option<string?> tokenFile = Options.TokenFile();
        Option<string?> certificate = Options.OrchestratorCertificate();
        var training = new TrainingOptions(goesOn: true);
        var command = new Command(
            "retry",
            "Retry trials that failed, were lost or were cancelled, each with its full number of retries, and "
                + "continue the run. A sweep that is being served is named by --join; its workers train them."
        )
        {
            folder,
            failed,
            lost,
            cancelled,
            join,
            tokenFile,
            certificate,
        };
        training.AddTo(command);
        command.Validators.Add(result =>
        {
            if (!result.GetValue(failed) && !result.GetValue(lost) && !result.GetValue(cancelled))
                result.AddError("retry needs --failed, --lost or --cancelled");
            bool isServed = result.GetResult(join) is { Implicit: false };
            if (isServed == (result.GetResult(folder) is { Tokens.Count: > 0 }))
                result.AddError("retry needs a run folder or --join, and not both");
            Option[] ofTheOther = isServed ? [.. training.All] : [tokenFile, certificate];
            if (Array.Find(ofTheOther, option => result.GetResult(option) is { Implicit: false }) is { } foreign)
                result.AddError($"{foreign.Name} is {(isServed ? "not " : "")}for --join");
        });
        command.SetAction(
            (parsed, stop) =>
            {
                var wanted = new ControlRequest.Retry(parsed.GetValue(failed), parsed.GetValue(lost), parsed.GetValue(cancelled));
                return parsed.GetValue(join) is { Length: > 0 } addresses
                    ? ControlCommands.ExecuteAsync(
                        OrchestratorAddress.Client(addresses, parsed.GetValue(tokenFile), parsed.GetValue(certificate)),
                        wanted,
                        stop
                    )
                    : ResumeCommand.ExecuteAsync(
                        parsed.GetRequiredValue(folder),
                        training.Read(parsed),
                        [.. wanted.States.Select(state => new RetryRequested(TimeProvider.System.GetUtcNow(), state))]
                    );
            }
        );
        return command;
    }
}
