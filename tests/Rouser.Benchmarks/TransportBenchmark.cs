using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Rouser.Cluster;
using Rouser.Cluster.AkkaNet;
using Rouser.Cluster.Http;
using Rouser.Cluster.InProcess;
using Rouser.Cluster.Serving;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Data;
using Rouser.Orchestrator.Benchmarks;
using Rouser.Snn;
using Rouser.Storage.Checkpoints;
using Rouser.Storage.Journals;
using Rouser.Sweeps;
using Rouser.Worker.Engines;

namespace Rouser.Benchmarks;

/// <summary>
/// Trials that train nothing, dispatched, completed and durable: by method calls in one process, over Akka.NET and
/// over HTTP. The last two are real connections on loopback between an orchestrator and a worker that share this
/// process and its cores. From the first assignment to the last durable result; joining is not in it.
/// </summary>
internal sealed class TransportBenchmark : IDisposable
{
    private const int LocalTrials = 5_000,
        RemoteTrials = 2_000,
        Slots = 8;

    private static readonly RunSettings Settings = new(5, 1, TimeSpan.FromMinutes(1), TimeSpan.FromHours(4), 1);

    private static readonly Dataset Data = new("none", Synthetic: true, "d1", 1, 10, 1, [], []);

    private readonly string _folder = Directory.CreateTempSubdirectory("rouser-benchmark-").FullName;
    private int _journals;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Each way once that is not shown, so that all is compiled, and then as it is told.</summary>
    public IEnumerable<Finding> Run()
    {
        InProcess(200);
        OverAkka(200);
        OverHttp(200);
        yield return ToFinding("by method calls in one process", LocalTrials, InProcess(LocalTrials));
        yield return ToFinding("over Akka.NET on loopback", RemoteTrials, OverAkka(RemoteTrials));
        yield return ToFinding("over HTTP on loopback", RemoteTrials, OverHttp(RemoteTrials));
    }

    private static Finding ToFinding(string way, int trials, TimeSpan wall) =>
        new(
            "transports",
            $"{trials:N0} trials that train nothing, {way}, each durable",
            Slots,
            [new("trials", trials / wall.TotalSeconds, "trials/s"), new("wall", wall.TotalSeconds, "s")]
        );

    private TimeSpan InProcess(int trials)
    {
        var span = new Span();
        using SqliteJournal journal = Journal();
        using var sweep = new LocalSweep(
            CoordinatorBenchmark.PlanOf(trials),
            Settings,
            new SweepResources(journal, Checkpoints()),
            Engine,
            (_, _) => Data,
            Slots,
            TimeProvider.System,
            span.Record,
            NullLogger.Instance
        );
        sweep.RunAsync(CancellationToken.None).GetAwaiter().GetResult();
        return span.Length;
    }

    private TimeSpan OverAkka(int trials)
    {
        var span = new Span();
        using SqliteJournal journal = Journal();
        var address = new NodeAddress("127.0.0.1", FreePort());
        var orchestrator = new OrchestratorNode(
            new NodeSettings(NodeSettings.OrchestratorRole, address, [address], null),
            () =>
                new ActiveSweep(
                    Service(trials, journal, span),
                    new SweepFiles(new CheckpointFiles(_folder), _ => null),
                    Stream.Null
                ),
            NullLoggerFactory.Instance
        );
        Task<SweepEnd?> serving = orchestrator.RunAsync(CancellationToken.None);
        using var worker = new AkkaWorker(
            new WorkerId("w"),
            Slots,
            new NodeSettings(NodeSettings.WorkerRole, new NodeAddress("127.0.0.1", 0), [address], null),
            new NodeFiles(),
            Checkpoints(),
            Engine,
            (_, _) => (Result<Dataset?>)Data,
            trial => trial.Engine,
            TimeProvider.System,
            NullLoggerFactory.Instance
        );
        worker.RunAsync(CancellationToken.None).GetAwaiter().GetResult();
        serving.GetAwaiter().GetResult();
        return span.Length;
    }

    private TimeSpan OverHttp(int trials)
    {
        var span = new Span();
        using SqliteJournal journal = Journal();
        SweepService service = Service(trials, journal, span);
        AccessToken token = AccessToken.From("benchmark", "0123456789abcdef").Value;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .Services.AddSingleton(new CurrentSweep { Service = service })
            .AddSingleton(new SweepFiles(new CheckpointFiles(_folder), _ => null));
        builder.AddHttpDoor(
            new HttpSettings(ListenAddress.Listen(new IPEndPoint(IPAddress.Loopback, 0), mayMove: false).Value, token, null, [])
        );
        using WebApplicationHolder host = new(builder.Build());
        Task<SweepEnd> serving = service.RunAsync(service.SettleAsync, CancellationToken.None);
        using var client = new OrchestratorClient([new HttpEndpoint(host.Address, token)], null);
        using var worker = new HttpWorker(
            new WorkerId("w"),
            Slots,
            client,
            Checkpoints(),
            Engine,
            (_, _) => (Result<Dataset?>)Data,
            trial => trial.Engine,
            TimeProvider.System,
            seed: 1,
            NullLogger.Instance
        );
        worker.RunAsync(CancellationToken.None).GetAwaiter().GetResult();
        serving.GetAwaiter().GetResult();
        return span.Length;
    }

    private static SweepService Service(int trials, IJournal journal, Span span) =>
        new(
            CoordinatorBenchmark.PlanOf(trials),
            Settings,
            new SweepResources(journal, new FolderCheckpointStore("none", _ => { })),
            TimeProvider.System,
            span.Record,
            NullLogger.Instance
        );

    private SqliteJournal Journal() => SqliteJournal.Open(Path.Combine(_folder, $"{_journals++}.db")).Value;

    private FolderCheckpointStore Checkpoints() => new(Path.Combine(_folder, "checkpoints"), _ => { });

    private static ITrainingEngine Engine(TrainingSettings settings) => TrainingEngines.Create(settings, 1);

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>From the first assignment to the last durable result.</summary>
    private sealed class Span
    {
        private DateTimeOffset? _first;
        private DateTimeOffset _last;

        public TimeSpan Length => _last - _first!.Value;

        public void Record(IReadOnlyList<Event> events)
        {
            if (events.Any(e => e is TrialAssigned))
                _first ??= TimeProvider.System.GetUtcNow();
            if (events.Any(e => e is TrialCompleted))
                _last = TimeProvider.System.GetUtcNow();
        }
    }

    /// <summary>The HTTP door's host, started and stopped as a resource.</summary>
    private sealed class WebApplicationHolder : IDisposable
    {
        private readonly WebApplication _application;

        public WebApplicationHolder(WebApplication application)
        {
            _application = application;
            application.UseHttpDoor();
            application.StartAsync().GetAwaiter().GetResult();
            Address = application.HttpAddress();
        }

        public Uri Address { get; }

        public void Dispose()
        {
            _application.StopAsync().GetAwaiter().GetResult();
            ((IDisposable)_application).Dispose();
        }
    }
}
