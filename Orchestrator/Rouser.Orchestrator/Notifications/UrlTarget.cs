using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Rouser.Core;

namespace Rouser.Orchestrator.Notifications;

/// <summary>
/// An address that takes JSON by POST. It may be a secret by itself, as those of chats are, so that nothing but its
/// host is ever said.
/// </summary>
internal sealed class UrlTarget : INotificationTarget, IDisposable
{
    private readonly Uri _address;
    private readonly AuthenticationHeaderValue? _authorization;
    private readonly HttpClient _http;

    private UrlTarget(Uri address)
    {
        _address = new UriBuilder(address) { UserName = "", Password = "" }.Uri;
        if (address.UserInfo.Length > 0)
            _authorization = new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo)))
            );
        // What another place asks for is not followed: it might lead the secret there.
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = TimeSpan.FromSeconds(5),
            }
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <inheritdoc/>
    public string Name => $"{_address.IdnHost}:{_address.Port.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Reads an address. The mistake does not repeat it.</summary>
    /// <param name="place">Where it stands.</param>
    public static Result<INotificationTarget> Parse(string place, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address)
        && address.Scheme is "http" or "https"
        && address.IdnHost.Length > 0
            ? Result<INotificationTarget>.Of(new UrlTarget(address))
            : new UserError(place, "takes a URL that begins with http:// or https://");

    /// <inheritdoc/>
    public async Task<Undelivered?> SendAsync(Notification notification, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _address)
        {
            Content = new ByteArrayContent(notification.ToJson())
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            },
        };
        request.Headers.Authorization = _authorization;
        request.Headers.UserAgent.ParseAdd("rouser");
        try
        {
            using HttpResponseMessage response = await _http
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop)
                .ConfigureAwait(false);
            int status = (int)response.StatusCode;
            if (response.IsSuccessStatusCode)
                return null;
            bool mayPass =
                status >= 500 || response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests;
            return new Undelivered($"it answers {status.ToString(CultureInfo.InvariantCulture)}", IsFinal: !mayPass);
        }
        catch (HttpRequestException e)
        {
            return new Undelivered(OneLine.Of(Describe(e), 200), IsFinal: false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    // Not its message, which repeats the address.
    private static string Describe(HttpRequestException e) =>
        e.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => "its name is not known",
            HttpRequestError.ConnectionError => "it cannot be reached",
            HttpRequestError.SecureConnectionError => "its certificate is not trusted",
            _ => "the connection failed",
        };
}
