using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Rouser.Orchestrator.Tests;

namespace Rouser.Cluster.AkkaNet.Tests;

/// <summary>
/// Stands in for the API server of a Kubernetes cluster, as far as its pods are asked for: over TLS, with the service
/// account's token, by namespace and label. It is made from the API's documentation; no real cluster was at hand.
/// </summary>
internal sealed class KubernetesApi : IAsyncDisposable
{
    private const string Token = "the-service-account's-token",
        Namespace = "research";

    private readonly WebApplication _server;
    private readonly string _folder;
    private readonly List<(string Name, string Ip, string Role, int Port)> _pods = [];
    private int _refused,
        _answered;

    private KubernetesApi(WebApplication server, string folder) => (_server, _folder) = (server, folder);

    /// <summary>Requests that had the pods, and those that had not, for want of the token.</summary>
    public (int Answered, int Refused) Requests => (Volatile.Read(ref _answered), Volatile.Read(ref _refused));

    public static async Task<KubernetesApi> StartAsync(TemporaryFolder folder)
    {
        var authority = new TestAuthority("cluster");
        using var pem = X509Certificate2.CreateFromPem(authority.IssueFor(IPAddress.Loopback, out string key), key);
        X509Certificate2 own = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(own)));
        KubernetesApi api = new(builder.Build(), folder.Path);
        api._server.MapGet("/api/v1/namespaces/{space}/pods", api.Pods);
        await api._server.StartAsync();
        // What a pod finds mounted.
        await File.WriteAllTextAsync(folder["token"], Token);
        await File.WriteAllTextAsync(folder["namespace"], Namespace);
        await File.WriteAllTextAsync(folder["ca.crt"], authority.Pem);
        return api;
    }

    /// <summary>The variables of a process in a pod.</summary>
    public Dictionary<string, string> Environment(int managementPort) =>
        new()
        {
            ["KUBERNETES_SERVICE_HOST"] = "127.0.0.1",
            ["KUBERNETES_SERVICE_PORT"] = $"{new Uri(_server.Urls.Single()).Port}",
            ["ROUSER_SERVICE_ACCOUNT"] = _folder,
            ["ROUSER_MANAGEMENT_PORT"] = $"{managementPort}",
        };

    /// <summary>Lists a running pod.</summary>
    public void Add(string name, string ip, string role, int port)
    {
        lock (_pods)
            _pods.Add((name, ip, role, port));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private IResult Pods(string space, HttpRequest request)
    {
        if (request.Headers.Authorization != $"Bearer {Token}" || space != Namespace)
        {
            Interlocked.Increment(ref _refused);
            return TypedResults.Unauthorized();
        }
        Interlocked.Increment(ref _answered);
        string[] selector = $"{request.Query["labelSelector"]}".Split(',');
        JsonArray items = [];
        lock (_pods)
        {
            foreach ((string name, string ip, string role, int port) in _pods)
            {
                if (selector.All(label => label == "app=rouser" || label == $"role={role}"))
                    items.Add(Pod(name, ip, role, port));
            }
        }
        JsonObject list = new()
        {
            ["kind"] = "PodList",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["items"] = items,
        };
        return TypedResults.Text(list.ToJsonString(), "application/json");
    }

    private static JsonObject Pod(string name, string ip, string role, int port) =>
        JsonNode
            .Parse(
                $$$"""
                {"metadata": {"name": "{{{name}}}", "namespace": "{{{Namespace}}}", "labels": {"app": "rouser", "role": "{{{role}}}"}},
                 "spec": {"containers": [{"name": "rouser", "image": "rouser", "ports": [{"name": "management", "containerPort": {{{port}}} }]}]},
                 "status": {"phase": "Running", "podIP": "{{{ip}}}", "podIPs": [{"ip": "{{{ip}}}"}],
                   "containerStatuses": [{"name": "rouser", "ready": true, "restartCount": 0, "image": "rouser", "imageID": "",
                     "state": {"running": {"startedAt": "2026-11-28T00:00:00Z"} } }]} }
                """
            )!
            .AsObject();
}
