using System.CommandLine;

namespace Rouser.Orchestrator.Commands.AkkaNet;

/// <summary>What every node of a cluster is told.</summary>
internal static class AkkaNode
{
    public static Option<bool> TrustNetwork() => new("--trust-network")
    {
        Description = "Lets nodes on other machines in without certificates: whoever can reach the address is trusted. (akka)",
    };
}
