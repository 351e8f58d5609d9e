using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rouser.Cluster;
using Rouser.Cluster.Http;
using Rouser.Cluster.InProcess;
using Rouser.Cluster.Serving;
using Rouser.Cluster.Tests;
using Rouser.Storage.Checkpoints;
using Rouser.Testing.Worker;
using Rouser.Web.Door;
using Rouser.Web.Feeds;
using Rouser.Web.Model;

namespace Rouser.Web.Tests.Browser;

/// <summary>
/// A run with its page on loopback, in this process: <see cref="Runs.Plan"/>, whose trials wait at a gate before each
/// batch. Disposing of it ends it without a word, as a kill does; another one may go on with its journal and port.
/// </summary>
internal sealed class PageSite : IAsyncDisposable
{
    public const string Secret = "a-secret-of-the-tests";

    private readonly CancellationTokenSource _stop = new();
    private readonly LogLines _log = new();
    private WebApplication _host = null!;
    private LocalSweep? _sweep;
    private Task<SweepEnd>? _training;

    public Gate Gate { get; } = new();

    public Uri Address => _host.HttpAddress();

    public IReadOnlyList<string> Log => _log.Lines;

    /// <summary>Starts it.</summary>
    /// <param name="journal">What has happened so far, and what happens.</param>
    /// <param name="trains">Whether what is left is trained; else the run is only read.</param>
    public static async Task<PageSite> StartAsync(
        MemoryJournal journal,
        bool trains = false,
        int port = 0,
        bool isPublic = false,
        IKeptTrials? kept = null,
        params Uri[] publicUrls
    )
    {
        PageSite site = new();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Rouser", LogLevel.Information).AddProvider(site._log);
        builder
            .Services.AddSingleton(new CurrentSweep { TakesWorkers = false })
            .AddSingleton(new SweepFiles(new CheckpointFiles(Path.GetTempPath()), _ => null));
        builder
            .AddHttpDoor(
                new HttpSettings(
                    ListenAddress.Listen(new IPEndPoint(IPAddress.Loopback, port), mayMove: false).Value,
                    AccessToken.From("test", Secret).Value,
                    null,
                    publicUrls
                )
            )
            .AddPage(new PageSettings(isPublic));
        site._host = builder.Build();
        site._host.UseHttpDoor();
        await site._host.StartAsync();
        RunSource source = new(
            "two-arms",
            "runs/two-arms",
            () => new OpenedRun(Runs.Spec, Runs.Plan, Runs.Environment, () => journal)
        )
        {
            Kept = kept,
        };
        site._host.Services.GetRequiredService<PageRuns>().Show(trains ? site.Train(journal, source) : source);
        return site;
    }

    private RunSource Train(MemoryJournal journal, RunSource source)
    {
        JournalTap tap = new(journal);
        _sweep = new LocalSweep(
            Runs.Plan,
            Runs.Spec.Run,
            new SweepResources(tap, new MemoryCheckpoints()),
            settings => new ScriptedEngine(settings) { BeforeBatch = (_, _) => Gate.Pass() },
            TinyTrials.Load,
            slots: 1,
            TimeProvider.System,
            _ => { },
            _log
        );
        _training = Task.Run(() => _sweep.RunAsync(_stop.Token));
        return source with { Tap = tap, Sweep = _sweep, Control = _sweep.HandleAsync };
    }

    /// <summary>Waits for the end of the training.</summary>
    public Task<SweepEnd> EndAsync() => _training!.WaitAsync(TimeSpan.FromMinutes(5));

    public async ValueTask DisposeAsync()
    {
        using (CancellationTokenSource now = new(TimeSpan.Zero))
            await _host.StopAsync(now.Token);
        await _host.DisposeAsync();
        await _stop.CancelAsync();
        Gate.Dispose();
        if (_training is not null)
            await EndAsync();
        _sweep?.Dispose();
    }
}
