using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Rouser.Cluster;
using Rouser.Cluster.Http;
using Rouser.Cluster.Serving;
using Rouser.Core;
using Rouser.Orchestrator.Hosting;
using Rouser.Results;
using Rouser.Storage.Checkpoints;
using Rouser.Web.Door;
using Rouser.Web.Feeds;

namespace Rouser.Orchestrator.Sessions;

/// <summary>The page where nothing else is served: of a run that this process trains, or of folders.</summary>
/// <param name="Http">The door, on which no worker is let in.</param>
/// <param name="Settings">Who may look.</param>
/// <param name="TokenFile">The file of the token that the user named, if so.</param>
internal sealed record RunPage(HttpSettings Http, PageSettings Settings, string? TokenFile)
{
    /// <summary>A host that serves it.</summary>
    public WebApplication Build(StopSignals signals)
    {
        WebApplicationBuilder builder = RouserHost.CreateWebBuilder(signals);
        builder
            .Services.AddSingleton(new CurrentSweep { TakesWorkers = false })
            .AddSingleton(new SweepFiles(new CheckpointFiles(Path.GetTempPath()), _ => null));
        WebApplication application = builder.AddHttpDoor(Http).AddPage(Settings).Build();
        application.UseHttpDoor();
        return application;
    }

    /// <summary>A run as the page reads it.</summary>
    /// <param name="session">The run.</param>
    /// <param name="journal">The database that the user named, if so.</param>
    public static RunSource SourceOf(RunSession session, string? journal = null) =>
        new(
            session.Spec.Name,
            session.Folder.Paths.Folder,
            () =>
                RunSession
                    .Open(session.Folder.Paths.Folder, journal)
                    .Then<OpenedRun>(run => new OpenedRun(run.Spec, run.Plan, run.Origin.Environment, run.OpenJournalToRead))
        )
        {
            Kept = new KeptTrials(session),
        };

    /// <summary>A folder that holds nothing but tables, as the page shows it.</summary>
    /// <param name="path">The folder, as the user knows it.</param>
    /// <param name="folder">Where the tables lie.</param>
    public static Result<RunSource> SourceOf(string path, string folder, ResultTables tables) =>
        TabledRun
            .Of(tables)
            .Then<RunSource>(run => new RunSource(run.Spec.Name, path, () => run)
            {
                Kept = RunMetadata.Read(tables.Trials) is { IsOk: true } metadata
                    ? new TabledTrials(folder, metadata.Value)
                    : null,
            });

    /// <summary>The same while this process trains or serves it.</summary>
    public static RunSource SourceOf(
        RunSession session,
        JournalTap tap,
        ISweepView sweep,
        Func<ControlRequest, Task<Result<string>>> control,
        StopSignals signals
    ) =>
        SourceOf(session, session.Journal.IsDatabase ? session.Journal.Text : null) with
        {
            Tap = tap,
            Sweep = sweep,
            Control = async request =>
            {
                if (request is not ControlRequest.DrainSweep)
                    return await control(request).ConfigureAwait(false);
                signals.Request();
                return "stopping: what is in work is handed back, and the program ends";
            },
        };

    /// <summary>
    /// Says where the page is. On a terminal with the link that logs in; where the output may be kept in a file, with
    /// the place of the token.
    /// </summary>
    /// <param name="tokenFile">The file of the token that the user named, if so.</param>
    public static void Announce(IHost host, HttpSettings http, bool isPublic, string? tokenFile)
    {
        Uri address = AddressOf(host, http);
        if (Terminal.IsLive)
            Terminal.Line($"page: {PageLink.WithToken(address, http.Token)}");
        else
            Terminal.Line(
                isPublic ? $"page: {address}"
                : tokenFile is not null ? $"page: {address}, which asks for the token in {tokenFile}"
                : TokenSource.IsInEnvironment ? $"page: {address}, which asks for the token in {TokenSource.Variable}"
                : $"page: {address}, which asks for the token in {TokenStore.OfUser().FileOf(http.Address.Port)}"
            );
    }

    /// <summary>Where a browser of this machine finds it.</summary>
    private static Uri AddressOf(IHost host, HttpSettings http)
    {
        Uri address = host.HttpAddress();
        bool isHere = IPAddress.IsLoopback(http.Address.Address) || http.Address.Address.Equals(IPAddress.Any);
        return new Uri(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{address.Scheme}://{(isHere ? "127.0.0.1" : address.Host)}:{http.Address.Port}/"
            )
        );
    }
}
