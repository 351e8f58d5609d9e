using System.CommandLine;
using Rouser.Cluster.Http;
using Rouser.Core;
using Rouser.Orchestrator.Sessions;
using Rouser.Web.Door;

namespace Rouser.Orchestrator.Commands;

/// <summary><c>rouser run SPEC</c>: trains a sweep on this machine, from the sweep file to the report.</summary>
internal static class RunCommand
{
    public static Command Build()
    {
        Argument<string> spec = Options.Spec();
        Option<string?> output = Options.Output("Run folder (default: runs/NAME).");
        Option<string[]> set = Options.Set();
        Option<bool> yes = Options.Yes();
        var training = new TrainingOptions();
        var page = new Option<string?>("--page")
        {
            Description =
                $"Show the run in a browser while it is trained, at this address (default: {ListenAddress.Default}, or the "
                + "next free port). Goes after SPEC.",
            HelpName = "ADDRESS:PORT",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<bool> publicPage = Options.PublicPage();
        Option<string?> tokenFile = Options.TokenFile();
        Option<string[]> publicUrl = Options.PublicUrl();
        var command = new Command(
            "run",
            "Train a sweep on this machine and write its report. If the run folder already holds this sweep, continue it; "
                + "if the sweep file has changed since, go on with what it asks for now."
        )
        {
            spec,
            output,
            set,
            yes,
            page,
            publicPage,
            tokenFile,
            publicUrl,
        };
        training.AddTo(command);
        command.Validators.Add(result =>
        {
            Option[] ofPage = [publicPage, tokenFile, publicUrl];
            if (
                result.GetResult(page) is null or { Implicit: true }
                && Array.Find(ofPage, option => result.GetResult(option) is { Implicit: false }) is { } alone
            )
                result.AddError($"{alone.Name} is for --page");
        });
        command.SetAction(
            (parsed, _) =>
                ExecuteAsync(
                    parsed.GetRequiredValue(spec),
                    parsed.GetValue(output),
                    parsed.GetValue(set) ?? [],
                    training.Read(parsed),
                    parsed.GetValue(yes),
                    Page(parsed)
                )
        );
        return command;

        Result<RunPage?> Page(ParseResult parsed)
        {
            if (parsed.GetResult(page) is null or { Implicit: true })
                return (RunPage?)null;
            var options = new HttpOptions(
                parsed.GetValue(page),
                parsed.GetValue(tokenFile),
                null,
                null,
                parsed.GetValue(publicUrl) ?? []
            );
            return options
                .Settings(mayMove: true)
                .Then<RunPage?>(http =>
                    http is null
                        ? null
                        : new RunPage(http, new PageSettings(parsed.GetValue(publicPage)), parsed.GetValue(tokenFile))
                );
        }
    }

    private static Task<int> ExecuteAsync(
        string path,
        string? output,
        string[] overrides,
        TrainingChoices choices,
        bool yes,
        Result<RunPage?> page
    )
    {
        string? data = choices.Data;
        Result<SweepFile> file = SyntheticData.Choose(path, SweepFile.Read(path, overrides), ref data);
        return LocalRun.ExecuteAsync(file, output, choices with { Data = data }, yes, page);
    }
}
