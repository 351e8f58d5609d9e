using Rouser.Cluster.AkkaNet;

namespace Rouser.Orchestrator.Sessions;

/// <summary>The commands by which workers join an orchestrator, as a user can paste them into a shell.</summary>
/// <param name="tokenFile">The file that the orchestrator was given its HTTP token in; null without.</param>
/// <param name="ofNodes">What a worker has to say to join the cluster: certificates.</param>
internal sealed class JoinCommands(string? tokenFile, IReadOnlyList<string> ofNodes)
{
    /// <summary>Over HTTP, on the orchestrator's machine and by its user.</summary>
    public string OverHttp(string address) =>
        RouserCommand.Line([
            "worker",
            .. address == OrchestratorAddress.Default ? (string[])[] : ["--join", address],
            .. tokenFile is null ? (string[])[] : ["--token-file", RouserCommand.Path(tokenFile)],
        ]);

    /// <summary>The line that says how workers on other machines join over HTTP.</summary>
    /// <param name="address">By which they reach the orchestrator.</param>
    /// <param name="port">By which this user's tokens are kept.</param>
    public string FromOtherMachines(string address, int port)
    {
        string kept = TokenStore.OfUser().FileOf(port);
        return (tokenFile ?? (TokenSource.IsInEnvironment || !File.Exists(kept) ? null : kept)) is { } file
            ? $"workers on other machines, which need a copy of the file, join with: "
                + RouserCommand.Line(["worker", "--join", address, "--token-file", RouserCommand.Path(file)])
            : $"workers on other machines, with the same {TokenSource.Variable}, join with: "
                + RouserCommand.Line(["worker", "--join", address]);
    }

    /// <summary>As a node of the cluster.</summary>
    public string OverAkka(NodeAddress orchestrator) =>
        RouserCommand.Line(["worker", "--join", orchestrator.ToString(), .. ofNodes]);
}
