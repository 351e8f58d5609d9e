using System.Net;
using System.Net.Sockets;
using Rouser.Cluster.Http;
using Rouser.Core;

namespace Rouser.Orchestrator.Sessions;

/// <summary>The HTTP door as the user's options describe it.</summary>
/// <param name="Address"><c>--http</c>; null if not given.</param>
/// <param name="TokenFile"><c>--token-file</c>.</param>
/// <param name="Certificate"><c>--certificate</c>.</param>
/// <param name="CertificateKey"><c>--certificate-key</c>.</param>
/// <param name="PublicUrls"><c>--public-url</c>.</param>
internal sealed record HttpOptions(
    string? Address,
    string? TokenFile,
    string? Certificate,
    string? CertificateKey,
    IReadOnlyList<string> PublicUrls
)
{
    private const string Off = "off";

    /// <summary>The settings of the door; null if it is <c>off</c>.</summary>
    /// <param name="mayMove">Whether a default address that is taken is no reason to stop: a standby on the same
    /// machine has the next free one.</param>
    public Result<HttpSettings?> Settings(bool mayMove)
    {
        if (Address == Off)
        {
            return TokenFile is null && PublicUrls.Count == 0
                ? (HttpSettings?)null
                : new Mistake(
                    "--http",
                    $"{(TokenFile is null ? "--public-url" : "--token-file")} is for HTTP, which --http off turns off"
                );
        }
        return ListenAddress
            .Parse(Address ?? ListenAddress.Default)
            .Then<IPEndPoint>(address => Free(address))
            .Then(address =>
                Token(address)
                    .Then(token =>
                        Urls()
                            .Then(urls =>
                                // On loopback nobody listens in, and local commands find the orchestrator without a
                                // certificate.
                                CertificateFile
                                    .Own(IPAddress.IsLoopback(address.Address) ? null : Certificate, CertificateKey)
                                    .Then<HttpSettings?>(certificate => new HttpSettings(address, token, certificate, urls))
                            )
                    )
            );

        IPEndPoint Free(IPEndPoint address)
        {
            if (address.Port == 0)
                return AnyFree(address.Address);
            while (mayMove && Address is null && IsTaken(address) && address.Port < IPEndPoint.MaxPort)
                address = new IPEndPoint(address.Address, address.Port + 1);
            return address;
        }
    }

    /// <summary>A port that is free now: the token is kept under its number.</summary>
    private static IPEndPoint AnyFree(IPAddress address)
    {
        using var probe = new TcpListener(address, 0);
        probe.Start();
        return (IPEndPoint)probe.LocalEndpoint;
    }

    private Result<AccessToken> Token(IPEndPoint address) =>
        TokenSource
            .Given(TokenFile)
            .Then(given => given is null ? TokenStore.OfUser().Make(address.Port) : (Result<AccessToken>)given);

    private Result<IReadOnlyList<Uri>> Urls()
    {
        List<Uri> urls = [];
        foreach (string text in PublicUrls)
        {
            if (OrchestratorAddress.Parse("--public-url", text) is { IsOk: true } url)
                urls.Add(url.Value);
            else
                return new Mistake("--public-url", $"'{text}' is no address, such as https://rouser.example.org");
        }
        return urls.ToArray();
    }

    private static bool IsTaken(IPEndPoint address)
    {
        try
        {
            using var probe = new TcpListener(address);
            probe.Start();
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
