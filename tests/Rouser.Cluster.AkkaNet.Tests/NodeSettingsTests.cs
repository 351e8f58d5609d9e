using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Configuration;
using Rouser.Core;

namespace Rouser.Cluster.AkkaNet.Tests;

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

    [Fact]
    public void Only_this_machine_is_listened_to_unless_certificates_or_the_user_vouch_for_the_others()
    {
        Assert.True(Node("127.0.0.1", null).Check(trustNetwork: false).IsOk);
        Assert.Contains("--trust-network", Assert.Single(Node("node1", null).Check(trustNetwork: false).Mistakes).Message, StringComparison.Ordinal);
        Assert.True(Node("node1", null).Check(trustNetwork: true).IsOk);
        using X509Certificate2 certificate = SelfSigned();
        Assert.True(Node("node1", certificate).Check(trustNetwork: false, new Version(1, 5, 52, 0)).IsOk);
    }

    // CVE-2025-61778: before 1.5.52 the server lets in clients without a certificate. Who asks for mutual TLS must not get less unawares.
    [Fact]
    public void Tls_is_refused_with_an_Akka_that_asks_no_client_for_its_certificate()
    {
        using X509Certificate2 certificate = SelfSigned();
        Result<NodeSettings> read = Node("node1", certificate).Check(trustNetwork: true, new Version(1, 5, 30, 0));
        Assert.Contains("1.5.30", Assert.Single(read.Mistakes).Message, StringComparison.Ordinal);
        Assert.Contains("-p:AkkaVersion=1.5.52", read.Mistakes[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tls_is_mutual_and_validated()
    {
        using X509Certificate2 certificate = SelfSigned();
        Config tcp = Node("node1", certificate).ToConfig().GetConfig("akka.remote.dot-netty.tcp");
        Assert.True(tcp.GetBoolean("enable-ssl"));
        Assert.True(tcp.GetBoolean("ssl.require-mutual-authentication"));
        Assert.False(tcp.GetBoolean("ssl.suppress-validation"));
        Assert.False(Node("node1", null).ToConfig().GetBoolean("akka.remote.dot-netty.tcp.enable-ssl"));
    }

    private static NodeSettings Node(string host, X509Certificate2? certificate) => new(NodeSettings.WorkerRole, new NodeAddress(host, 7170), [], certificate);

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=rouser", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
