using System.Net;
using System.Net.Sockets;
using Akka.Configuration;
using Microsoft.Extensions.Logging;
using Rouser.Cluster.Serving;
using Rouser.Cluster.Tests;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Data;
using Rouser.Snn;
using Rouser.Storage.Checkpoints;
using Rouser.Storage.Journals;
using Rouser.Sweeps;
using Rouser.Testing.Worker;

namespace Rouser.Cluster.AkkaNet.Tests;

/// <summary>
/// Nodes of one cluster, each with an actor system of its own in this process, that talk over loopback and share a
/// journal on the disk.
/// </summary>
internal sealed class Nodes(Plan plan, RunSettings settings) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rouser-test-").FullName;
    private readonly List<AkkaWorker> _workers = [];

    /// <summary>The orchestrators, in the order in which they were started.</summary>
    public List<OrchestratorNode> Orchestrators { get; } = [];

    /// <summary>What was served last.</summary>
    public SweepService? Service { get; private set; }

    /// <summary>What the nodes logged.</summary>
    public LogLines Log { get; } = new();

    /// <summary>Checkpoints that all share.</summary>
    public MemoryCheckpoints Checkpoints { get; } = new();

    /// <summary>Called by the engine before every batch.</summary>
    public Action<TrainingSettings> BeforeBatch { get; set; } = _ => { };

    /// <summary>An address on loopback that is free now.</summary>
    public static NodeAddress FreeAddress()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return new NodeAddress("127.0.0.1", ((IPEndPoint)probe.LocalEndpoint).Port);
    }

    /// <summary>The configuration of a node on loopback, for an actor system that a test sets up itself.</summary>
    public static Config Config(string role) =>
        ConfigurationFactory
            .ParseString(
                $$"""
                akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
                akka.cluster.roles = ["{{role}}"]
                """
            )
            .WithFallback(NodeSettings.Common);

    /// <summary>Starts an orchestrator.</summary>
    /// <param name="listen">Its address.</param>
    /// <param name="serving">Called when it takes over.</param>
    /// <param name="seeds">By which it joins.</param>
    public Task<SweepEnd?> Orchestrator(NodeAddress listen, Action serving, CancellationToken stop, params NodeAddress[] seeds)
    {
        var node = new OrchestratorNode(
            new NodeSettings(NodeSettings.OrchestratorRole, listen, seeds, null),
            Open,
            new Logs(Log)
        );
        Orchestrators.Add(node);
        return node.RunAsync(stop);

        ActiveSweep Open()
        {
            Result<SqliteJournal> journal = SqliteJournal.Open(Path.Combine(_folder, "journal.db"));
            Assert.True(journal.IsOk, string.Join("; ", journal.Errors));
            Service = new SweepService(
                plan,
                settings,
                new SweepResources(journal.Value, Checkpoints),
                TimeProvider.System,
                Record,
                Log
            );
            serving();
            return new ActiveSweep(Service, new SweepFiles(new CheckpointFiles(_folder), _ => null), journal.Value);
        }
    }

    /// <summary>Starts a worker.</summary>
    public Task<bool> Worker(string name, int slots, CancellationToken leave, params NodeAddress[] seeds)
    {
        var worker = new AkkaWorker(
            new WorkerId(name),
            slots,
            new NodeSettings(NodeSettings.WorkerRole, new NodeAddress("127.0.0.1", 0), seeds, null),
            new NodeFiles(),
            Checkpoints,
            Engine,
            (_, _) => (Result<Dataset?>)TinyTrials.Data,
            trial => trial.Engine,
            TimeProvider.System,
            new Logs(Log)
        );
        _workers.Add(worker);
        return worker.RunAsync(leave);
    }

    /// <summary>Takes the journal from whoever serves, as an orchestrator does that cannot see it.</summary>
    public void FenceOff()
    {
        SqliteJournal.Open(Path.Combine(_folder, "journal.db")).Value.Dispose();
        // Found out with the next event.
        Service!.Send(new PauseRequested(default));
    }

    /// <summary>Where everything stands by the journal.</summary>
    public CoordinatorState State()
    {
        using SqliteJournal journal = SqliteJournal.OpenReadOnly(Path.Combine(_folder, "journal.db")).Value;
        return new Coordinator(plan, settings, journal.Read()).State;
    }

    public void Dispose()
    {
        foreach (AkkaWorker worker in _workers)
            worker.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private ScriptedEngine Engine(TrainingSettings training) => new(training) { BeforeBatch = (_, _) => BeforeBatch(training) };

    private void Record(IReadOnlyList<Event> events)
    {
        foreach (Event e in events)
            Log.LogInformation("{Event}", e);
    }

    /// <summary>One log for all categories.</summary>
    private sealed class Logs(ILogger log) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => log;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose() { }
    }
}
