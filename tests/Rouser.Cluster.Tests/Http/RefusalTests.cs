using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Rouser.Cluster.Http;
using Rouser.Cluster.Wire;
using Rouser.Coordination;

namespace Rouser.Cluster.Tests.Http;

/// <summary>
/// What must not get in gets the right status and one line in the log; and after each of them the sweep goes on to
/// its end.
/// </summary>
public sealed class RefusalTests : IAsyncLifetime, IDisposable
{
    private HttpSweep _sweep = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        _sweep = await HttpSweep.StartAsync();
        _http = new HttpClient { BaseAddress = _sweep.Address };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", HttpSweep.Secret);
    }

    public async Task DisposeAsync() => await _sweep.DisposeAsync();

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData("GET", "/metrics")]
    [InlineData("GET", "/v1/orders?worker=w")]
    [InlineData("POST", "/v1/messages")]
    [InlineData("GET", "/v1/datasets/d1")]
    [InlineData("GET", "/nothing")]
    public async Task No_token(string method, string path)
    {
        _http.DefaultRequestHeaders.Authorization = null;
        await Refused(HttpStatusCode.Unauthorized, "asks for a token", new HttpRequestMessage(new HttpMethod(method), path));
    }

    [Theory]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer ")]
    [InlineData("Basic YTpi")]
    [InlineData("a-secret-of-the-tests")]
    [InlineData("Bearer a-secret-of-the-tests2")]
    public async Task A_wrong_token(string authorization)
    {
        _http.DefaultRequestHeaders.Authorization = null;
        var request = new HttpRequestMessage(HttpMethod.Get, "/v1/orders?worker=w");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        await Refused(HttpStatusCode.Unauthorized, "not the orchestrator's", request);
        Assert.DoesNotContain(_sweep.Log, line => line.Contains("secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Too_large_a_body_with_its_length_told_or_not(bool told)
    {
        byte[] body = new byte[WorkerApi.MostMessageBytes + 1];
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages") { Content = Json(body) };
        request.Headers.TransferEncodingChunked = !told;
        // Kestrel may close the connection while the rest is still on its way; the log says what was answered.
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        }
        catch (HttpRequestException) { }
        await AwaitLine("413");
        await _sweep.FinishAsync();
    }

    [Theory]
    [InlineData("""{"version":3,"worker":"w","messages":[{"kind":"reboot"}]}""", "damaged")]
    [InlineData("""{"version":3,"worker":"w","messages":[{"kind":""", "damaged")]
    [InlineData("\0\u0001\u0002", "damaged")]
    [InlineData("", "damaged")]
    [InlineData("""{"version":7,"worker":"w","messages":[]}""", "version 7, that of a newer one")]
    public Task Malformed_or_of_an_unknown_version(string body, string expected) =>
        Refused(
            HttpStatusCode.BadRequest,
            expected,
            new HttpRequestMessage(HttpMethod.Post, "/v1/messages") { Content = Json(Encoding.UTF8.GetBytes(body)) }
        );

    [Theory]
    [InlineData("GET", "/v1/checkpoints/..%2F..%2Fetc/passwd", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v1/checkpoints/../../../../etc/passwd", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v1/checkpoints/%2e%2e/%2e%2e/%2e%2e/etc/passwd", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v1/checkpoints/0123456789abcdef0123456789abcdef/..%5c..%5cjournal.db", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v1/checkpoints/0123456789abcdef0123456789abcdef/checkpoint.tmp", HttpStatusCode.NotFound)]
    [InlineData("PUT", "/v1/checkpoints/0123456789abcdef0123456789abcdef/weights-1%2f..%2f..%2fx", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v1/datasets/..%2f..%2fetc%2fpasswd", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v1/datasets/d2", HttpStatusCode.NotFound)]
    [InlineData("GET", "//etc/passwd", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/v1/messages", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/v1/orders?worker=..%2fw", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/v1/orders", HttpStatusCode.BadRequest)]
    public async Task Path_tricks(string method, string path, HttpStatusCode expected)
    {
        // By hand, because a client tidies paths up.
        string answer = await Raw(
            $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + $"{HttpSweep.Secret}\r\nContent-Type: application/octet-stream\r\nContent-Length: 0\r\nConnection: "
                + "close\r\n\r\n"
        );
        Assert.StartsWith($"HTTP/1.1 {(int)expected} ", answer, StringComparison.Ordinal);
        Assert.Contains($"{(int)expected} to ", Assert.Single(_sweep.Refusals), StringComparison.Ordinal);
        await _sweep.FinishAsync();
    }

    [Theory]
    [InlineData("what is this\r\n\r\n", 400)]
    [InlineData("GET / HTTP/9.9\r\n\r\n", 505)]
    public async Task What_is_no_http(string bytes, int status)
    {
        Assert.StartsWith($"HTTP/1.1 {status} ", await Raw(bytes), StringComparison.Ordinal);
        Assert.Single(_sweep.Refusals);
        await _sweep.FinishAsync();
    }

    [Fact]
    public async Task A_header_that_has_no_end()
    {
        string answer = await Raw($"GET /healthz HTTP/1.1\r\nHost: x\r\nX: {new string('x', 20_000)}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 431 ", answer, StringComparison.Ordinal);
        Assert.Single(_sweep.Refusals);
        await _sweep.FinishAsync();
    }

    [Fact]
    public async Task A_thousand_idle_connections()
    {
        List<Socket> idle = [];
        try
        {
            for (int i = 0; i < 1000; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                idle.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, _sweep.Address.Port);
            }
            await _sweep.FinishAsync();
            Assert.Contains("the oldest are closed", Assert.Single(_sweep.Refusals), StringComparison.Ordinal);
            int open = idle.Count(socket => !(socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0));
            Assert.InRange(open, 0, ConnectionGate.MostStrangers);
        }
        finally
        {
            foreach (Socket socket in idle)
                socket.Dispose();
        }
    }

    [Fact]
    public async Task A_worker_that_asks_too_often()
    {
        byte[] body = WireJson.Write(new WorkerMessages(new WorkerId("mad"), []));
        HttpStatusCode status = HttpStatusCode.Accepted;
        for (int i = 0; i < 20 * RequestRate.AtOnce && status != HttpStatusCode.TooManyRequests; i++)
        {
            using HttpResponseMessage response = await _http.PostAsync("/v1/messages", Json(body));
            status = response.StatusCode;
        }
        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.Contains("mad asks more than", Assert.Single(_sweep.Refusals), StringComparison.Ordinal);
        await _sweep.FinishAsync();
    }

    [Fact]
    public async Task Words_of_an_old_attempt_change_nothing_and_its_checkpoint_is_not_taken()
    {
        using OrchestratorClient client = _sweep.Client();
        var old = new WorkerId("old");
        LeaseKey lease = await TakeTrial(client, old);
        await client.SendAsync(new WorkerMessages(old, [new WorkerLeft("killed")]), CancellationToken.None);
        await _sweep.FinishAsync();

        await client.SendAsync(
            new WorkerMessages(old, [new TrialErrored(lease, "replayed", Repeats: false)]),
            CancellationToken.None
        );
        using HttpResponseMessage put = await _http.PutAsync(
            $"/v1/checkpoints/{lease.Trial}/checkpoint?worker=old",
            Bytes([1, 2, 3])
        );
        Assert.True(put.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.ServiceUnavailable, $"{put.StatusCode}");
        Assert.False(File.Exists(_sweep.Checkpoints.PathOf(lease.Trial, CheckpointFile)));
        _sweep.AssertWhole();
        Assert.DoesNotContain(_sweep.Journal.Events, e => e is AttemptFailed);
    }

    [Fact]
    public async Task Words_of_an_old_attempt_while_another_runs_are_answered_by_a_revocation_and_one_line()
    {
        using OrchestratorClient client = _sweep.Client();
        (WorkerId old, WorkerId now) = (new WorkerId("old"), new WorkerId("now"));
        LeaseKey first = await TakeTrial(client, old);
        await client.SendAsync(new WorkerMessages(old, [new TrialHandedBack(first, "stopped")]), CancellationToken.None);
        LeaseKey second = await TakeTrial(client, now);
        Assert.Equal((first.Trial, 2), (second.Trial, second.Attempt));

        await client.SendAsync(
            new WorkerMessages(
                old,
                [
                    new TrialFinished(
                        first,
                        [
                            [0],
                            [0],
                            [0],
                        ]
                    ),
                ]
            ),
            CancellationToken.None
        );
        await AwaitLine($"{first} of old revoked: attempt 2 runs on now");
        using HttpResponseMessage put = await _http.PutAsync(
            $"/v1/checkpoints/{first.Trial}/checkpoint?worker=old",
            Bytes([1, 2, 3])
        );
        Assert.Equal(HttpStatusCode.Conflict, put.StatusCode);
        Assert.Contains("409 to ", Assert.Single(_sweep.Refusals), StringComparison.Ordinal);
        Assert.Single(_sweep.Log, line => line.Contains("revoked", StringComparison.Ordinal));
        await client.SendAsync(new WorkerMessages(now, [new TrialHandedBack(second, "stopped")]), CancellationToken.None);
        await _sweep.FinishAsync();
    }

    private static ByteArrayContent Json(byte[] body) =>
        new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private static ByteArrayContent Bytes(byte[] body) =>
        new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };

    private const string CheckpointFile = Storage.Checkpoints.CheckpointFiles.Checkpoint;

    private async Task Refused(HttpStatusCode status, string reason, HttpRequestMessage request)
    {
        using (request)
        {
            using HttpResponseMessage response = await _http.SendAsync(request);
            Assert.Equal(status, response.StatusCode);
            Assert.Contains(reason, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        string line = Assert.Single(_sweep.Refusals);
        Assert.Contains($"{(int)status} to 127.0.0.1:", line, StringComparison.Ordinal);
        Assert.Contains(reason, line, StringComparison.Ordinal);
        await _sweep.FinishAsync();
    }

    private async Task<string> Raw(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _sweep.Address.Port);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadLineAsync().WaitAsync(HttpSweep.TooLong) ?? "(closed)";
    }

    private async Task AwaitLine(string text)
    {
        using var patience = new CancellationTokenSource(HttpSweep.TooLong);
        while (!_sweep.Log.Any(line => line.Contains(text, StringComparison.Ordinal)))
            await Task.Delay(10, patience.Token);
    }

    /// <summary>Joins and takes a trial, as a worker does that will not train it.</summary>
    private static async Task<LeaseKey> TakeTrial(OrchestratorClient client, WorkerId worker)
    {
        await client.SendAsync(new WorkerMessages(worker, [new WorkerJoined(1), new WorkRequested(1)]), CancellationToken.None);
        while (true)
        {
            IReadOnlyList<WorkerCommand>? orders = await client
                .AskForCommandsAsync(worker, CancellationToken.None)
                .WaitAsync(HttpSweep.TooLong);
            if (orders!.OfType<WorkerCommand.Assign>().FirstOrDefault() is { } assigned)
                return assigned.Lease;
        }
    }
}
