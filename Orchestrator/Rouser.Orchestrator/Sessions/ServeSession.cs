using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rouser.Cluster;
using Rouser.Cluster.AkkaNet;
using Rouser.Cluster.Http;
using Rouser.Cluster.Serving;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Orchestrator.Hosting;
using Rouser.Orchestrator.Notifications;
using Rouser.Orchestrator.Progress;
using Rouser.Storage.Checkpoints;
using Rouser.Storage.Datasets;
using Rouser.Storage.Runs;
using Rouser.Web.Door;
using Rouser.Web.Feeds;

namespace Rouser.Orchestrator.Sessions;

/// <summary>
/// A run that is trained by workers elsewhere. They come through two doors: HTTP, and the Akka.NET cluster, where
/// another orchestrator may stand by to go on with the sweep. Both lead to one <see cref="CurrentSweep"/>.
/// </summary>
/// <param name="session">The run.</param>
/// <param name="http">The HTTP door; null for none.</param>
/// <param name="node">The node of the cluster; null for none.</param>
/// <param name="resume">The command that goes on.</param>
/// <param name="workers">The commands by which workers join.</param>
/// <param name="store">The results store, if the user named one.</param>
/// <param name="quiet">No progress.</param>
/// <param name="tokenFile">The file of the token that the user named, if so.</param>
/// <param name="publicPage">Whether the page may be looked at without the token.</param>
/// <param name="notifications">Who is told of the sweep.</param>
internal sealed class ServeSession(
    RunSession session,
    HttpSettings? http,
    NodeSettings? node,
    string resume,
    JoinCommands workers,
    string? store,
    bool quiet,
    string? tokenFile,
    bool publicPage,
    NotificationSettings notifications
)
{
    /// <summary>How long a client may take to read its last answer.</summary>
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(5);

    private readonly CurrentSweep _current = new();
    private readonly SweepFiles _files = new(new CheckpointFiles(session.Folder.Paths.Checkpoints), DatasetOf(session));
    private TaskCompletionSource<bool> _shown = new();
    private Task _progress = Task.CompletedTask;
    private IAsyncDisposable? _page;
    private Notifier? _notifier;
    private StopSignals _signals = null!;
    private IHost _host = null!;
    private ILogger _log = null!;

    /// <summary>Serves, or stands by, until the sweep has ended or a signal asks to stop.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(StopSignals signals)
    {
        _signals = signals;
        // Orchestrators of one cluster may share the folder; the journal's fencing token keeps them apart.
        Result<RunLock> locked = node is null ? session.Folder.Lock() : session.Folder.LockShared();
        if (!locked.IsOk)
            return Terminal.WriteError(locked.Errors);
        using RunLock held = locked.Value;
        ProgramLog.ToFile(
            node is null ? session.Folder.Paths.Log : Path.ChangeExtension(session.Folder.Paths.Log, $"{node.Listen.Port}.log")
        );
        using IHost host = Build(signals);
        _host = host;
        _log = host.Services.GetRequiredService<ILogger<ServeSession>>();
        await host.StartAsync().ConfigureAwait(false);
        Announce();
        SweepEnd? end = node is null
            ? await ServeAloneAsync(signals.Stop).ConfigureAwait(false)
            : await host.Services.GetRequiredService<OrchestratorNode>().RunAsync(signals.Stop).ConfigureAwait(false);
        _shown.TrySetResult(true);
        await _progress.ConfigureAwait(false);
        _log.LogInformation("ended: {End}, signal {Signal}", end?.ToString() ?? "another goes on", signals.ExitCode);
        using (var patience = new CancellationTokenSource(LastAnswers))
            await host.StopAsync(patience.Token).ConfigureAwait(false);
        await using Notifier? told = _notifier;
        if (end is not null)
        {
            SweepConclusion.Tell(told, end, Sums);
            return SweepConclusion.Report(session, end, signals, resume);
        }
        WriteLine("left the sweep to the other orchestrators");
        return signals.ExitCode;
    }

    private SweepSummary? Sums()
    {
        if (session.OpenJournalToRead() is not { IsOk: true } opened)
            return null;
        using IJournal journal = opened.Value;
        return journal.ReadSummary();
    }

    private IHost Build(StopSignals signals)
    {
        if (http is null)
        {
            HostApplicationBuilder plain = RouserHost.CreateBuilder(signals);
            AddNode(plain.Services);
            return plain.Build();
        }
        WebApplicationBuilder builder = RouserHost.CreateWebBuilder(signals);
        AddNode(builder.Services);
        builder.Services.AddSingleton(_current).AddSingleton(_files);
        WebApplication application = builder.AddHttpDoor(http).AddPage(new PageSettings(publicPage)).Build();
        application.UseHttpDoor();
        return application;
    }

    private void AddNode(IServiceCollection services)
    {
        if (node is null)
            return;
        services.AddSingleton(provider => new OrchestratorNode(node, Open, provider.GetRequiredService<ILoggerFactory>()));
        services.AddHealthChecks().AddOrchestratorNode(provider => provider.GetRequiredService<OrchestratorNode>());
    }

    private async Task<SweepEnd> ServeAloneAsync(CancellationToken stop)
    {
        ActiveSweep sweep;
        try
        {
            sweep = Open();
        }
        catch (IOException error)
        {
            return new SweepEnd(false, error);
        }
        using (sweep.Journal)
            return await sweep.Service.RunAsync(sweep.Service.SettleAsync, stop).ConfigureAwait(false);
    }

    /// <summary>Opens the journal, which fences off whoever wrote it before, and serves the sweep on it.</summary>
    /// <exception cref="IOException">The journal cannot be opened.</exception>
    private ActiveSweep Open()
    {
        Result<IJournal> opened = session.OpenJournal(mayTakeOver: node is not null);
        if (!opened.IsOk)
            throw new IOException(opened.Errors[0].ToString());
        var journal = new Closing(opened.Value, Close);
        try
        {
            return Serve(new JournalTap(opened.Value), journal);
        }
        catch
        {
            // It cannot be read, for one. Whoever tries next, this process or another, must not find it locked.
            journal.Dispose();
            throw;
        }
    }

    private ActiveSweep Serve(JournalTap journal, IDisposable closing)
    {
        if (journal.LostProgress is { } lost)
        {
            Terminal.WriteError(new UserError("", lost));
            _log.LogWarning("{Lost}", lost);
        }
        StoredTrials? stored = RunStore.Of(session, store, trainsHere: false);
        EventLog log = ActivatorUtilities.CreateInstance<EventLog>(_host.Services);
        var service = new SweepService(
            session.Plan,
            session.Spec.Run,
            session.Resources(journal, stored, reason => _log.LogWarning("{Reason}", reason)),
            TimeProvider.System,
            recorded =>
            {
                log.Record(recorded);
                _notifier?.Record(recorded);
            },
            _host.Services.GetRequiredService<ILogger<SweepService>>()
        );
        _current.Service = service;
        // An orchestrator that stands by has nothing to tell.
        _notifier = Notifier.Begin(notifications, session.Plan, session.Folder.Paths.Folder, _log);
        if (_notifier is { } notifier)
            _ = service.Query(state =>
            {
                notifier.Begin(state);
                return true;
            });
        _page = _host
            .Services.GetService<PageRuns>()
            ?.Show(RunPage.SourceOf(session, journal, service, service.HandleAsync, _signals));
        _log.LogInformation("serves");
        if (node is not null)
            WriteLine("this orchestrator serves");
        Show(service);
        return new ActiveSweep(service, _files, closing);
    }

    private void Close()
    {
        _current.Service = null;
        _notifier?.StopLooking();
        // Whoever looks on is told by his browser; nobody waits for that.
        _ = _page?.DisposeAsync().AsTask();
        _page = null;
        _shown.TrySetResult(true);
    }

    private void Show(SweepService service)
    {
        _shown.TrySetResult(true);
        _shown = new TaskCompletionSource<bool>();
        Task<bool> shown = _shown.Task;
        if (!quiet)
            _progress = ProgressView.ShowWhileAsync(service, session.Plan, () => shown);
    }

    private void Announce()
    {
        string atMost = session.Spec.Run.DefersTrials ? "up to " : "";
        WriteLine(
            $"{session.Spec.Name}: {atMost}{DisplayText.Count(session.Spec.Run.MostTrials(session.Plan), "trial")}, by workers that join"
        );
        WriteLine($"run folder: {session.Folder.Paths.Folder}");
        foreach (string line in Invitations())
        {
            // Even if it is to be quiet: without this line nobody knows how to join.
            Terminal.Line(line);
            _log.LogInformation("{Invitation}", line);
        }
        if (http is not null)
            RunPage.Announce(_host, http, publicPage, tokenFile);
    }

    /// <summary>How workers join, a line for each door.</summary>
    private IEnumerable<string> Invitations()
    {
        if (node is not null)
            yield return $"workers join with: {workers.OverAkka(node.Listen)}";
        if (http is null)
            yield break;
        Uri address = _host.HttpAddress();
        bool isLocal = IPAddress.IsLoopback(http.Address.Address),
            isAny = http.Address.Address.Equals(IPAddress.Any) || http.Address.Address.Equals(IPAddress.IPv6Any);
        // A certificate is one for a name, which loopback is not.
        if (http.Certificate is null)
            yield return $"workers join with: {workers.OverHttp(At(isLocal || isAny ? "127.0.0.1" : address.Host))}";
        if (!isLocal)
            yield return workers.FromOtherMachines(At(isAny ? Environment.MachineName : address.Host), http.Address.Port);

        string At(string host) => $"{address.Scheme}://{host}:{http.Address.Port.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>The packed file of a data set that the plan names, if it lies here.</summary>
    private static Func<string, string?> DatasetOf(RunSession session)
    {
        HashSet<string> digests = [.. session.Plan.Trials.Select(t => t.DataDigest).Where(PackedDatasets.IsDigest)];
        PackedDatasets packed = PackedDatasets.OfUser();
        return digest => digests.Contains(digest) ? packed.PathOf(digest) : null;
    }

    private void WriteLine(string line)
    {
        if (!quiet)
            Terminal.Line(line);
    }

    private sealed class Closing(IJournal journal, Action close) : IDisposable
    {
        public void Dispose()
        {
            close();
            journal.Dispose();
        }
    }
}
