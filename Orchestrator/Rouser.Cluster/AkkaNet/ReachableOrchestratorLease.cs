using Akka.Actor;
using Akka.Cluster;
using Akka.Coordination;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Rouser.Cluster.AkkaNet;

/// <summary>
/// Decides for the split-brain resolver which side of a partition goes on: each that reaches an orchestrator. It
/// counts neither nodes nor votes, because both would be wrong here: workers come and go by the hundred (a batch job
/// ends), so a majority of nodes means nothing, and of two orchestrators the one that is left has no majority of its
/// own.
/// </summary>
/// <remarks>
/// Where both sides have an orchestrator both go on, and the journal decides between them: the one that opened it
/// last holds its fencing token, and the other's next append fails, which ends it. A side without an orchestrator
/// leaves the cluster; its workers train on and join again as soon as they reach one.
/// </remarks>
public sealed class ReachableOrchestratorLease(LeaseSettings settings, ExtendedActorSystem system) : Lease(settings)
{
    /// <inheritdoc/>
    public override Task<bool> Acquire() => Task.FromResult(CheckLease());

    /// <inheritdoc/>
    public override Task<bool> Acquire(Action<Exception> leaseLostCallback) => Acquire();

    /// <inheritdoc/>
    public override Task<bool> Release() => Task.FromResult(true);

    /// <inheritdoc/>
    /// <remarks>
    /// As it is now: an orchestrator that was reached at an earlier decision may be gone at the next.
    /// </remarks>
    public override bool CheckLease()
    {
        ClusterEvent.CurrentClusterState state = AkkaCluster.Get(system).State;
        return state.Members.Any(member =>
            member.HasRole(NodeSettings.OrchestratorRole)
            && member.Status is MemberStatus.Up or MemberStatus.WeaklyUp or MemberStatus.Leaving
            && !state.Unreachable.Contains(member)
        );
    }
}
