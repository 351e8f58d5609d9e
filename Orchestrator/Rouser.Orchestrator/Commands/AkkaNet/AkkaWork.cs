using System.CommandLine;
using System.Net;
using Rouser.Cluster.AkkaNet;
using Rouser.Core;
using Rouser.Core.Coordination;
using Rouser.Orchestrator.Sessions;
using Rouser.Orchestrator.Sessions.AkkaNet;

namespace Rouser.Orchestrator.Commands.AkkaNet;

/// <summary>What <c>rouser worker --join akka://…</c> has beside what every transport has.</summary>
internal sealed class AkkaWork
{
    private const string Scheme = "akka://";

    private readonly Option<string?> _listen = new("--listen")
    {
        Description = "Where the other nodes reach this one (default: this machine's name, or loopback if it joins there, and any port). (akka)",
        HelpName = "HOST:PORT",
    };

    private readonly Option<string?> _checkpoints = Options.Checkpoints();
    private readonly Option<string?> _key = Options.PemFile("--certificate-key", "The private key of this node's --certificate, if it is not in the same file. (akka)");
    private readonly Option<bool> _trustNetwork = AkkaNode.TrustNetwork();

    /// <summary>Whether these are addresses of cluster nodes.</summary>
    public static bool IsFor(IReadOnlyList<string> join) => join.Any(address => address.StartsWith(Scheme, StringComparison.Ordinal));

    /// <summary>Adds the options to the command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _listen, _checkpoints, _key, _trustNetwork }) command.Add(option);
    }

    /// <summary>Works until the sweep has ended.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="join">The orchestrators.</param>
    /// <param name="certificate">The node's certificate; null for none.</param>
    /// <param name="name">The worker's name.</param>
    /// <param name="shape">Its slots and their threads.</param>
    /// <param name="data">Where recorded data sets lie; null without.</param>
    /// <param name="quiet">Only errors are told.</param>
    public async Task<int> ExecuteAsync(
        ParseResult parsed, IReadOnlyList<string> join, string? certificate, string name, SlotsAndThreads shape, string? data, bool quiet)
    {
        Result<NodeSettings> settings = AkkaNode.Addresses(join).Then(seeds =>
            Listen(parsed.GetValue(_listen), seeds[0]).Then(listen =>
                CertificateFile.Own(certificate, parsed.GetValue(_key)).Then(own =>
                    new NodeSettings(NodeSettings.WorkerRole, listen, seeds, own).Check(parsed.GetValue(_trustNetwork)))));
        if (!settings.IsOk) return Terminal.Complain(settings.Mistakes);
        return await new AkkaWorking(settings.Value, new WorkerId(name), shape, data, parsed.GetValue(_checkpoints), quiet).RunAsync().ConfigureAwait(false);
    }

    private static Result<NodeAddress> Listen(string? named, NodeAddress first) =>
        named is not null ? NodeAddress.Parse(named) : new NodeAddress(first.IsLoopback ? first.Host : Dns.GetHostName(), 0);
}
