using System.Net;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Rouser.Orchestrator.Tests.Cluster;

namespace Rouser.Orchestrator.Tests.Notifications;

/// <summary>A place on loopback that takes posts, as a chat does; down, or hanging, for as long as it is told.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    /// <summary>Far more than anything here takes: it only keeps a defect from hanging the tests.</summary>
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(3);

    private readonly Channel<JsonElement> _posts = Channel.CreateUnbounded<JsonElement>();
    private readonly TaskCompletionSource _hang = new();
    private WebApplication? _application;
    private int _refusals;

    /// <summary>Its address, with a secret in it.</summary>
    public string Url => $"http://user:pass-w0rd@127.0.0.1:{Port}/hook/s3cret";

    public int Port { get; } = ClusterRun.FreePort();

    /// <summary>The header by which it was asked.</summary>
    public string? Authorization { get; private set; }

    /// <summary>How many posts were refused.</summary>
    public int Refused => _refusals;

    /// <summary>Takes posts from now on.</summary>
    /// <param name="refusals">So many are answered with 503 first.</param>
    /// <param name="hangs">Whether it never answers.</param>
    public async Task StartAsync(int refusals = 0, bool hangs = false)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, Port));
        builder.Logging.ClearProviders();
        _application = builder.Build();
        _application.Run(async context =>
        {
            if (hangs)
                await _hang.Task;
            if (Interlocked.Increment(ref _refusals) <= refusals)
            {
                context.Response.StatusCode = 503;
                return;
            }
            Interlocked.Decrement(ref _refusals);
            Assert.Equal(("POST", "/hook/s3cret"), (context.Request.Method, context.Request.Path.Value));
            Assert.Equal("application/json", context.Request.ContentType);
            Authorization = context.Request.Headers.Authorization;
            using StreamReader body = new(context.Request.Body, Encoding.UTF8);
            using JsonDocument json = JsonDocument.Parse(await body.ReadToEndAsync());
            _posts.Writer.TryWrite(json.RootElement.Clone());
        });
        await _application.StartAsync();
    }

    /// <summary>The next post.</summary>
    public async Task<JsonElement> NextAsync()
    {
        using var patience = new CancellationTokenSource(TooLong);
        return await _posts.Reader.ReadAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        _hang.TrySetResult();
        if (_application is null)
            return;
        await _application.StopAsync();
        await _application.DisposeAsync();
    }
}
