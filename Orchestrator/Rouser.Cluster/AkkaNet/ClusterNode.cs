using Akka.Actor;
using Akka.Cluster;
using Akka.Remote;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Rouser.Cluster.AkkaNet;

/// <summary>
/// A node's place in the cluster. A node that was cut off is removed by the others, and one that was removed can come back only as a new member; so when that
/// happens this starts a new actor system, which joins by the same seeds, for ever. What the node does meanwhile (a worker trains) is not disturbed.
/// </summary>
/// <param name="settings">Address, role, seeds, certificate.</param>
/// <param name="log">Takes a line about joining.</param>
/// <param name="akkaLog">Where Akka.NET's log goes.</param>
/// <param name="inhabit">Starts the node's actors on a new actor system.</param>
internal sealed class ClusterNode(NodeSettings settings, Action<string> log, LogSetup akkaLog, Action<ActorSystem> inhabit)
{
    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromSeconds(10);

    private ActorSystem? _system;

    /// <summary>The other members that could take over what this one does.</summary>
    public bool HasPeers
    {
        get
        {
            if (Volatile.Read(ref _system) is not { WhenTerminated.IsCompleted: false } system) return false;
            AkkaCluster cluster = AkkaCluster.Get(system);
            return cluster.State.Members.Any(m => !m.UniqueAddress.Equals(cluster.SelfUniqueAddress)
                && m.HasRole(settings.Role) && m.Status == MemberStatus.Up && !cluster.State.Unreachable.Contains(m));
        }
    }

    /// <summary>Is a member until <paramref name="leave"/>; then leaves in order (coordinated shutdown).</summary>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public async Task RunAsync(CancellationToken leave)
    {
        while (!leave.IsCancellationRequested)
        {
            ActorSystem system = settings.Start(akkaLog);
            Volatile.Write(ref _system, system);
            Task joined = Settle(system);
            Task gone = system.WhenTerminated.WaitAsync(leave);
            await Task.WhenAny(joined, gone, Task.Delay(Patience, CancellationToken.None)).ConfigureAwait(false);
            if (!joined.IsCompleted && !gone.IsCompleted) log($"none of {string.Join(", ", settings.Seeds)} can be reached yet; tries on");

            await gone.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!leave.IsCancellationRequested)
            {
                log("cut off from the cluster; joins again");
                await Task.Delay(RestartDelay, leave).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            else
            {
                await CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance).ConfigureAwait(false);
                await system.WhenTerminated.ConfigureAwait(false);
            }
        }
    }

    /// <summary>Starts the node's actors, and joins.</summary>
    /// <returns>Completes when the node is a member; never, if it does not become one.</returns>
    private Task Settle(ActorSystem system)
    {
        try
        {
            system.ActorOf(Props.Create(() => new Exile()), "exile");
            inhabit(system);
            return Join(system);
        }
        catch (InvalidOperationException) when (CoordinatedShutdown.Get(system).ShutdownReason is not null)
        {
            // Akka.NET gave up starting, because the machine slept meanwhile; the system ends, and the next one is tried.
            return new TaskCompletionSource().Task;
        }
    }

    private Task Join(ActorSystem system)
    {
        var joined = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        AkkaCluster cluster = AkkaCluster.Get(system);
        cluster.RegisterOnMemberUp(() => joined.TrySetResult());
        if (settings.Seeds.Count == 0) cluster.Join(cluster.SelfAddress);
        else cluster.JoinSeedNodes(settings.Seeds.Select(seed => seed.ToAkka()));
        return joined.Task;
    }

    /// <summary>Ends the actor system when another node tells it that the cluster goes on without it. (That it was cut off it finds out by itself.)</summary>
    private sealed class Exile : ReceiveActor
    {
        public Exile()
        {
            Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
            CoordinatedShutdown shutdown = CoordinatedShutdown.Get(Context.System);
            Receive<ThisActorSystemQuarantinedEvent>(_ => shutdown.Run(CoordinatedShutdown.ClusterDowningReason.Instance));
        }
    }
}
