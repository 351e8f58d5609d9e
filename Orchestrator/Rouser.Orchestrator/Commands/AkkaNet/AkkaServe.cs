using System.CommandLine;
using Rouser.Cluster.AkkaNet;
using Rouser.Core;
using Rouser.Orchestrator.Sessions;
using Rouser.Orchestrator.Sessions.AkkaNet;

namespace Rouser.Orchestrator.Commands.AkkaNet;

/// <summary>What <c>rouser serve --transport akka</c> has beside what every transport has.</summary>
internal sealed class AkkaServe
{
    /// <summary>The transport's name.</summary>
    public const string Transport = "akka";

    private readonly Option<string[]> _seeds = new("--seed")
    {
        Description = "An orchestrator that the cluster is joined by; the same list in the same order on each of them. The first one starts the cluster. (akka)",
        HelpName = "HOST:PORT",
    };

    private readonly Option<bool> _trustNetwork = AkkaNode.TrustNetwork();

    /// <summary>Adds the options to the command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_seeds);
        command.Add(_trustNetwork);
    }

    /// <summary>Serves, or stands by.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="listen">Where to listen.</param>
    /// <param name="certificate">The node's certificate; null for none.</param>
    /// <param name="key">Its key.</param>
    /// <param name="session">Makes or opens the run.</param>
    /// <param name="quiet">No progress.</param>
    public async Task<int> ExecuteAsync(ParseResult parsed, string listen, string? certificate, string? key, Func<Result<RunSession>> session, bool quiet)
    {
        Result<NodeSettings> settings = NodeAddress.Parse(listen).Then(address =>
            AkkaNode.Addresses(parsed.GetValue(_seeds) ?? []).Then(seeds =>
                CertificateFile.Own(certificate, key).Then(own =>
                    new NodeSettings(NodeSettings.OrchestratorRole, address, seeds, own).Check(parsed.GetValue(_trustNetwork)))));
        Result<RunSession> run = settings.Then(_ => session());
        if (!run.IsOk) return Terminal.Complain(run.Mistakes);
        string resume = string.Join(' ', [
            $"rouser serve {Words.Quote(run.Value.Folder.Paths.Folder)} --transport {Transport} --listen {listen}",
            .. settings.Value.Seeds.Select(seed => $"--seed {seed}")]);
        return await new AkkaServing(run.Value, settings.Value, resume, quiet).RunAsync().ConfigureAwait(false);
    }
}
