using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Remote;
using Microsoft.Extensions.Logging;
using AkkaCluster = Akka.Cluster.Cluster;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Rouser.Cluster.AkkaNet;

/// <summary>
/// Watches who is in the cluster. It says in a line what a person may want to know; it ends a node that the others
/// have given up, and a worker's whose last orchestrator has gone: without one its cluster could never be found by
/// the next, and only a node that is started anew can join another.
/// </summary>
internal sealed class MembershipActor : ReceiveActor
{
    private readonly AkkaCluster _cluster = AkkaCluster.Get(Context.System);
    private readonly HashSet<UniqueAddress> _orchestrators = [];
    private readonly ILogger _log;
    private readonly Action<string>? _unfit;
    private readonly bool _isWorker;

    /// <param name="role">The node's own role.</param>
    /// <param name="log">Takes the lines.</param>
    /// <param name="unfit">Told why this worker's node and an orchestrator cannot work together; may be null.</param>
    public MembershipActor(string role, ILogger log, Action<string>? unfit)
    {
        (_log, _unfit) = (log, unfit);
        _isWorker = role == NodeSettings.WorkerRole;
        Receive<ClusterEvent.MemberUp>(up => OnUp(up.Member));
        Receive<ClusterEvent.MemberRemoved>(OnRemoved);
        Receive<ClusterEvent.UnreachableMember>(e =>
            Log(e.Member, LogLevel.Warning, "does not answer; if that lasts, the others go on without it")
        );
        Receive<ClusterEvent.ReachableMember>(e => Log(e.Member, LogLevel.Information, "answers again"));
        Receive<ClusterEvent.IMemberEvent>(_ => { });
        Receive<ThisActorSystemQuarantinedEvent>(_ => End());
    }

    protected override void PreStart()
    {
        Type[] changes = [typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent)];
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, changes);
        Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
    }

    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        Context.System.EventStream.Unsubscribe(Self);
    }

    private void OnUp(Member member)
    {
        if (member.HasRole(NodeSettings.OrchestratorRole))
            _orchestrators.Add(member.UniqueAddress);
        if (IsSelf(member))
            return;
        Log(member, LogLevel.Information, "is in the cluster");
        if (!member.HasRole(NodeSettings.ProtocolRole))
            OnOtherVersion(member);
    }

    // What such a node says could not be read, and Akka.NET drops it without a word to anyone.
    private void OnOtherVersion(Member member)
    {
        const string what = "speaks another version of the protocol; run the same rouser on both sides";
        Log(member, LogLevel.Warning, what);
        if (_isWorker && member.HasRole(NodeSettings.OrchestratorRole))
            _unfit?.Invoke($"the orchestrator {NodeOf(member)} {what}");
    }

    private void OnRemoved(ClusterEvent.MemberRemoved removed)
    {
        if (!IsSelf(removed.Member))
        {
            if (removed.PreviousStatus == MemberStatus.Down)
                Log(removed.Member, LogLevel.Warning, "is gone without a word");
            else
                Log(removed.Member, LogLevel.Information, "has left the cluster");
        }
        if (_orchestrators.Remove(removed.Member.UniqueAddress) && _orchestrators.Count == 0 && _isWorker)
            End();
    }

    // The reason is the one by which a worker does not hand back what it trains: it goes on with it.
    private static void End()
    {
        ActorSystem system = Context.System;
        CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClusterDowningReason.Instance);
    }

    private bool IsSelf(Member member) => member.UniqueAddress.Equals(_cluster.SelfUniqueAddress);

    /// <summary>A worker's log names orchestrators only: of the other workers it has nothing to expect.</summary>
    private void Log(Member member, LogLevel level, string what)
    {
        bool isOrchestrator = member.HasRole(NodeSettings.OrchestratorRole);
        if (!_isWorker || isOrchestrator)
            _log.Log(level, "{Role} {Node} {What}", isOrchestrator ? "orchestrator" : "worker node", NodeOf(member), what);
    }

    private static NodeAddress NodeOf(Member member) => new(member.Address.Host, member.Address.Port ?? 0);
}
