using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Rouser.Cluster.Http;
using Rouser.Core;
using Rouser.Orchestrator.Hosting;
using Rouser.Orchestrator.Sessions;
using Rouser.Web.Door;
using Rouser.Web.Feeds;

namespace Rouser.Orchestrator.Commands;

/// <summary>
/// <c>rouser page DIR…</c>: shows runs in a browser, finished ones and those that other processes train. It reads, and
/// changes nothing.
/// </summary>
internal static class PageCommand
{
    public static Command Build()
    {
        var folders = new Argument<string[]>("DIR")
        {
            Description = "One or more run folders, such as runs/quickstart, or folders that hold the tables of a run alone.",
            Arity = ArgumentArity.OneOrMore,
        };
        var http = new Option<string?>("--http")
        {
            Description = $"Address of the page (default: {ListenAddress.Default}, or the next free port).",
            HelpName = "ADDRESS:PORT",
        };
        Option<string?> tokenFile = Options.TokenFile();
        Option<string[]> publicUrl = Options.PublicUrl();
        Option<bool> isPublic = Options.PublicPage();
        Option<string?> journal = Options.Journal();
        var command = new Command(
            "page",
            "Show runs in a browser, while they are being trained and afterwards. The page changes nothing; that of "
                + "rouser serve and rouser run --page can."
        )
        {
            folders,
            http,
            tokenFile,
            publicUrl,
            isPublic,
            journal,
        };
        command.SetAction(
            (parsed, _) =>
                StopSignals.WatchAsync(signals =>
                    ExecuteAsync(
                        parsed.GetRequiredValue(folders),
                        new HttpOptions(
                            parsed.GetValue(http),
                            parsed.GetValue(tokenFile),
                            null,
                            null,
                            parsed.GetValue(publicUrl) ?? []
                        ),
                        parsed.GetValue(isPublic),
                        parsed.GetValue(journal),
                        signals
                    )
                )
        );
        return command;
    }

    private static async Task<int> ExecuteAsync(
        string[] paths,
        HttpOptions options,
        bool isPublic,
        string? journal,
        StopSignals signals
    )
    {
        List<RunSource> sources = [];
        foreach (string path in paths)
        {
            Result<RunSource> source = RunResults.ReadTablesAlone(path) is { } tables
                ? tables.Then(read => RunPage.SourceOf(path, read.Folder, read.Tables))
                : RunSession.Open(path, journal).Then<RunSource>(session => RunPage.SourceOf(session, journal));
            if (!source.IsOk)
                return Terminal.WriteError(source.Errors);
            sources.Add(source.Value);
        }
        Result<HttpSettings?> door = options.Settings(mayMove: true);
        if (!door.IsOk)
            return Terminal.WriteError(door.Errors);
        if (door.Value is not { } http)
            return Terminal.WriteError([new UserError("--http", "off leaves no page; name an address")]);
        await using WebApplication host = new RunPage(http, new PageSettings(isPublic), options.TokenFile).Build(signals);
        await host.StartAsync().ConfigureAwait(false);
        PageRuns runs = host.Services.GetRequiredService<PageRuns>();
        foreach (RunSource source in sources)
            runs.Show(source);
        RunPage.Announce(host, http, isPublic, options.TokenFile);
        Terminal.Line("Ctrl-C ends it");
        try
        {
            await Task.Delay(Timeout.Infinite, signals.Stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // As it should end.
        }
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await host.StopAsync(patience.Token).ConfigureAwait(false);
        return ExitCode.Ok;
    }
}
