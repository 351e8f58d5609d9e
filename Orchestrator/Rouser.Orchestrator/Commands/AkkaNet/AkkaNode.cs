using System.CommandLine;
using Rouser.Cluster.AkkaNet;
using Rouser.Core;

namespace Rouser.Orchestrator.Commands.AkkaNet;

/// <summary>What every node of a cluster is told.</summary>
internal static class AkkaNode
{
    public static Option<bool> TrustNetwork() => new("--trust-network")
    {
        Description = "Lets nodes on other machines in without certificates: whoever can reach the address is trusted. (akka)",
    };

    public static Result<IReadOnlyList<NodeAddress>> Addresses(IReadOnlyList<string> texts)
    {
        Result<NodeAddress>[] read = [.. texts.Select(NodeAddress.Parse)];
        List<Mistake> mistakes = [.. read.SelectMany(r => r.Mistakes)];
        return mistakes.Count > 0 ? Result<IReadOnlyList<NodeAddress>>.Wrong(mistakes) : read.Select(r => r.Value).ToArray();
    }
}
