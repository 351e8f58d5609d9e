using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using Rouser.Cluster.Serving;
using Rouser.Cluster.Wire;
using Rouser.Core;
using Rouser.Core.Coordination;
using Rouser.Worker;

namespace Rouser.Cluster.Http;

/// <summary>A worker's way to its orchestrator: the requests of <see cref="WorkerApi"/>, from the other side.</summary>
public sealed class OrchestratorClient : IDisposable
{
    /// <summary>How long the orchestrator may hold a question for orders, and then some.</summary>
    private static readonly TimeSpan OrdersTimeout = TimeSpan.FromSeconds(35), MessagesTimeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;

    /// <summary>Reaches an orchestrator.</summary>
    /// <param name="address"><c>http://host:port</c> or <c>https://host:port</c>.</param>
    /// <param name="token">What it asks for; null for none.</param>
    /// <param name="authority">The certificate that vouches for its own; null for those that the system trusts.</param>
    public OrchestratorClient(Uri address, AccessToken? token, X509Certificate2? authority)
    {
        var handler = new SocketsHttpHandler
        {
            // The token goes to this address and nowhere else.
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
        };
        if (authority is not null)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(authority);
        }
        _http = new HttpClient(handler) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        if (token is not null) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Text);
    }

    /// <summary>Says something; safe to repeat.</summary>
    /// <returns>Whether it arrived.</returns>
    /// <exception cref="RefusedException">It is refused, and would be again.</exception>
    public Task<bool> SendAsync(WorkerMessages messages, CancellationToken stop) => TryAsync(MessagesTimeout, async timeout =>
    {
        using var content = new ByteArrayContent(WireJson.Write(messages));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using HttpResponseMessage response = await _http.PostAsync(new Uri("/v1/messages", UriKind.Relative), content, timeout).ConfigureAwait(false);
        return await IsServedAsync(response, timeout).ConfigureAwait(false);
    }, stop);

    /// <summary>Asks for orders, and waits for them a while.</summary>
    /// <returns>The orders, perhaps none; null if the orchestrator could not be reached.</returns>
    /// <exception cref="RefusedException">The question is refused, and would be again; or the answer is of another version.</exception>
    /// <exception cref="InvalidDataException">The answer is damaged; another may be whole.</exception>
    public async Task<IReadOnlyList<Order>?> AskForOrdersAsync(WorkerId worker, CancellationToken stop)
    {
        IReadOnlyList<Order>? orders = null;
        await TryAsync(OrdersTimeout, async timeout =>
        {
            using HttpResponseMessage response = await _http.GetAsync(new Uri($"/v1/orders?worker={worker}", UriKind.Relative), timeout).ConfigureAwait(false);
            if (!await IsServedAsync(response, timeout).ConfigureAwait(false)) return false;
            byte[] json = await response.Content.ReadAsByteArrayAsync(timeout).ConfigureAwait(false);
            Result<IReadOnlyList<Order>> read = WireJson.ReadOrders(json);
            if (!read.IsOk && WireJson.IsOfOtherVersion(json)) throw new RefusedException(read.Mistakes[0].Message);
            orders = read.IsOk ? read.Value : throw new InvalidDataException(read.Mistakes[0].Message);
            return true;
        }, stop).ConfigureAwait(false);
        return orders;
    }

    /// <summary>Asks for what a user wants.</summary>
    /// <returns>What the orchestrator answers; null if it could not be reached.</returns>
    /// <exception cref="RefusedException">It cannot be done; why.</exception>
    public async Task<string?> AskAsync(ControlRequest request, CancellationToken stop)
    {
        string? answer = null;
        await TryAsync(MessagesTimeout, async timeout =>
        {
            using var content = new ByteArrayContent(WireJson.Write(request));
            using HttpResponseMessage response = await _http.PostAsync(new Uri("/v1/control", UriKind.Relative), content, timeout).ConfigureAwait(false);
            if (!await IsServedAsync(response, timeout).ConfigureAwait(false)) return false;
            answer = (await response.Content.ReadAsStringAsync(timeout).ConfigureAwait(false)).TrimEnd();
            return true;
        }, stop).ConfigureAwait(false);
        return answer;
    }

    /// <summary>Fetches a file.</summary>
    /// <param name="path">Which, as <see cref="WorkerApi"/> has it.</param>
    /// <param name="take">Takes its content.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>Whether there was one, and all of it came.</returns>
    public Task<bool> FetchAsync(string path, Func<Stream, Task> take, CancellationToken stop) => TryAsync(Timeout.InfiniteTimeSpan, async timeout =>
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, timeout).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.OK) return false;
        using Stream content = await response.Content.ReadAsStreamAsync(timeout).ConfigureAwait(false);
        await take(content).ConfigureAwait(false);
        return true;
    }, stop);

    /// <summary>Stores a file.</summary>
    /// <returns>Whether it was taken.</returns>
    public Task<bool> StoreAsync(string path, Stream content, CancellationToken stop) => TryAsync(Timeout.InfiniteTimeSpan, async timeout =>
    {
        using var body = new StreamContent(content);
        using HttpResponseMessage response = await _http.PutAsync(new Uri(path, UriKind.Relative), body, timeout).ConfigureAwait(false);
        return response.IsSuccessStatusCode;
    }, stop);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static async Task<bool> TryAsync(TimeSpan patience, Func<CancellationToken, Task<bool>> request, CancellationToken stop)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(patience);
        try
        {
            return await request(timeout.Token).ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (e.InnerException is System.Security.Authentication.AuthenticationException broken)
        {
            throw new RefusedException($"the orchestrator's certificate is not trusted ({broken.Message.TrimEnd('.')}); name the one that vouches for it with --certificate");
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>Whether the request was served; what was refused because of the moment may be tried again.</summary>
    private static async Task<bool> IsServedAsync(HttpResponseMessage response, CancellationToken stop)
    {
        int status = (int)response.StatusCode;
        if (response.IsSuccessStatusCode) return true;
        if (status >= 500 || response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests) return false;
        string reason = await response.Content.ReadAsStringAsync(stop).ConfigureAwait(false);
        throw new RefusedException($"the orchestrator refuses ({status}): {OneLine.Of(reason.TrimEnd())}");
    }
}
