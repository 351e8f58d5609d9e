using Akka.Configuration;
using Rouser.Core;

namespace Rouser.Cluster.Akka.Tests;

/// <summary>What a user says about a node, and what becomes of it.</summary>
public sealed class NodeSettingsTests
{
    [Theory]
    [InlineData("akka://node1:7170", "node1", 7170)]
    [InlineData("10.0.0.1:0", "10.0.0.1", 0)]
    [InlineData("akka://[::1]:7170", "::1", 7170)]
    public void An_address_is_read(string text, string host, int port) => Assert.Equal(new NodeAddress(host, port), NodeAddress.Parse(text).Value);

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
        Assert.Contains(text[..4], read.Mistakes[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("localhost", true)]
    [InlineData("::1", true)]
    [InlineData("10.0.0.1", false)]
    [InlineData("node1", false)]
    public void Loopback_is_known_as_such(string host, bool isLoopback) => Assert.Equal(isLoopback, new NodeAddress(host, 1).IsLoopback);

    // CVE-2025-61778: before 1.5.52 the server lets in clients without a certificate. Who asks for mutual TLS must not get less unawares.
    [Fact]
    public void Tls_is_refused_with_an_Akka_that_asks_no_client_for_its_certificate()
    {
        Result<NodeCertificate> read = NodeCertificate.Read("any.p12", "", new Version(1, 5, 30, 0));
        Assert.Contains("1.5.30", Assert.Single(read.Mistakes).Message, StringComparison.Ordinal);
        Assert.Contains("-p:AkkaVersion=1.5.52", read.Mistakes[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_that_is_none_is_a_mistake() =>
        Assert.False(NodeCertificate.Read(typeof(NodeSettingsTests).Assembly.Location, "", new Version(1, 5, 60)).IsOk);

    [Fact]
    public void Tls_is_mutual_and_passwords_may_hold_anything()
    {
        Config config = new NodeSettings(
            NodeSettings.WorkerRole, new NodeAddress("node1", 7170), [], new NodeCertificate("/a b/c\\d.p12", "p\"a\\s${s}#")).ToConfig();
        Config tcp = config.GetConfig("akka.remote.dot-netty.tcp");
        Assert.True(tcp.GetBoolean("enable-ssl"));
        Assert.True(tcp.GetBoolean("ssl.require-mutual-authentication"));
        Assert.False(tcp.GetBoolean("ssl.suppress-validation"));
        Assert.Equal("/a b/c\\d.p12", tcp.GetString("ssl.certificate.path"));
        Assert.Equal("p\"a\\s${s}#", tcp.GetString("ssl.certificate.password"));
    }
}
