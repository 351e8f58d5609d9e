using System.Diagnostics;
using Rouser.Coordination;
using Rouser.Orchestrator.Tests;
using Xunit.Abstractions;

namespace Rouser.Cluster.AkkaNet.Tests;

/// <summary>
/// Mutual TLS between real processes: the node of the same authority comes in, whoever has no certificate or a
/// foreign one stays out, and both sides say so.
/// </summary>
public sealed class TlsTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new("rouser");

    public void Dispose() => _folder.Dispose();

    // No node ever joined: the protocol of an address is then akka.ssl.tcp, and was written akka.tcp.
    [Fact]
    public async Task The_right_node_comes_in_and_one_without_a_certificate_or_with_a_foreign_one_stays_out()
    {
        string spec = SmallSweeps.Write(_folder, trials: 2, epochs: 20);
        NodeAddress address = Nodes.FreeAddress();
        string join = $"{address}";
        using var run = new AkkaRun(_folder, "secured", spec)
        {
            Common = ["--certificate", Pem("orchestrator.pem", _authority.Issue("orchestrator"))],
        };
        Process orchestrator = run.Serve(address, address);
        await run.UntilServes(address);

        Process bare = Worker(run, "bare", join, null);
        Process foreign = Worker(run, "foreign", join, Pem("foreign.pem", new TestAuthority("rouser").Issue("foreign")));
        await run.Until(() => Complains(run, bare) && Complains(run, foreign), "both say that they are not let in");
        await run.Until(
            () => run.Logged(address, "is not let in: its certificate (CN=foreign"),
            "the orchestrator says that it refused the foreign one"
        );
        await run.Until(
            () => run.Logged(address, "Rejected incoming connection"),
            "the orchestrator says that it refused the bare one"
        );
        Assert.Empty(run.Events.OfType<TrialAssigned>());

        Process right = Worker(run, "right", join, Pem("right.pem", _authority.Issue("right")));
        await run.EndWell(orchestrator, right);
        Assert.All(run.Events.OfType<TrialAssigned>(), e => Assert.Equal("right", e.Worker.Value));
        foreach (Process outside in (Process[])[bare, foreign])
        {
            output.WriteLine(string.Join('\n', run.Said(outside)));
            Assert.False(outside.HasExited);
            Assert.Single(run.Said(outside), line => line.Contains("lets this node in", StringComparison.Ordinal));
            Assert.DoesNotContain(run.Said(outside), line => line.StartsWith("   at ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Nodes_that_share_one_certificate_need_no_authority()
    {
        string spec = SmallSweeps.Write(_folder, trials: 1, epochs: 5);
        NodeAddress address = Nodes.FreeAddress();
        using var run = new AkkaRun(_folder, "shared", spec)
        {
            Common = ["--certificate", Pem("node.pem", TestCertificates.SelfSigned("rouser"))],
        };
        Process orchestrator = run.Serve(address, address),
            worker = run.Work("w1", address);
        await run.EndWell(orchestrator, worker);
    }

    private static bool Complains(AkkaRun run, Process worker) =>
        run.Said(worker).Any(line => line.Contains("lets this node in", StringComparison.Ordinal));

    private static Process Worker(AkkaRun run, string name, string join, string? certificate) =>
        run.Start([
            "worker",
            "--slots",
            "1",
            "--threads",
            "1",
            "--name",
            name,
            "--join",
            join,
            .. certificate is null ? (string[])[] : ["--certificate", certificate],
        ]);

    private string Pem(string file, string pem) => TestCertificates.Write(_folder[file], pem);
}
