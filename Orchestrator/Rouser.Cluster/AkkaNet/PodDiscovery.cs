using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Akka.Actor;
using Akka.Configuration;
using Akka.Discovery;

namespace Rouser.Cluster.AkkaNet;

/// <summary>
/// Asks the API server of a Kubernetes cluster for the running pods that a label selector names, with the pod's
/// service account, for Akka.Management's cluster bootstrap.
/// </summary>
/// <remarks>
/// One GET. Akka.Discovery.KubernetesApi 1.5.73 does the same by KubernetesClient 17, and ends in a
/// MissingMethodException with the later ones, which are those that feeds have.
/// </remarks>
internal sealed class PodDiscovery : ServiceDiscovery
{
    private readonly string _selector,
        _folder;

    /// <summary>Made by Akka.NET, with the settings that <see cref="KubernetesPods"/> gives it.</summary>
    public PodDiscovery(ExtendedActorSystem system, Config config) =>
        (_selector, _folder) = (config.GetString("selector"), config.GetString("folder"));

    /// <inheritdoc/>
    /// <exception cref="HttpRequestException">The API server cannot be reached, or refuses the account.</exception>
    public override async Task<Resolved> Lookup(Lookup lookup, TimeSpan resolveTimeout)
    {
        using var patience = new CancellationTokenSource(resolveTimeout);
        X509Certificate2Collection authorities = ReadAuthorities();
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        using var client = new HttpClient(handler);

        // Read anew each time: Kubernetes renews the token.
        string token = (await File.ReadAllTextAsync(Path.Combine(_folder, "token"), patience.Token).ConfigureAwait(false)).Trim();
        string space = (
            await File.ReadAllTextAsync(Path.Combine(_folder, "namespace"), patience.Token).ConfigureAwait(false)
        ).Trim();
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            new Uri(Server(), $"/api/v1/namespaces/{space}/pods?labelSelector={Uri.EscapeDataString(_selector)}")
        );
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage answer = await client.SendAsync(request, patience.Token).ConfigureAwait(false);
        answer.EnsureSuccessStatusCode();
        await using Stream body = await answer.Content.ReadAsStreamAsync(patience.Token).ConfigureAwait(false);
        using JsonDocument pods = await JsonDocument.ParseAsync(body, cancellationToken: patience.Token).ConfigureAwait(false);
        return new Resolved(lookup.ServiceName, Targets(pods.RootElement));
    }

    /// <summary>
    /// The addresses of the pods that run and are not about to end, with the port that they name for it.
    /// </summary>
    /// <param name="list">A PodList of the API.</param>
    internal static IReadOnlyList<ResolvedTarget> Targets(JsonElement list) =>
        [
            .. from pod in list.GetProperty("items").EnumerateArray()
            where !pod.GetProperty("metadata").TryGetProperty("deletionTimestamp", out _)
            let status = pod.GetProperty("status")
            where status.TryGetProperty("phase", out JsonElement phase) && phase.GetString() == "Running"
            where status.TryGetProperty("podIP", out _)
            let port = PortOf(pod)
            where port is not null
            let ip = status.GetProperty("podIP").GetString()
            select new ResolvedTarget(ip, port, IPAddress.Parse(ip)),
        ];

    private static int? PortOf(JsonElement pod) =>
        (
            from container in pod.GetProperty("spec").GetProperty("containers").EnumerateArray()
            where container.TryGetProperty("ports", out _)
            from port in container.GetProperty("ports").EnumerateArray()
            where port.TryGetProperty("name", out JsonElement name) && name.GetString() == KubernetesPods.PortName
            select (int?)port.GetProperty("containerPort").GetInt32()
        ).FirstOrDefault();

    private static Uri Server()
    {
        string host = Environment.GetEnvironmentVariable(KubernetesPods.ApiServer) ?? "";
        string port = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT") ?? "443";
        return new UriBuilder(Uri.UriSchemeHttps, host, int.Parse(port, CultureInfo.InvariantCulture)).Uri;
    }

    private X509Certificate2Collection ReadAuthorities()
    {
        X509Certificate2Collection authorities = [];
        authorities.ImportFromPemFile(Path.Combine(_folder, "ca.crt"));
        return authorities;
    }
}
