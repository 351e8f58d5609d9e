using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Rouser.Cluster.Http;

/// <summary>
/// Keeps web pages out. A browser that the user has open sends what any page asks it to, also to addresses that only
/// this machine reaches; the page's script cannot read the token, and these checks refuse its requests even so.
/// <list type="bullet">
/// <item><c>Host</c> is a name that the orchestrator is known by: loopback with any port, so that tunnels work, the
/// address that was connected to, this machine's name, or one of <c>--public-url</c>. So a name that its owner points
/// at this machine (DNS rebinding) is refused.</item>
/// <item><c>Origin</c>, which a browser adds to what a page asks, is the orchestrator's own or one of
/// <c>--public-url</c>.</item>
/// <item>What changes anything is JSON, or bytes by <c>PUT</c>: neither is sent by a form, nor by a script of another
/// origin that was not asked first.</item>
/// </list>
/// </summary>
internal sealed class RequestGuard(IReadOnlyList<Uri> publicUrls)
{
    private static readonly string[] OwnNames = ["localhost", Environment.MachineName, Dns.GetHostName()];

    /// <summary>Whether a request is meant for this orchestrator, and comes from no page of another.</summary>
    /// <returns>Why it is not served; null if it may be.</returns>
    public Refusal? Check(HttpContext context) => CheckHost(context) ?? CheckOrigin(context.Request);

    /// <summary>
    /// The path without what a proxy has put before it: the path of the public URL by which the request came. Most
    /// proxies take it away themselves.
    /// </summary>
    public string PathOf(HttpRequest request)
    {
        string path = request.Path.Value ?? "";
        string prefix = PrefixOf(request);
        return prefix.Length > 0 && (path == prefix || path.StartsWith(prefix + "/", StringComparison.Ordinal))
            ? path[prefix.Length..]
            : path;
    }

    /// <summary>
    /// What a browser sees before the paths of this orchestrator: the path of the public URL whose name was asked for;
    /// empty for none.
    /// </summary>
    public string PrefixOf(HttpRequest request) =>
        publicUrls.FirstOrDefault(url => IsNameOf(url, request.Host.Host.Trim('[', ']')))?.AbsolutePath.TrimEnd('/') ?? "";

    private static bool IsNameOf(Uri url, string host) =>
        string.Equals(url.IdnHost.Trim('[', ']'), host, StringComparison.OrdinalIgnoreCase);

    private Refusal? CheckHost(HttpContext context)
    {
        string host = context.Request.Host.Host.Trim('[', ']');
        return IsOwn(host, context.Connection.LocalIpAddress) || publicUrls.Any(url => IsNameOf(url, host))
            ? null
            : new Refusal(
                StatusCodes.Status421MisdirectedRequest,
                "foreign host",
                $"the orchestrator is not known as '{host}'; start it with --public-url http://{host}:PORT"
            );
    }

    private Refusal? CheckOrigin(HttpRequest request)
    {
        StringValues origin = request.Headers.Origin;
        bool isOwn =
            origin.Count == 0
            || string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
            || publicUrls.Any(url =>
                string.Equals(origin, url.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase)
            );
        bool isAsked =
            HttpMethods.IsGet(request.Method) || request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";
        return isOwn && isAsked
            ? null
            : new Refusal(
                StatusCodes.Status403Forbidden,
                "foreign page",
                $"a web page of '{origin}' asks nothing of an orchestrator"
            );
    }

    /// <summary>Whether what a request brings is of a kind that no page sends unasked.</summary>
    /// <returns>Why it is not served; null if it may be.</returns>
    public static Refusal? CheckContent(HttpRequest request)
    {
        string? expected =
            HttpMethods.IsPost(request.Method) ? "application/json"
            : HttpMethods.IsPut(request.Method) ? "application/octet-stream"
            : null;
        return
            expected is null
            || (
                MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
                && type.MediaType.Equals(expected, StringComparison.OrdinalIgnoreCase)
            )
            ? null
            : new Refusal(StatusCodes.Status415UnsupportedMediaType, "wrong content type", $"{request.Method} takes {expected}");
    }

    private static bool IsOwn(string host, IPAddress? local) =>
        OwnNames.Contains(host, StringComparer.OrdinalIgnoreCase)
        || (
            IPAddress.TryParse(host, out IPAddress? address)
            && (IPAddress.IsLoopback(address) || (local is not null && Same(address, local)))
        );

    private static bool Same(IPAddress a, IPAddress b) => Plain(a).Equals(Plain(b));

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
