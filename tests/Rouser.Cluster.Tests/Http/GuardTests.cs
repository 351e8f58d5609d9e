using System.Net;
using System.Net.Sockets;
using System.Text;
using Rouser.Cluster.Serving;
using Rouser.Cluster.Wire;

namespace Rouser.Cluster.Tests.Http;

/// <summary>
/// What a page in the user's own browser could send, byte by byte, with the token in it as if the page had got hold
/// of that: it is refused even so, and changes nothing. (A real browser is tried in Rouser.Orchestrator.Tests.)
/// </summary>
public sealed class GuardTests : IAsyncLifetime
{
    private static readonly string Cancel = Encoding.UTF8.GetString(WireJson.Write(new ControlRequest.Cancel(null, null)));

    private HttpSweep _sweep = null!;

    public async Task InitializeAsync() => _sweep = await HttpSweep.StartAsync(publicUrls: new Uri("https://rouser.example.org"));

    public async Task DisposeAsync() => await _sweep.DisposeAsync();

    [Theory]
    // A form, or a script that does not ask first, can send these kinds of content, and none other.
    [InlineData(415, "Content-Type: text/plain")]
    [InlineData(415, "Content-Type: application/x-www-form-urlencoded")]
    [InlineData(415, "Content-Type: multipart/form-data; boundary=x")]
    [InlineData(415, "X-Nothing: 1")]
    // A browser says on whose behalf it asks.
    [InlineData(403, "Content-Type: application/json\r\nOrigin: http://evil.example")]
    [InlineData(403, "Content-Type: application/json\r\nOrigin: null")]
    [InlineData(403, "Content-Type: application/json\r\nOrigin: http://127.0.0.1:1")]
    [InlineData(403, "Content-Type: application/json\r\nSec-Fetch-Site: cross-site")]
    [InlineData(403, "Content-Type: application/json\r\nSec-Fetch-Site: same-site")]
    public async Task A_page_of_another_origin_changes_nothing(int status, string headers)
    {
        Assert.Equal(status, await PostAsync($"localhost:{_sweep.Address.Port}", headers));
        await ChangedNothing();
    }

    [Theory]
    // DNS rebinding: a name that its owner has pointed at this machine.
    [InlineData("evil.example")]
    [InlineData("evil.example:7171")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("10.1.2.3")]
    [InlineData("[fe80::1]")]
    [InlineData("")]
    public async Task A_name_that_is_not_the_orchestrators_is_refused(string host)
    {
        Assert.Equal(421, await PostAsync(host, "Content-Type: application/json"));
        await ChangedNothing();
    }

    [Theory]
    // Any port: a tunnel has one of its own.
    [InlineData("localhost", "")]
    [InlineData("localhost:9999", "")]
    [InlineData("127.0.0.1:1", "")]
    [InlineData("127.8.9.1", "")]
    [InlineData("[::1]:80", "")]
    [InlineData("rouser.example.org", "Origin: https://rouser.example.org\r\nSec-Fetch-Site: same-origin\r\n")]
    [InlineData("localhost:9999", "Origin: http://localhost:9999\r\nSec-Fetch-Site: same-origin\r\n")]
    public async Task A_local_name_and_one_of_public_url_are_served(string host, string headers) =>
        Assert.Equal(200, await PostAsync(host, $"{headers}Content-Type: application/json; charset=utf-8"));

    [Fact]
    public async Task A_preflight_is_not_answered_with_leave()
    {
        string answer = await RawAsync(
            "OPTIONS /v1/control HTTP/1.1\r\nHost: localhost\r\nOrigin: "
                + "http://evil.example\r\nAccess-Control-Request-Method: POST\r\nConnection: close\r\n\r\n"
        );
        Assert.DoesNotContain("200 OK", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Access-Control-Allow", answer, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Without_the_token_nothing_is_served_not_even_on_loopback()
    {
        Assert.Equal(401, await PostAsync("localhost", "Content-Type: application/json", token: ""));
        await ChangedNothing();
    }

    [Theory]
    [InlineData("healthz")]
    [InlineData("readyz")]
    public async Task Health_is_open_to_all_under_any_name(string path) =>
        Assert.StartsWith(
            "HTTP/1.1 200 ",
            await RawAsync($"GET /{path} HTTP/1.1\r\nHost: 10.9.8.7:7171\r\nConnection: close\r\n\r\n"),
            StringComparison.Ordinal
        );

    private async Task ChangedNothing()
    {
        Assert.False(await _sweep.Service.Query(state => state.IsFinished));
        await _sweep.FinishAsync();
    }

    private async Task<int> PostAsync(string host, string headers, string token = HttpSweep.Secret)
    {
        string authorization = token.Length == 0 ? "" : $"Authorization: Bearer {token}\r\n";
        string answer = await RawAsync(
            $"POST /v1/control HTTP/1.1\r\nHost: {host}\r\n{authorization}{headers}\r\nContent-Length: "
                + $"{Cancel.Length}\r\nConnection: close\r\n\r\n{Cancel}"
        );
        return int.Parse(answer.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<string> RawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _sweep.Address.Port);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync().WaitAsync(HttpSweep.TooLong);
    }
}
