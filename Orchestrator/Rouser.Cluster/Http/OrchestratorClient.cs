using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using Rouser.Cluster.Serving;
using Rouser.Cluster.Wire;
using Rouser.Coordination;
using Rouser.Core;

namespace Rouser.Cluster.Http;

/// <summary>Where an orchestrator listens for HTTP, and what it asks for there.</summary>
/// <param name="Address"><c>http://host:port</c> or <c>https://host:port</c>.</param>
public sealed record HttpEndpoint(Uri Address, AccessToken Token);

/// <summary>
/// A worker's way to its orchestrator: the requests of <see cref="WorkerApi"/>, from the other side. Of several
/// orchestrators it keeps to the one that served it last; where that one cannot be reached, or stands by, it asks the
/// next.
/// </summary>
public sealed class OrchestratorClient : IOrchestratorFiles, IDisposable
{
    /// <summary>How long the orchestrator may hold a question for orders, and then some.</summary>
    private static readonly TimeSpan OrdersTimeout = TimeSpan.FromSeconds(35),
        MessagesTimeout = TimeSpan.FromSeconds(30);

    private readonly IReadOnlyList<HttpEndpoint> _endpoints;
    private readonly HttpClient _http;
    private int _current;

    /// <summary>Reaches orchestrators.</summary>
    /// <param name="endpoints">At least one; all of one sweep.</param>
    /// <param name="authority">The certificate that vouches for theirs; null for those that the system trusts.</param>
    public OrchestratorClient(IReadOnlyList<HttpEndpoint> endpoints, X509Certificate2? authority)
    {
        _endpoints = endpoints;
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
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(authority);
        }
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Says something; safe to repeat.</summary>
    /// <returns>Whether it arrived.</returns>
    /// <exception cref="RefusedException">It is refused, and would be again.</exception>
    public Task<bool> SendAsync(WorkerMessages messages, CancellationToken stop)
    {
        byte[] json = WireJson.Write(messages);
        return TryAsync(
            MessagesTimeout,
            async (endpoint, timeout) =>
            {
                using HttpResponseMessage response = await RequestAsync(
                        endpoint,
                        HttpMethod.Post,
                        "messages",
                        Json(json),
                        timeout
                    )
                    .ConfigureAwait(false);
                return await IsServedAsync(response, timeout).ConfigureAwait(false);
            },
            stop
        );
    }

    /// <summary>Asks for commands, and waits for them a while.</summary>
    /// <returns>The commands, perhaps none; null if the orchestrator could not be reached.</returns>
    /// <exception cref="RefusedException">The question is refused, and would be again; or the answer is of another
    /// version.</exception>
    /// <exception cref="InvalidDataException">The answer is damaged; another may be whole.</exception>
    public async Task<IReadOnlyList<WorkerCommand>?> AskForCommandsAsync(WorkerId worker, CancellationToken stop)
    {
        IReadOnlyList<WorkerCommand>? commands = null;
        await TryAsync(
                OrdersTimeout,
                async (endpoint, timeout) =>
                {
                    using HttpResponseMessage response = await RequestAsync(
                            endpoint,
                            HttpMethod.Get,
                            $"orders?worker={worker}",
                            null,
                            timeout
                        )
                        .ConfigureAwait(false);
                    if (!await IsServedAsync(response, timeout).ConfigureAwait(false))
                        return false;
                    byte[] json = await response.Content.ReadAsByteArrayAsync(timeout).ConfigureAwait(false);
                    Result<IReadOnlyList<WorkerCommand>> read = WireJson.ReadCommands(json);
                    if (!read.IsOk && WireJson.IsOfOtherVersion(json))
                        throw new RefusedException(read.Errors[0].Message);
                    commands = read.IsOk ? read.Value : throw new InvalidDataException(read.Errors[0].Message);
                    return true;
                },
                stop
            )
            .ConfigureAwait(false);
        return commands;
    }

    /// <summary>Asks for what a user wants.</summary>
    /// <returns>What the orchestrator answers; null if it could not be reached.</returns>
    /// <exception cref="RefusedException">It cannot be done; why.</exception>
    public async Task<string?> AskAsync(ControlRequest request, CancellationToken stop)
    {
        string? answer = null;
        byte[] json = WireJson.Write(request);
        await TryAsync(
                MessagesTimeout,
                async (endpoint, timeout) =>
                {
                    using HttpResponseMessage response = await RequestAsync(
                            endpoint,
                            HttpMethod.Post,
                            "control",
                            Json(json),
                            timeout
                        )
                        .ConfigureAwait(false);
                    if (!await IsServedAsync(response, timeout).ConfigureAwait(false))
                        return false;
                    answer = (await response.Content.ReadAsStringAsync(timeout).ConfigureAwait(false)).TrimEnd();
                    return true;
                },
                stop
            )
            .ConfigureAwait(false);
        return answer;
    }

    /// <summary>Asks how the sweep stands.</summary>
    /// <param name="eachTrial">Whether each trial without a result is asked for.</param>
    /// <param name="wait">Seconds that the answer may wait for the end of the sweep.</param>
    /// <returns>The answer; null if the orchestrator could not be reached.</returns>
    /// <exception cref="RefusedException">The question is refused, and would be again; or the answer makes no
    /// sense.</exception>
    public async Task<SweepStatus?> AskForStatusAsync(bool eachTrial, int wait, CancellationToken stop)
    {
        SweepStatus? status = null;
        string path = string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"status?wait={wait}{(eachTrial ? "&each=1" : "")}"
        );
        await TryAsync(
                MessagesTimeout,
                async (endpoint, timeout) =>
                {
                    using HttpResponseMessage response = await RequestAsync(endpoint, HttpMethod.Get, path, null, timeout)
                        .ConfigureAwait(false);
                    if (!await IsServedAsync(response, timeout).ConfigureAwait(false))
                        return false;
                    Result<SweepStatus> read = WireJson.ReadStatus(
                        await response.Content.ReadAsByteArrayAsync(timeout).ConfigureAwait(false)
                    );
                    status = read.IsOk ? read.Value : throw new RefusedException(read.Errors[0].Message);
                    return true;
                },
                stop
            )
            .ConfigureAwait(false);
        return status;
    }

    /// <inheritdoc/>
    public async Task<bool> FetchAsync(string name, Func<Stream, Task> take, CancellationToken stop)
    {
        bool came = false;
        await TryAsync(
                Timeout.InfiniteTimeSpan,
                async (endpoint, timeout) =>
                {
                    using HttpResponseMessage response = await RequestAsync(endpoint, HttpMethod.Get, name, null, timeout)
                        .ConfigureAwait(false);
                    if (response.StatusCode != HttpStatusCode.OK)
                        return (int)response.StatusCode < 500;
                    using Stream content = await response.Content.ReadAsStreamAsync(timeout).ConfigureAwait(false);
                    await take(content).ConfigureAwait(false);
                    return came = true;
                },
                stop
            )
            .ConfigureAwait(false);
        return came;
    }

    /// <inheritdoc/>
    public async Task<bool> StoreAsync(string name, WorkerId worker, Func<Stream> open, CancellationToken stop)
    {
        bool stored = false;
        await TryAsync(
                Timeout.InfiniteTimeSpan,
                async (endpoint, timeout) =>
                {
                    using var body = new StreamContent(open());
                    body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
                    using HttpResponseMessage response = await RequestAsync(
                            endpoint,
                            HttpMethod.Put,
                            $"{name}?worker={worker}",
                            body,
                            timeout
                        )
                        .ConfigureAwait(false);
                    stored = response.IsSuccessStatusCode;
                    return (int)response.StatusCode < 500;
                },
                stop
            )
            .ConfigureAwait(false);
        return stored;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static ByteArrayContent Json(byte[] json) =>
        new(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private async Task<HttpResponseMessage> RequestAsync(
        HttpEndpoint endpoint,
        HttpMethod method,
        string path,
        HttpContent? content,
        CancellationToken stop
    )
    {
        using var request = new HttpRequestMessage(method, new Uri(endpoint.Address, $"/v1/{path}")) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", endpoint.Token.Text);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop).ConfigureAwait(false);
    }

    /// <summary>Asks the orchestrator in use, and where that does not serve the others, each once.</summary>
    private async Task<bool> TryAsync(
        TimeSpan patience,
        Func<HttpEndpoint, CancellationToken, Task<bool>> request,
        CancellationToken stop
    )
    {
        for (int tries = 0; tries < _endpoints.Count; tries++)
        {
            int at = Volatile.Read(ref _current);
            if (await TryAsync(_endpoints[at], patience, request, stop).ConfigureAwait(false))
                return true;
            // Two requests that fail together turn to the same next one.
            Interlocked.CompareExchange(ref _current, (at + 1) % _endpoints.Count, at);
        }
        return false;
    }

    private static async Task<bool> TryAsync(
        HttpEndpoint endpoint,
        TimeSpan patience,
        Func<HttpEndpoint, CancellationToken, Task<bool>> request,
        CancellationToken stop
    )
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(patience);
        try
        {
            return await request(endpoint, timeout.Token).ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (e.InnerException is System.Security.Authentication.AuthenticationException broken)
        {
            throw new RefusedException(
                $"the orchestrator's certificate is not trusted ({broken.Message.TrimEnd('.')}); name the one that vouches for it with --certificate"
            );
        }
        catch (Exception e)
            when (e is HttpRequestException or IOException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>Whether the request was served; what was refused because of the moment may be tried again.</summary>
    private static async Task<bool> IsServedAsync(HttpResponseMessage response, CancellationToken stop)
    {
        int status = (int)response.StatusCode;
        if (response.IsSuccessStatusCode)
            return true;
        if (status >= 500 || response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests)
            return false;
        string reason = await response.Content.ReadAsStringAsync(stop).ConfigureAwait(false);
        throw new RefusedException($"the orchestrator refuses ({status}): {OneLine.Of(reason.TrimEnd())}");
    }
}
