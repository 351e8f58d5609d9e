using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Rouser.Cluster.Http;
using Rouser.Cluster.Serving;
using Rouser.Cluster.Wire;
using Rouser.Testing;

namespace Rouser.Cluster.Tests.Http;

/// <summary>
/// A page of another origin in a real browser, which tries every way that a page has of sending something to an
/// orchestrator on this machine: scripts with and without leave, a form, the token that it may have found out, and a
/// name of its own that points here (DNS rebinding).
/// </summary>
public sealed class BrowserTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _reached = [];
    private HttpSweep _sweep = null!;
    private WebApplication _page = null!;

    public async Task InitializeAsync()
    {
        _sweep = await HttpSweep.StartAsync();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        _page = builder.Build();
        _page.Run(AnswerAsync);
        await _page.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _page.StopAsync();
        await _page.DisposeAsync();
        await _sweep.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task A_page_of_another_origin_cannot_change_a_sweep()
    {
        Skip.If(ToolProcess.Chromium is null, "no chromium, chromium-browser or google-chrome on PATH");
        int port = _page.HttpAddress().Port;
        string said = await OpenAsync($"http://evil.example:{port.ToString(CultureInfo.InvariantCulture)}/page");

        // The page did what it is made for: the same requests reach a server that looks at nothing.
        Assert.True(said.Contains("id=\"done\"", StringComparison.Ordinal), said);
        lock (_reached)
            Assert.Contains("text/plain", _reached);
        lock (_reached)
            Assert.Contains("application/x-www-form-urlencoded", _reached);

        // The orchestrator has seen them too, and has refused them all.
        Assert.NotEmpty(_sweep.Refusals);
        Assert.Contains(_sweep.Refusals, line => line.Contains("421 to ", StringComparison.Ordinal));
        Assert.Contains(_sweep.Refusals, line => line.Contains("403 to ", StringComparison.Ordinal));
        Assert.DoesNotContain(_sweep.Log, line => line.Contains("asked by a user", StringComparison.Ordinal));
        Assert.False(await _sweep.Service.Query(state => state.IsFinished || state.IsPaused));
        await _sweep.FinishAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path == "/page")
        {
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync(Page());
            return;
        }
        lock (_reached)
            _reached.Add((context.Request.ContentType ?? "").Split(';')[0]);
    }

    private string Page()
    {
        string cancel = Encoding.UTF8.GetString(WireJson.Write(new ControlRequest.Cancel(null, null)));
        string own = _sweep.Address.Port.ToString(CultureInfo.InvariantCulture),
            open = _page.HttpAddress().Port.ToString(CultureInfo.InvariantCulture);
        return $$"""
            <!DOCTYPE html><html><body><iframe name="hidden"></iframe><script>
            const body = {{System.Text.Json.JsonSerializer.Serialize(cancel)}};
            const token = 'Bearer {{HttpSweep.Secret}}';
            const tries = [];
            const hosts = ['127.0.0.1:{{own}}', 'localhost:{{own}}', 'evil.example:{{own}}', 'evil.example:{{open}}'];
            for (const to of hosts.map(host => 'http://' + host)) {
              const url = to + '/v1/control';
              tries.push(fetch(url, {method: 'POST', mode: 'no-cors', headers: {'Content-Type': 'text/plain'}, body}));
              tries.push(fetch(url, {method: 'POST', headers: {'Content-Type': 'application/json'}, body}));
              tries.push(fetch(url, {method: 'POST', headers: {'Content-Type': 'application/json', 'Authorization': token}, body}));
              tries.push(fetch(url, {method: 'PUT', body}));
              navigator.sendBeacon(url, new Blob([body], {type: 'text/plain'}));
              const form = document.createElement('form');
              Object.assign(form, {method: 'POST', action: url, target: 'hidden'});
              const input = document.createElement('input');
              Object.assign(input, {name: body, value: ''});
              form.append(input);
              document.body.append(form);
              form.submit();
            }
            Promise.allSettled(tries).then(() => setTimeout(() => {
              const done = document.createElement('p');
              done.id = 'done';
              document.body.append(done);
            }, 2000));
            </script></body></html>
            """;
    }

    /// <returns>The page as it is at the end.</returns>
    private async Task<string> OpenAsync(string url)
    {
        var start = new ProcessStartInfo(ToolProcess.Chromium!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (
            string argument in (string[])
                [
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    $"--user-data-dir={_folder["browser"]}",
                    "--host-resolver-rules=MAP evil.example 127.0.0.1",
                    "--timeout=60000",
                    "--virtual-time-budget=30000",
                    "--dump-dom",
                    url,
                ]
        )
            start.ArgumentList.Add(argument);
        using Process browser = Process.Start(start)!;
        Task<string> output = browser.StandardOutput.ReadToEndAsync(),
            errors = browser.StandardError.ReadToEndAsync();
        await browser.WaitForExitAsync().WaitAsync(HttpSweep.TooLong);
        return await output + await errors;
    }
}
