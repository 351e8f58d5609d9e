using Akka.Cluster.Tools.Singleton;
using AkkaLevel = Akka.Event.LogLevel;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Rouser.Cluster.AkkaNet.Tests;

/// <summary>What of all that an actor system logs reaches a person.</summary>
public sealed class NodeLogTests
{
    [Theory]
    [InlineData(AkkaLevel.WarningLevel, "akka://sweep/user/worker", typeof(NodeLog), LogLevel.Warning)]
    [InlineData(AkkaLevel.ErrorLevel, "akka://sweep/user/worker", typeof(NodeLog), LogLevel.Error)]
    [InlineData(AkkaLevel.ErrorLevel, "akka://sweep/user/worker", typeof(Akka.Actor.OneForOneStrategy), LogLevel.Error)]
    [InlineData(AkkaLevel.InfoLevel, "akka://sweep/user/worker", typeof(NodeLog), LogLevel.Debug)]
    [InlineData(AkkaLevel.WarningLevel, "akka://sweep/user/sweep-proxy", typeof(ClusterSingletonProxy), LogLevel.Debug)]
    [InlineData(
        AkkaLevel.ErrorLevel,
        "akka://sweep/system/endpointManager",
        typeof(Akka.Remote.RemoteActorRefProvider),
        LogLevel.Debug
    )]
    public void A_person_is_told_what_our_actors_warn_of_and_what_ends_them(
        AkkaLevel said,
        string source,
        Type kind,
        LogLevel expected
    ) => Assert.Equal(expected, NodeLog.LevelOf(said, source, kind, "something"));

    [Fact]
    public void A_stranger_at_the_port_is_told_of() =>
        Assert.Equal(
            LogLevel.Warning,
            NodeLog.LevelOf(
                AkkaLevel.ErrorLevel,
                "remoting",
                typeof(Akka.Remote.RemoteActorRefProvider),
                "Rejected incoming connection from x"
            )
        );
}
