using Rouser.Cluster.Http;
using Rouser.Core;

namespace Rouser.Orchestrator.Sessions;

/// <summary>The way to orchestrators that the user names.</summary>
internal static class OrchestratorAddress
{
    /// <summary>The orchestrator of this machine, unless told otherwise.</summary>
    public const string Default = $"http://{ListenAddress.Default}";

    /// <param name="join">Their addresses, <c>http://host:port</c> or <c>https://host:port</c>.</param>
    /// <param name="tokenFile">The file with their token; null to look into the environment, and among those of this
    /// user.</param>
    /// <param name="certificate">The file of the certificate that vouches for theirs; null for those that the system
    /// trusts.</param>
    public static Result<OrchestratorClient> Client(IReadOnlyList<string> join, string? tokenFile, string? certificate)
    {
        List<HttpEndpoint> endpoints = [];
        foreach (string text in join)
        {
            Result<HttpEndpoint> endpoint = Parse("--join", text)
                .Then(address =>
                    TokenSource.For(tokenFile, address).Then<HttpEndpoint>(token => new HttpEndpoint(address, token))
                );
            if (!endpoint.IsOk)
                return Result<OrchestratorClient>.Failed(endpoint.Errors);
            endpoints.Add(endpoint.Value);
        }
        return CertificateFile
            .Authority(certificate)
            .Then<OrchestratorClient>(authority => new OrchestratorClient(endpoints, authority));
    }

    /// <summary>Reads an address.</summary>
    /// <param name="option">The option that it was given to, for the mistake.</param>
    /// <param name="text">What the user gave.</param>
    /// <param name="mayHavePath">Whether it may name a path, behind which a proxy has the orchestrator.</param>
    public static Result<Uri> Parse(string option, string text, bool mayHavePath = false) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address)
        && address.Scheme is "http" or "https"
        && (address.PathAndQuery == "/" || (mayHavePath && address.Query.Length == 0))
        && address.Fragment.Length == 0
        && address.UserInfo.Length == 0
            ? address
            : new UserError(option, $"'{text}' is no address of an orchestrator that serves over HTTP, such as {Default}");
}
