using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rouser.Cluster.Serving;

namespace Rouser.Cluster.Http;

/// <summary>Where and how an orchestrator listens for HTTP.</summary>
/// <param name="Listener">What listens already (<see cref="ListenAddress.Listen"/>), so that the port is this
/// process's before anything is kept under its number. Kestrel closes it.</param>
/// <param name="Token">What everyone must show, also on loopback: another user of the machine, or a web page, reaches
/// that too.</param>
/// <param name="Certificate">For HTTPS; null for HTTP.</param>
/// <param name="PublicUrls">By which else the orchestrator is reached: behind a proxy, or by a name of its own.</param>
public sealed record HttpSettings(
    Socket Listener,
    AccessToken Token,
    X509Certificate2? Certificate,
    IReadOnlyList<Uri> PublicUrls
)
{
    /// <summary>Where it listens.</summary>
    public IPEndPoint Address { get; } = (IPEndPoint)Listener.LocalEndPoint!;
}

/// <summary>
/// HTTP as a part of the orchestrator's host: Kestrel, and <see cref="WorkerApi"/>, which answers. The caller
/// registers the <see cref="CurrentSweep"/> that it leads to and its <see cref="SweepFiles"/>.
/// </summary>
public static class HttpDoor
{
    /// <summary>Adds Kestrel on the address, and what answers there.</summary>
    public static WebApplicationBuilder AddHttpDoor(this WebApplicationBuilder builder, HttpSettings settings)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddHealthChecks();
        builder.Services.AddSingleton(settings).AddSingleton(new RequestGuard(settings.PublicUrls));
        builder
            .Services.AddSingleton(Refusals)
            .AddSingleton<ConnectionGate>()
            .AddSingleton<WorkerContacts>()
            .AddSingleton<FileExchange>()
            .AddSingleton<WorkerApi>();
        builder.Services.AddSingleton<ILoggerProvider, BadRequestLog>();
        builder
            .Logging.AddFilter<BadRequestLog>(null, LogLevel.None)
            .AddFilter<BadRequestLog>(BadRequestLog.Category, LogLevel.Debug);
        builder
            .WebHost.UseKestrelCore()
            .UseKestrelHttpsConfiguration()
            .UseSockets(sockets => sockets.CreateBoundListenSocket = _ => settings.Listener)
            .ConfigureKestrel(kestrel =>
            {
                ConnectionGate gate = kestrel.ApplicationServices.GetRequiredService<ConnectionGate>();
                Limit(kestrel);
                kestrel.Listen(
                    settings.Address,
                    listen =>
                    {
                        listen.Protocols = HttpProtocols.Http1;
                        listen.Use(next => connection => gate.PassAsync(connection, next));
                        if (settings.Certificate is not null)
                            listen.UseHttps(settings.Certificate);
                    }
                );
            });
        return builder;
    }

    /// <summary>Has the door answer once the host starts.</summary>
    public static void UseHttpDoor(this WebApplication application) =>
        application.Run(application.Services.GetRequiredService<WorkerApi>().AnswerAsync);

    /// <summary>Where a host that has started listens, with the port that it got.</summary>
    public static Uri HttpAddress(this IHost host) =>
        new(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    private static RefusalLog Refusals(IServiceProvider services) =>
        new(services.GetRequiredService<ILogger<RefusalLog>>(), services.GetRequiredService<TimeProvider>());

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
    /// <param name="services">By which the log of refusals is found when it is needed: made with the log's providers
    /// it would be made of itself.</param>
    private sealed class BadRequestLog(IServiceProvider services) : ILoggerProvider, ILogger
    {
        public const string Category = "Microsoft.AspNetCore.Server.Kestrel.BadRequests";

        public ILogger CreateLogger(string categoryName) =>
            categoryName == Category ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            // Connections that we close ourselves are told of by whoever closes them.
            if (exception is ConnectionAbortedException)
                return;
            services.GetRequiredService<RefusalLog>().Add("bad request", exception?.Message ?? formatter(state, exception));
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Dispose() { }
    }
}
