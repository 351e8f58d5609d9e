using System.Net;
using Rouser.Core;

namespace Rouser.Cluster.Http;

/// <summary>Where an orchestrator listens.</summary>
public static class ListenAddress
{
    /// <summary>The address unless told otherwise: this machine only.</summary>
    public const string Default = "127.0.0.1:7171";

    /// <summary>
    /// Reads <c>ADDRESS:PORT</c>: an IP address, <c>localhost</c>, or <c>*</c> for all; port 0 for any that is free.
    /// </summary>
    /// <param name="text">What the user gave.</param>
    public static Result<IPEndPoint> Parse(string text)
    {
        string named =
            text.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? $"127.0.0.1{text["localhost".Length..]}"
            : text.StartsWith("*:", StringComparison.Ordinal) ? $"0.0.0.0{text[1..]}"
            : text;
        return
            named.Contains(':', StringComparison.Ordinal)
            && IPEndPoint.TryParse(named, out IPEndPoint? address)
            && !named.EndsWith(']')
            ? address
            : new Mistake("--http", $"'{text}' is no address and port, such as {Default} or 0.0.0.0:7171");
    }
}
