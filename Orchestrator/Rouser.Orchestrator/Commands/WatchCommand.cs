using System.CommandLine;
using Rouser.Cluster;
using Rouser.Cluster.Http;
using Rouser.Cluster.Serving;
using Rouser.Core;
using Rouser.Orchestrator.Hosting;
using Rouser.Orchestrator.Progress;
using Rouser.Orchestrator.Sessions;

namespace Rouser.Orchestrator.Commands;

/// <summary>
/// <c>rouser watch</c>: the progress of a sweep in another terminal, or on another machine, to its end.
/// </summary>
internal static class WatchCommand
{
    public static Command Build()
    {
        var folder = new Argument<string?>("DIR")
        {
            Description = "Run folder, such as runs/quickstart. Not with --join.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string[]> join = Options.Join();
        Option<string?> tokenFile = Options.TokenFile();
        Option<string?> certificate = Options.OrchestratorCertificate();
        Option<string?> journal = Options.Journal();
        Option<bool> json = Options.Json();
        json.Description = "Print a line of JSON every few seconds, for programs.";
        var command = new Command(
            "watch",
            "Follow the progress of a sweep that is trained elsewhere, to its end: of a run folder, or of an orchestrator "
                + "(rouser serve). Goes on when the orchestrator is started again. Ends with 0, with 3 if trials have no result, or with 4 if "
                + "nobody trains the run folder any more."
        )
        {
            folder,
            join,
            tokenFile,
            certificate,
            journal,
            json,
        };
        command.Validators.Add(result =>
        {
            bool isFolder = result.GetResult(folder) is { Tokens.Count: > 0 };
            Option[] foreign = isFolder ? [join, tokenFile, certificate] : [journal];
            if (Array.Find(foreign, option => result.GetResult(option) is { Implicit: false }) is { } other)
                result.AddError($"{other.Name} is {(isFolder ? "not " : "")}for a run folder");
        });
        command.SetAction(
            (parsed, _) =>
                parsed.GetValue(folder) is { } path
                    ? WatchAsync(
                        new WatchedFolder(path, parsed.GetValue(journal), TimeProvider.System).NextAsync,
                        parsed.GetValue(json)
                    )
                    : WatchAsync(
                        OrchestratorAddress.Client(
                            parsed.GetRequiredValue(join),
                            parsed.GetValue(tokenFile),
                            parsed.GetValue(certificate)
                        ),
                        parsed.GetValue(json)
                    )
        );
        return command;
    }

    private static async Task<int> WatchAsync(Result<OrchestratorClient> client, bool json)
    {
        if (!client.IsOk)
            return Terminal.WriteError(client.Errors);
        using OrchestratorClient orchestrator = client.Value;
        bool isFirst = true;
        return await WatchAsync(
                async stop =>
                {
                    // The first answer at once.
                    SweepStatus? status = await orchestrator
                        .AskForStatusAsync(eachTrial: false, isFirst ? 0 : 1, stop)
                        .ConfigureAwait(false);
                    isFirst = status is null;
                    // That of an orchestrator which stops, and may come back.
                    return status is { Standing: SweepStatus.Stopped } ? null : status;
                },
                json
            )
            .ConfigureAwait(false);
    }

    private static async Task<int> WatchAsync(Func<CancellationToken, Task<SweepStatus?>> source, bool json)
    {
        using var signals = new StopSignals(TimeProvider.System) { IsQuiet = true };
        WatchForm form =
            json ? WatchForm.Json
            : Terminal.IsLive ? WatchForm.Live
            : WatchForm.Lines;
        try
        {
            SweepStatus end = await new WatchView(source, form, TimeProvider.System).RunAsync(signals.Stop).ConfigureAwait(false);
            if (!json)
                StatusCommand.Show(RunStatus.Of(end), why: false);
            return end.Standing == SweepStatus.Stopped ? ExitCode.Stopped
                : end.LacksResults ? ExitCode.SomeTrialsFailed
                : ExitCode.Ok;
        }
        catch (OperationCanceledException)
        {
            return signals.ExitCode;
        }
        catch (RefusedException refused)
        {
            return Terminal.WriteError([new UserError("", refused.Message)]);
        }
        catch (UserErrorException wrong)
        {
            return Terminal.WriteError(wrong.Errors);
        }
    }
}
