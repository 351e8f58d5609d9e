using System.Globalization;
using System.Net.Sockets;
using Akka.Configuration;
using Rouser.Core;

namespace Rouser.Cluster.AkkaNet;

/// <summary>How a node is part of a cluster.</summary>
/// <param name="Role"><see cref="OrchestratorRole"/> or <see cref="WorkerRole"/>.</param>
/// <param name="Listen">Where it listens, and what the others know it by.</param>
/// <param name="Seeds">The orchestrators, the same list in the same order everywhere. Empty on the only one.</param>
/// <param name="Certificate">For mutual TLS; null for no TLS.</param>
/// <param name="Pods">Where the orchestrators are found on Kubernetes, instead of <paramref name="Seeds"/>; null
/// elsewhere.</param>
public sealed record NodeSettings(
    string Role,
    NodeAddress Listen,
    IReadOnlyList<NodeAddress> Seeds,
    NodeCertificate? Certificate,
    KubernetesPods? Pods = null
)
{
    /// <summary>Nodes that may host the coordinator.</summary>
    public const string OrchestratorRole = "orchestrator";

    /// <summary>Nodes that train.</summary>
    public const string WorkerRole = "worker";

    /// <summary>
    /// A second role of every node, which says by which version of the protocol it speaks (<see cref="Wire.WireJson"/>).
    /// Nodes before version 3 have none.
    /// </summary>
    internal static readonly string ProtocolRole = $"protocol-{Wire.WireJson.Version.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The name of every node's actor system, which is part of its address.</summary>
    public const string SystemName = "rouser";

    /// <summary>The first part of every node's address: all nodes of a cluster speak TLS, or none does.</summary>
    internal string Protocol => Certificate is null ? "akka.tcp" : "akka.ssl.tcp";

    /// <summary>Whether other orchestrators may be there beside this one.</summary>
    internal bool HasOthers => Pods is not null || Seeds.Any(seed => seed != Listen);

    /// <summary>What cluster.conf says of every node.</summary>
    internal static Config Common => ConfigurationFactory.FromResource<NodeSettings>("Rouser.Cluster.AkkaNet.cluster.conf");

    /// <summary>Makes the settings of what a user writes.</summary>
    /// <param name="role">The node's role.</param>
    /// <param name="listen">Where it listens.</param>
    /// <param name="join">The orchestrators: <c>akka://HOST:PORT</c>, or once <c>kubernetes://SELECTOR</c>.</param>
    /// <param name="certificate">The PEM file of the node's certificate; null for no TLS.</param>
    /// <param name="key">The file of its private key, if that is another.</param>
    /// <param name="trustNetwork">The user vouches for everyone who can reach the address.</param>
    public static Result<NodeSettings> Of(
        string role,
        NodeAddress listen,
        IReadOnlyList<string> join,
        string? certificate,
        string? key,
        bool trustNetwork
    )
    {
        bool onKubernetes = join is [{ } only] && only.StartsWith(KubernetesPods.Scheme, StringComparison.Ordinal);
        Result<NodeSettings> settings = onKubernetes
            ? KubernetesPods
                .Parse(join[0], Environment.GetEnvironmentVariable)
                .Then<NodeSettings>(pods => new NodeSettings(role, listen, [], null, pods))
            : Addresses(join).Then<NodeSettings>(seeds => new NodeSettings(role, listen, seeds, null));
        return settings.Then(bare =>
            certificate is null
                ? bare.Check(trustNetwork)
                : NodeCertificate.Read(certificate, key).Then<NodeSettings>(own => bare with { Certificate = own })
        );
    }

    /// <summary>Checks that nobody joins who should not, as far as settings can tell.</summary>
    /// <param name="trustNetwork">The user vouches for everyone who can reach the address.</param>
    public Result<NodeSettings> Check(bool trustNetwork) =>
        Certificate is null && !trustNetwork && !Listen.IsLoopback
            ? new UserError(
                "",
                $"{Listen} can be reached from other machines, and whoever reaches it may join; name a --certificate, or say --trust-network"
            )
            : this;

    /// <summary>The address cannot be listened on, if that is what the error comes from.</summary>
    internal IOException? CannotListen(Exception error) =>
        Innermost(error) is SocketException cause ? new IOException($"cannot listen on {Listen}: {cause.Message}", error) : null;

    private static Result<IReadOnlyList<NodeAddress>> Addresses(IReadOnlyList<string> texts)
    {
        Result<NodeAddress>[] read = [.. texts.Select(NodeAddress.Parse)];
        List<UserError> mistakes = [.. read.SelectMany(r => r.Errors)];
        return mistakes.Count > 0 ? Result<IReadOnlyList<NodeAddress>>.Failed(mistakes) : read.Select(r => r.Value).ToArray();
    }

    internal static Exception Innermost(Exception error) =>
        error switch
        {
            AggregateException { InnerExceptions: [Exception first, ..] } => Innermost(first),
            { InnerException: { } inner } => Innermost(inner),
            _ => error,
        };
}
