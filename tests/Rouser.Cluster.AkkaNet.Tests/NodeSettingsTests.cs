using Rouser.Core;
using Rouser.Orchestrator.Tests;

namespace Rouser.Cluster.AkkaNet.Tests;

/// <summary>What a user says about a node, and what becomes of it.</summary>
public sealed class NodeSettingsTests
{
    [Theory]
    [InlineData("akka://node1:7170", "node1", 7170)]
    [InlineData("10.0.0.1:0", "10.0.0.1", 0)]
    [InlineData("akka://[::1]:7170", "::1", 7170)]
    public void An_address_is_read(string text, string host, int port) =>
        Assert.Equal(new NodeAddress(host, port), NodeAddress.Parse(text).Value);

    [Theory]
    [InlineData("node1")]
    [InlineData("node1:")]
    [InlineData("node1:70000")]
    [InlineData("node1:-1")]
    [InlineData("http://node1:7170")]
    [InlineData(":7170")]
    [InlineData("0.0.0.0:7170")]
    [InlineData("a b:7170")]
    [InlineData("node\":7170")]
    public void What_is_no_address_is_a_mistake(string text)
    {
        Result<NodeAddress> read = NodeAddress.Parse(text);
        Assert.False(read.IsOk);
        Assert.Contains(text[..4], read.Errors[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("localhost", true)]
    [InlineData("::1", true)]
    [InlineData("10.0.0.1", false)]
    [InlineData("node1", false)]
    public void Loopback_is_known_as_such(string host, bool isLoopback) =>
        Assert.Equal(isLoopback, new NodeAddress(host, 1).IsLoopback);

    [Fact]
    public void Only_this_machine_is_listened_to_unless_certificates_or_the_user_vouch_for_the_others()
    {
        Assert.True(Node("127.0.0.1", null, trustNetwork: false).IsOk);
        Assert.Contains(
            "--trust-network",
            Assert.Single(Node("node1", null, trustNetwork: false).Errors).Message,
            StringComparison.Ordinal
        );
        Assert.True(Node("node1", null, trustNetwork: true).IsOk);
        using var folder = new TemporaryFolder();
        Result<NodeSettings> secured = Node(
            "node1",
            TestCertificates.Write(folder["node.pem"], new TestAuthority("rouser").Issue("node1")),
            trustNetwork: false
        );
        Assert.True(secured.IsOk);
        Assert.Equal("akka.ssl.tcp://rouser@node1:7170", secured.Value.Listen.ToAkka(secured.Value.Protocol).ToString());
    }

    [Fact]
    public void Pods_are_named_in_a_pod_only()
    {
        Result<KubernetesPods> outside = KubernetesPods.Parse("kubernetes://app=rouser", _ => null);
        Assert.Contains("KUBERNETES_SERVICE_HOST", Assert.Single(outside.Errors).Message, StringComparison.Ordinal);
        KubernetesPods inside = KubernetesPods
            .Parse("kubernetes://app=rouser,role=orchestrator", name => name == "KUBERNETES_SERVICE_HOST" ? "10.0.0.1" : null)
            .Value;
        Assert.Equal(("app=rouser,role=orchestrator", 8558), (inside.Selector, inside.Port));
        Assert.False(KubernetesPods.Parse("kubernetes://", _ => "10.0.0.1").IsOk);
    }

    private static Result<NodeSettings> Node(string host, string? certificate, bool trustNetwork) =>
        NodeSettings.Of(
            NodeSettings.WorkerRole,
            new NodeAddress(host, 7170),
            ["akka://node2:7170"],
            certificate,
            null,
            trustNetwork
        );
}
