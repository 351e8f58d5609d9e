using System.CommandLine;
using System.Net;
using Rouser.Cluster.AkkaNet;
using Rouser.Core;

namespace Rouser.Orchestrator.Commands;

/// <summary>The options of a node of an Akka.NET cluster, an orchestrator's or a worker's.</summary>
internal sealed class NodeOptions
{
    private readonly Option<string?> _listen;
    private readonly Option<string?> _certificate;
    private readonly Option<string?> _key;

    private readonly Option<bool> _trustNetwork = new("--trust-network")
    {
        Description = "Accept cluster nodes on other machines without certificates. Whoever reaches the address is trusted.",
    };

    /// <param name="listen">What <c>--listen</c> is for.</param>
    /// <param name="certificate">The command's <c>--certificate</c>.</param>
    /// <param name="key">Its <c>--certificate-key</c>.</param>
    public NodeOptions(string listen, Option<string?> certificate, Option<string?> key)
    {
        _listen = new Option<string?>("--listen") { Description = listen, HelpName = "HOST:PORT" };
        (_certificate, _key) = (certificate, key);
    }

    /// <summary>Adds the options that are the node's alone.</summary>
    public void AddTo(Command command)
    {
        command.Add(_listen);
        command.Add(_trustNetwork);
    }

    /// <summary>Whether an option is one of the node's alone.</summary>
    public bool Has(Option option) => option == _listen || option == _trustNetwork;

    /// <summary>The options by which a worker joins the node that these ones make: on its machine, the same files.</summary>
    public IReadOnlyList<string> OfWorkers(ParseResult parsed) =>
        [
            .. Given(_certificate.Name, parsed.GetValue(_certificate)),
            .. Given(_key.Name, parsed.GetValue(_key)),
            .. parsed.GetValue(_trustNetwork) ? (string[])[_trustNetwork.Name] : [],
        ];

    private static string[] Given(string name, string? path) => path is null ? [] : [name, RouserCommand.Path(path)];

    /// <summary>Whether <c>--listen</c> is given.</summary>
    public bool Listens(ParseResult parsed) => parsed.GetValue(_listen) is not null;

    /// <summary>The node's settings.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="role">What the node does.</param>
    /// <param name="orchestrators">By which it joins: addresses, or <c>kubernetes://SELECTOR</c>.</param>
    public Result<NodeSettings> Read(ParseResult parsed, string role, IReadOnlyList<string> orchestrators) =>
        Listen(parsed.GetValue(_listen), orchestrators)
            .Then(listen =>
                NodeSettings.Of(
                    role,
                    listen,
                    orchestrators,
                    parsed.GetValue(_certificate),
                    parsed.GetValue(_key),
                    parsed.GetValue(_trustNetwork)
                )
            );

    /// <summary>Whether these name cluster nodes, and not orchestrators that serve over HTTP.</summary>
    public static bool AreNodes(IReadOnlyList<string> join) =>
        join.Any(address => address.StartsWith("akka://", StringComparison.Ordinal) || IsPods(address));

    private static bool IsPods(string address) => address.StartsWith(KubernetesPods.Scheme, StringComparison.Ordinal);

    /// <summary>
    /// A worker that joins on loopback listens there too; any other by its machine's name. The system chooses the
    /// port.
    /// </summary>
    private static Result<NodeAddress> Listen(string? named, IReadOnlyList<string> join)
    {
        if (named is not null)
            return NodeAddress.Parse(named);
        if (IsPods(join[0]))
            return new NodeAddress(Dns.GetHostName(), 0);
        return NodeAddress
            .Parse(join[0])
            .Then<NodeAddress>(first => new NodeAddress(first.IsLoopback ? first.Host : Dns.GetHostName(), 0));
    }
}
