using System.Security.Cryptography.X509Certificates;
using Rouser.Core;
using Rouser.Orchestrator.Tests;

namespace Rouser.Cluster.AkkaNet.Tests;

/// <summary>Whom a node lets in.</summary>
public sealed class NodeCertificateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new("rouser"),
        _stranger = new("rouser");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_node_of_the_same_authority_is_let_in_and_no_other()
    {
        using NodeCertificate own = Read(_authority.Issue("node1"));
        Assert.Null(WhyNot(own, _authority.Issue("node2")));
        // Of an authority with the same name, as anybody can make one.
        Assert.Contains("none of the authorities", WhyNot(own, _stranger.Issue("node2")), StringComparison.Ordinal);
        Assert.Contains("none of the authorities", WhyNot(own, TestCertificates.SelfSigned("node1")), StringComparison.Ordinal);
        Assert.Contains("valid from", WhyNot(own, _authority.Issue("node2", days: 0)), StringComparison.Ordinal);
        Assert.Contains("--certificate", own.WhyNot(null), StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_that_share_one_certificate_need_no_authority()
    {
        string shared = TestCertificates.SelfSigned("rouser");
        using NodeCertificate own = Read(shared);
        Assert.Null(WhyNot(own, shared));
        Assert.Contains("another than", WhyNot(own, TestCertificates.SelfSigned("rouser")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_a_key_is_a_mistake_of_one_line()
    {
        Result<NodeCertificate> read = NodeCertificate.Read(TestCertificates.Write(_folder["ca.pem"], _authority.Pem), null);
        Assert.DoesNotContain('\n', Assert.Single(read.Errors).ToString());
    }

    private static string? WhyNot(NodeCertificate own, string pem)
    {
        using var shown = X509Certificate2.CreateFromPem(pem);
        return own.WhyNot(shown);
    }

    private NodeCertificate Read(string pem)
    {
        Result<NodeCertificate> read = NodeCertificate.Read(TestCertificates.Write(_folder["node.pem"], pem), null);
        Assert.True(read.IsOk, string.Join("; ", read.Errors));
        return read.Value;
    }
}
