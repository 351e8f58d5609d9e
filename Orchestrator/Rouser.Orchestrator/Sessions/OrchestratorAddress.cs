using Rouser.Cluster.Http;
using Rouser.Core;

namespace Rouser.Orchestrator.Sessions;

/// <summary>The way to an orchestrator that the user names.</summary>
internal static class OrchestratorAddress
{
    /// <param name="join">Its address, <c>http://host:port</c> or <c>https://host:port</c>.</param>
    /// <param name="tokenFile">The file with its token; null to look into the environment.</param>
    /// <param name="certificate">The file of the certificate that vouches for its own; null for those that the system trusts.</param>
    public static Result<OrchestratorClient> Client(string join, string? tokenFile, string? certificate) =>
        Parse(join).Then(address => TokenSource.Read(tokenFile).Then(token =>
            CertificateFile.Authority(certificate).Then<OrchestratorClient>(authority => new OrchestratorClient(address, token, authority))));

    private static Result<Uri> Parse(string join)
    {
        if (join.StartsWith("akka:", StringComparison.Ordinal))
            return new Mistake("--join", $"'{join}' is a node of an Akka.NET cluster; name an orchestrator that serves over HTTP, or use a build with Akka.NET (rouser doctor)");
        return Uri.TryCreate(join, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" && address.PathAndQuery == "/" && address.UserInfo.Length == 0
            ? address
            : new Mistake("--join", $"'{join}' is no address of an orchestrator, such as http://{ListenAddress.Default}");
    }
}
