using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Rouser.Cluster.Http;

/// <summary>Where and how an orchestrator listens.</summary>
/// <param name="Address">The address; see <see cref="ListenAddress"/>.</param>
/// <param name="Token">What workers must show; null on loopback only.</param>
/// <param name="Certificate">For HTTPS; null for HTTP.</param>
public sealed record HttpSettings(IPEndPoint Address, AccessToken? Token, X509Certificate2? Certificate);

/// <summary>Kestrel, listening for workers; what it is asked for is answered by <see cref="WorkerApi"/>. Nothing is read from the environment or from files.</summary>
public sealed class HttpOrchestrator : IAsyncDisposable
{
    private readonly WebApplication _application;

    private HttpOrchestrator(WebApplication application) => _application = application;

    /// <summary>Where it listens, with the port that it got.</summary>
    public Uri Address { get; private init; } = null!;

    /// <summary>Starts to listen.</summary>
    /// <exception cref="IOException">The address is taken, or is none of this machine's.</exception>
    public static async Task<HttpOrchestrator> StartAsync(HttpSettings settings, WorkerApi api)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.None).AddFilter(BadRequestLog.Category, LogLevel.Debug).AddProvider(new BadRequestLog(api.Refusals));
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            Limit(kestrel);
            kestrel.Listen(settings.Address, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(next => connection => api.Connections.PassAsync(connection, next));
                if (settings.Certificate is not null) listen.UseHttps(settings.Certificate);
            });
        });
        WebApplication application = builder.Build();
        application.Run(api.AnswerAsync);
        try
        {
            await application.StartAsync().ConfigureAwait(false);
        }
        catch
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        string address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new HttpOrchestrator(application) { Address = new Uri(address) };
    }

    /// <summary>Answers what was asked, and stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync().ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
    }

    private static void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        KestrelServerLimits limits = kestrel.Limits;
        limits.MaxRequestBodySize = WorkerApi.MostMessageBytes;
        limits.MaxRequestHeaderCount = 32;
        limits.MaxRequestHeadersTotalSize = 8 << 10;
        limits.MaxRequestLineSize = 1 << 10;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        // Longer than a worker is silent between two requests, which it makes one after the other.
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(30);
    }

    /// <summary>Kestrel refuses what is no HTTP before anyone else sees it, and tells only its log.</summary>
    private sealed class BadRequestLog(RefusalLog refusals) : ILoggerProvider, ILogger
    {
        public const string Category = "Microsoft.AspNetCore.Server.Kestrel.BadRequests";

        public ILogger CreateLogger(string categoryName) =>
            categoryName == Category ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            // Connections that we close ourselves are told of by whoever closes them.
            if (exception is not ConnectionAbortedException) refusals.Add("bad request", exception?.Message ?? formatter(state, exception));
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Dispose()
        {
        }
    }
}
