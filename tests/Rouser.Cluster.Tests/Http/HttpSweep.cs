using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Rouser.Cluster.Http;
using Rouser.Cluster.Serving;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Data;
using Rouser.Snn;
using Rouser.Storage.Checkpoints;
using Rouser.Sweeps;
using Rouser.Testing.Worker;

namespace Rouser.Cluster.Tests.Http;

/// <summary>
/// An orchestrator on loopback with a tiny sweep, and workers in this process that reach it by real connections.
/// </summary>
internal sealed class HttpSweep : IAsyncDisposable
{
    public const string Secret = "a-secret-of-the-tests";

    /// <summary>Far more than anything here takes: it only keeps a defect from hanging the tests.</summary>
    public static readonly TimeSpan TooLong = TimeSpan.FromMinutes(5);

    private static readonly RunSettings Run = TinyTrials.Run with { Lease = TimeSpan.FromSeconds(3), LostRetries = 50 };

    private readonly CancellationTokenSource _stop = new();
    private readonly TemporaryFolder _folder = new();
    private readonly LogLines _log = new();
    private readonly bool _ownsJournal;
    private readonly CurrentSweep _current = new();
    private WebApplication _host = null!;
    private Task<SweepEnd> _running = null!;

    private readonly RunSettings _settings;

    private HttpSweep(Plan plan, RunSettings settings, MemoryJournal? journal)
    {
        Plan = plan;
        _settings = settings;
        _ownsJournal = journal is null;
        Journal = journal ?? new MemoryJournal();
    }

    public Plan Plan { get; }

    public MemoryJournal Journal { get; }

    public SweepService Service { get; private set; } = null!;

    public CheckpointFiles Checkpoints { get; private set; } = null!;

    public Uri Address => _host.HttpAddress();

    /// <summary>The lines of the log so far.</summary>
    public IReadOnlyList<string> Log => _log.Lines;

    /// <summary>What was refused.</summary>
    public IReadOnlyList<string> Refusals => [.. Log.Where(line => line.StartsWith("refused", StringComparison.Ordinal))];

    public static async Task<HttpSweep> StartAsync(
        int trials = 2,
        MemoryJournal? journal = null,
        int port = 0,
        X509Certificate2? certificate = null,
        params Uri[] publicUrls
    )
    {
        var sweep = new HttpSweep(WirePlan.Of(trials), Run, journal);
        await sweep.ListenAsync(port, certificate, publicUrls);
        return sweep;
    }

    /// <summary>A sweep of which a share is trained twice.</summary>
    public static async Task<HttpSweep> StartCheckedAsync(int trials, double share)
    {
        var sweep = new HttpSweep(WirePlan.Of(trials), Run with { CrossCheck = share }, journal: null);
        await sweep.ListenAsync(port: 0, certificate: null, publicUrls: []);
        return sweep;
    }

    public static AccessToken Token(string secret = Secret) => AccessToken.From("test", secret).Value;

    public OrchestratorClient Client(string secret = Secret) => new([new HttpEndpoint(Address, Token(secret))], null);

    /// <summary>A worker of this process.</summary>
    public HttpWorker Worker(
        string name,
        OrchestratorClient client,
        int slots = 1,
        Func<TrainingSettings, ITrainingEngine>? engines = null,
        Func<PlannedTrial, CancellationToken, Result<Dataset?>>? load = null,
        ICheckpointStore? checkpoints = null,
        string engine = FusedEngine.Version
    ) =>
        new(
            new WorkerId(name),
            slots,
            client,
            checkpoints ?? new RemoteCheckpoints(new WorkerId(name), client, _folder[name], TimeProvider.System, _log),
            engines ?? (settings => new FusedEngine(settings, threads: 1)),
            load ?? ((_, _) => (Dataset?)TinyTrials.Data),
            trial => trial.Engine == engine ? trial.Engine : new UserError("", $"planned for {trial.Engine}"),
            TimeProvider.System,
            seed: 1,
            _log
        );

    /// <summary>Trains what is left with one more worker, which the sweep must still take.</summary>
    public async Task FinishAsync(Func<TrainingSettings, ITrainingEngine>? engines = null)
    {
        using OrchestratorClient client = Client();
        using HttpWorker worker = Worker("finisher", client, engines: engines);
        Assert.True(await worker.RunAsync(CancellationToken.None).WaitAsync(TooLong));
        Assert.Equal(new SweepEnd(true, null), await _running.WaitAsync(TooLong));
        AssertWhole();
    }

    /// <summary>Every trial has ended once, with each of its epochs once.</summary>
    public void AssertWhole()
    {
        foreach (PlannedTrial trial in Plan.Trials)
        {
            Assert.Single(Journal.Events.OfType<TrialCompleted>(), e => e.Trial == trial.Id);
            Assert.Equal(
                Enumerable.Range(1, WirePlan.Epochs),
                Journal.Events.OfType<EpochRecorded>().Where(e => e.Trial == trial.Id).Select(e => e.Metrics.Epoch)
            );
        }
    }

    /// <summary>Asks the sweep to stop, as Ctrl-C does.</summary>
    public async Task<SweepEnd> DrainAsync()
    {
        await _stop.CancelAsync();
        return await _running.WaitAsync(TooLong);
    }

    /// <summary>Ends without a word to anyone, as a kill does.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await _host.DisposeAsync();
        await _stop.CancelAsync();
        await _running.WaitAsync(TooLong);
        _folder.Dispose();
        if (_ownsJournal)
            Journal.Dispose();
    }

    private async Task ListenAsync(int port, X509Certificate2? certificate, Uri[] publicUrls)
    {
        Checkpoints = new CheckpointFiles(_folder["orchestrator"]);
        Service = new SweepService(
            Plan,
            _settings,
            new SweepResources(Journal, new FolderCheckpointStore(_folder["orchestrator"])),
            TimeProvider.System,
            _ => { },
            _log
        );
        string data = _folder["data"];
        await File.WriteAllTextAsync(data, "packed");
        _current.Service = Service;
        var files = new SweepFiles(Checkpoints, digest => digest == TinyTrials.Data.Digest ? data : null);
        _host = await HttpHost.StartAsync(_current, files, _log, port, certificate, publicUrls);
        _running = Service.RunAsync(end => end.Finished ? Service.SettleAsync(end) : Task.CompletedTask, _stop.Token);
    }
}

/// <summary>A folder for one test, removed with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("rouser-test-").FullName;

    public string this[string name] => Path.Combine(_path, name);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
