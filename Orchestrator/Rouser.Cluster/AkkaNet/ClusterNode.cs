using System.Collections.Concurrent;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Akka.Hosting.Logging;
using Akka.Remote.Hosting;
using Akka.Remote.Transport.DotNetty;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using AkkaCluster = Akka.Cluster.Cluster;
using MemberStatus = Akka.Cluster.MemberStatus;

namespace Rouser.Cluster.AkkaNet;

/// <summary>
/// A node's place in the cluster. A node that was cut off is removed by the others, and one that was removed can come
/// back only as a new member. So when that happens this sets up a new actor system (Akka.Hosting), which joins by the
/// same seeds, for ever. What the node does meanwhile (a worker trains) is not disturbed.
/// </summary>
/// <param name="settings">Address, role, seeds, certificate.</param>
/// <param name="logs">Takes the node's log, and Akka.NET's.</param>
/// <param name="inhabit">Adds the node's actors.</param>
/// <param name="unfit">Told why a worker's node and its orchestrator cannot work together; null for none to be
/// told.</param>
internal sealed class ClusterNode(
    NodeSettings settings,
    ILoggerFactory logs,
    Action<AkkaConfigurationBuilder> inhabit,
    Action<string>? unfit = null
)
{
    /// <summary>
    /// How long an orchestrator that is not the first of the list looks for a cluster before it starts one, if none
    /// before it is there.
    /// </summary>
    private static readonly TimeSpan FoundingPatience = TimeSpan.FromSeconds(5);

    /// <summary>So many times that it waits for one that listens.</summary>
    private const int LongestWait = 6;

    private static readonly TimeSpan JoinPatience = TimeSpan.FromSeconds(10),
        ProbePatience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(1),
        RefusedDelay = TimeSpan.FromSeconds(5);

    private readonly ILogger _log = logs.CreateLogger("Rouser.Cluster");
    private readonly ConcurrentDictionary<string, bool> _refusals = new();
    private volatile IHost? _host;
    private volatile bool _wasMember;
    private int _toldNotIn;
    private volatile bool _mayFound = settings.Role == NodeSettings.OrchestratorRole;

    /// <summary>Whether other members could take over what this one does.</summary>
    public bool HasPeers
    {
        get
        {
            if (System is not { WhenTerminated.IsCompleted: false } system)
                return false;
            AkkaCluster cluster = AkkaCluster.Get(system);
            return cluster.State.Members.Any(m =>
                !m.UniqueAddress.Equals(cluster.SelfUniqueAddress)
                && m.HasRole(settings.Role)
                && m.Status == MemberStatus.Up
                && !cluster.State.Unreachable.Contains(m)
            );
        }
    }

    private ActorSystem? System => _host?.Services.GetService<ActorSystem>();

    /// <summary>Is a member until <paramref name="leave"/>; then leaves in order (coordinated shutdown).</summary>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public async Task RunAsync(CancellationToken leave)
    {
        while (!leave.IsCancellationRequested)
        {
            using IHost host = SetUp();
            ActorSystem system = Start(host);
            _host = host;
            Task<bool> joined = StartActorsAsync(host, system);
            await system.WhenTerminated.WaitAsync(leave).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (leave.IsCancellationRequested)
            {
                await CoordinatedShutdown
                    .Get(system)
                    .Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance)
                    .ConfigureAwait(false);
                await system.WhenTerminated.ConfigureAwait(false);
            }
            bool wasMember = await joined.ConfigureAwait(false);
            _host = null;
            if (leave.IsCancellationRequested)
                return;
            if (!wasMember)
            {
                // Akka.NET ends an actor system whose TLS is refused; it is not long before the next one is.
                LogNotJoined();
                await Task.Delay(RefusedDelay, leave).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }
            _log.LogWarning(
                "{What}",
                settings.Role == NodeSettings.WorkerRole
                    ? "no orchestrator can be reached any more; trains on, and joins again as soon as one is back"
                    : "cut off from the other nodes; joins them again"
            );
            await Task.Delay(RestartDelay, leave).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Leaves this cluster and joins again, and does not start one as long as another orchestrator of the list cannot be
    /// reached, which may have the journal. If two that cannot see each other both started clusters whenever they found
    /// none, they would take the journal from each other for ever.
    /// </summary>
    public void StandBy()
    {
        _mayFound = false;
        if (System is { } system)
            CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClusterDowningReason.Instance);
    }

    /// <summary>
    /// Akka.Hosting's own checks: <see cref="NodeHealth.Live"/>, the actor system runs;
    /// <see cref="NodeHealth.Ready"/>, it is a member of a cluster.
    /// </summary>
    public async Task<HealthReport?> CheckAsync(string tag, CancellationToken cancel) =>
        _host?.Services.GetService<HealthCheckService>() is { } checks
            ? await checks.CheckHealthAsync(check => check.Tags.Contains(tag), cancel).ConfigureAwait(false)
            : null;

    private IHost SetUp()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(logs);
        // The program takes the signals itself.
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.AddHealthChecks();
        builder.Services.AddAkka(NodeSettings.SystemName, (akka, _) => Configure(akka));
        return builder.Build();
    }

    private void Configure(AkkaConfigurationBuilder akka)
    {
        akka.AddHocon(NodeSettings.Common, HoconAddMode.Prepend)
            .ConfigureLoggers(log =>
            {
                log.ClearLoggers();
                log.AddLogger<NodeLog>();
            })
            .AddSetup(new LoggerFactorySetup(logs))
            .WithRemoting(
                new RemoteOptions
                {
                    HostName = settings.Listen.Host,
                    Port = settings.Listen.Port,
                    EnableSsl = settings.Certificate is not null,
                }
            )
            .WithClustering(new ClusterOptions { Roles = [settings.Role, NodeSettings.ProtocolRole] })
            .WithActorSystemLivenessCheck(tags: [NodeHealth.Live])
            .WithAkkaClusterReadinessCheck(tags: [NodeHealth.Ready]);
        if (settings.Certificate is { } certificate)
        {
            akka.AddSetup(
                new DotNettySslSetup(
                    certificate.Own,
                    suppressValidation: false,
                    requireMutualAuthentication: true,
                    validateCertificateHostname: false,
                    (shown, _, peer, _, _) => IsLetIn(certificate.WhyNot(shown), peer)
                )
            );
        }
        settings.Pods?.Configure(akka, settings.Listen.Host, settings.Role == NodeSettings.OrchestratorRole);
        akka.WithActors(
            (system, _) => system.ActorOf(Props.Create(() => new MembershipActor(settings.Role, _log, unfit)), "membership")
        );
        inhabit(akka);
    }

    // The host would print a stack trace of what keeps the actor system from starting; so it is started before the
    // host is.
    private ActorSystem Start(IHost host)
    {
        try
        {
            return host.Services.GetRequiredService<ActorSystem>();
        }
        catch (Exception error) when (settings.CannotListen(error) is { } cause)
        {
            throw cause;
        }
    }

    /// <returns>Whether the node became a member.</returns>
    private async Task<bool> StartActorsAsync(IHost host, ActorSystem system)
    {
        try
        {
            await host.StartAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error)
            when (error is InvalidOperationException or ActorInitializationException
                && CoordinatedShutdown.Get(system).ShutdownReason is not null
            )
        {
            // Akka.NET gave up starting, because the machine slept meanwhile; the system ends, and the next one is
            // tried.
            return false;
        }
        return await JoinAsync(system).ConfigureAwait(false);
    }

    /// <summary>Joins; ends when the node is a member, or its actor system has ended before.</summary>
    /// <returns>Whether it is a member.</returns>
    private async Task<bool> JoinAsync(ActorSystem system)
    {
        var joined = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        AkkaCluster cluster = AkkaCluster.Get(system);
        cluster.RegisterOnMemberUp(() => joined.TrySetResult());
        Task either = Task.WhenAny(joined.Task, system.WhenTerminated);
        if (settings.Pods is null)
        {
            if (settings.Seeds.Count == 0)
                cluster.Join(cluster.SelfAddress);
            else
                cluster.JoinSeedNodes(
                    settings.Seeds.Where(s => _mayFound || s != settings.Listen).Select(s => s.ToAkka(settings.Protocol))
                );
            _ = FoundAsync(cluster, either);
        }
        else
        {
            await LookForPodsAsync(system, settings.Pods).ConfigureAwait(false);
        }

        await Task.WhenAny(either, Task.Delay(JoinPatience)).ConfigureAwait(false);
        if (!either.IsCompleted)
            LogNotJoined();
        await either.ConfigureAwait(false);
        if (!joined.Task.IsCompleted)
            return false;
        if (settings.Role == NodeSettings.OrchestratorRole)
            _mayFound = true;
        if (_wasMember)
            _log.LogInformation(
                "{Who} back: joined again",
                settings.Role == NodeSettings.WorkerRole ? "an orchestrator is" : "is"
            );
        _wasMember = true;
        return true;
    }

    private async Task LookForPodsAsync(ActorSystem system, KubernetesPods pods)
    {
        try
        {
            await pods.StartAsync(system, settings.Listen.Host).ConfigureAwait(false);
        }
        // Whatever it is (a port that is taken, an account without a token), it is told, and the next actor system tries
        // again.
#pragma warning disable CA1031
        catch (Exception error)
        {
            _log.LogWarning(
                "cannot look for the orchestrators' pods, tries again: {Reason}",
                NodeSettings.Innermost(error).Message.Split('\n')[0]
            );
            _log.LogDebug(error, "looking for pods");
            await CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClusterDowningReason.Instance).ConfigureAwait(false);
        }
#pragma warning restore CA1031
    }

    /// <summary>
    /// Says that the node has not been let in yet; once, and not of one that was a member before, which has said that
    /// it tries.
    /// </summary>
    private void LogNotJoined()
    {
        if (_wasMember || Interlocked.Exchange(ref _toldNotIn, 1) == 1)
            return;
        string whom = settings.Pods is { } pods
            ? $"none of the pods {pods.Selector}"
            : $"none of {string.Join(", ", settings.Seeds)}";
        _log.LogWarning(
            "{Whom} lets this node in yet: either it is not there, or it asks for another --certificate; tries on",
            whom
        );
    }

    /// <summary>
    /// The first orchestrator of the list starts a cluster when it finds none; that much Akka.NET does. Another one
    /// does so if none before it in the list even listens. One that listens may be about to start the cluster, and is
    /// waited for, but not for ever: it may wait itself, or hang.
    /// After <see cref="StandBy"/> the first of the list does so in the same way, and each only if the machines of all
    /// others answer. Were it to go on waiting then, a restarted orchestrator that waits for it in turn would let
    /// nobody ever serve.
    /// </summary>
    private async Task FoundAsync(AkkaCluster cluster, Task over)
    {
        bool stoodBy = !_mayFound;
        NodeAddress[] before = [.. settings.Seeds.TakeWhile(seed => seed != settings.Listen)],
            others = [.. settings.Seeds.Where(seed => seed != settings.Listen)];
        if (
            settings.Role != NodeSettings.OrchestratorRole
            || before.Length == settings.Seeds.Count
            || (before.Length == 0 && !stoodBy)
        )
            return;
        for (int round = 1; ; round++)
        {
            await Task.WhenAny(over, Task.Delay(FoundingPatience)).ConfigureAwait(false);
            if (over.IsCompleted)
                return;
            bool?[] listen = await Task.WhenAll(others.Select(ListensAsync)).ConfigureAwait(false);
            bool isCutOff = listen.Contains(null),
                isAwaited = listen.Take(before.Length).Contains(true) && round < LongestWait;
            // A member that is not up yet waits for the others to agree on it.
            if ((stoodBy && isCutOff) || isAwaited || cluster.State.Members.Count > 0)
                continue;
            if (over.IsCompleted)
                return;
            _log.LogInformation(
                "no cluster is found at {Others}; starts one",
                string.Join(", ", (IEnumerable<NodeAddress>)others)
            );
            cluster.Join(cluster.SelfAddress);
            return;
        }
    }

    /// <returns>Whether a node listens; null if its machine does not say that nobody does.</returns>
    private static async Task<bool?> ListensAsync(NodeAddress node)
    {
        using var probe = new TcpClient();
        using var patience = new CancellationTokenSource(ProbePatience);
        try
        {
            await probe.ConnectAsync(node.Host, node.Port, patience.Token).ConfigureAwait(false);
            return true;
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return false;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return null;
        }
    }

    private bool IsLetIn(string? whyNot, string peer)
    {
        // It tries again every few seconds; once is enough.
        if (whyNot is not null && _refusals.TryAdd(whyNot, true))
            _log.LogWarning("the node at {Peer} is not let in: {Why}", peer, whyNot);
        return whyNot is null;
    }

    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
