using System.Globalization;
using Akka.Actor;
using Rouser.Core;

namespace Rouser.Cluster.AkkaNet;

/// <summary>
/// Where a node listens: <c>host:port</c>, as a user writes it, with or without <c>akka://</c> before it.
/// </summary>
/// <param name="Host">A name or an address that the other nodes reach it by.</param>
/// <param name="Port">The port; 0 for any that is free.</param>
public sealed record NodeAddress(string Host, int Port)
{
    private const string Scheme = "akka://";

    /// <summary>Whether only this machine can reach it.</summary>
    public bool IsLoopback =>
        Host == "localhost"
        || (System.Net.IPAddress.TryParse(Host, out System.Net.IPAddress? ip) && System.Net.IPAddress.IsLoopback(ip));

    /// <summary>Reads an address.</summary>
    public static Result<NodeAddress> Parse(string text)
    {
        string rest = text.StartsWith(Scheme, StringComparison.Ordinal) ? text[Scheme.Length..] : text;
        int colon = rest.LastIndexOf(':');
        if (
            colon < 1
            || !int.TryParse(rest[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            || port > ushort.MaxValue
        )
            return new UserError("", $"'{text}' is no address of a cluster node; write {Scheme}HOST:PORT");
        string host = rest[..colon].Trim('[', ']');
        if (host is "0.0.0.0" or "::" or "*")
            return new UserError(
                "",
                $"'{text}': a cluster node is known by its address, so name the one that the other nodes reach this machine by"
            );
        return Uri.CheckHostName(host) == UriHostNameType.Unknown
            ? new UserError("", $"'{text}': '{host}' is no name of a machine")
            : new NodeAddress(host, port);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Scheme}{Host}:{Port}");

    /// <summary>The address as Akka.NET has it; the protocol is part of it.</summary>
    internal Address ToAkka(string protocol) => new(protocol, NodeSettings.SystemName, Host, Port);
}
