using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
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
            : new UserError("--http", $"'{text}' is no address and port, such as {Default} or 0.0.0.0:7171");
    }

    /// <summary>
    /// Listens, so that nobody else can take the port from now on. It does not only bind: two processes may bind one
    /// port as long as neither listens.
    /// </summary>
    /// <param name="address">Where; with port 0 the system chooses one that is free.</param>
    /// <param name="mayMove">Whether the next ports will do where this one is taken.</param>
    public static Result<Socket> Listen(IPEndPoint address, bool mayMove)
    {
        while (true)
        {
            try
            {
                Socket socket = SocketTransportOptions.CreateDefaultBoundListenSocket(address);
                socket.Listen();
                return socket;
            }
            catch (SocketException taken)
                when (mayMove
                    && taken.SocketErrorCode == SocketError.AddressAlreadyInUse
                    && address.Port is > 0 and < IPEndPoint.MaxPort
                )
            {
                address = new IPEndPoint(address.Address, address.Port + 1);
            }
            catch (SocketException error)
            {
                return new UserError("--http", $"cannot listen on {address}: {error.Message}; choose another ADDRESS:PORT");
            }
        }
    }
}
