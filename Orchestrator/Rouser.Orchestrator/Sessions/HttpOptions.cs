using System.Net;
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

    /// <summary>The settings of the door, which listens from now on; null if it is <c>off</c>.</summary>
    /// <param name="mayMove">Whether a default address that is taken is no reason to stop: a standby on the same
    /// machine has the next free one.</param>
    public Result<HttpSettings?> Settings(bool mayMove)
    {
        if (Address == Off)
        {
            return TokenFile is null && PublicUrls.Count == 0
                ? (HttpSettings?)null
                : new UserError(
                    "--http",
                    $"{(TokenFile is null ? "--public-url" : "--token-file")} is for HTTP, which --http off turns off"
                );
        }
        return ListenAddress
            .Parse(Address ?? ListenAddress.Default)
            .Then(address =>
                Urls()
                    .Then(urls =>
                        // On loopback nobody listens in, and local commands find the orchestrator without a
                        // certificate.
                        CertificateFile
                            .Own(IPAddress.IsLoopback(address.Address) ? null : Certificate, CertificateKey)
                            .Then(certificate =>
                                ListenAddress
                                    .Listen(address, mayMove && Address is null)
                                    .Then(listener =>
                                        Token((IPEndPoint)listener.LocalEndPoint!)
                                            .Then<HttpSettings?>(token => new HttpSettings(listener, token, certificate, urls))
                                    )
                            )
                    )
            );
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
            if (OrchestratorAddress.Parse("--public-url", text, mayHavePath: true) is { IsOk: true } url)
                urls.Add(url.Value);
            else
                return new UserError(
                    "--public-url",
                    $"'{text}' is no address, such as https://rouser.example.org or https://example.org/rouser"
                );
        }
        return urls.ToArray();
    }
}
