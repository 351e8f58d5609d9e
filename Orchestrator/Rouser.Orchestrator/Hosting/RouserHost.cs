using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NLog.Extensions.Logging;

namespace Rouser.Orchestrator.Hosting;

/// <summary>
/// The host that <c>run</c>, <c>serve</c> and <c>worker</c> work in: services, the log (Microsoft.Extensions.Logging,
/// with NLog behind it) and how the process ends. Nothing is read from files, and of the environment only what
/// OpenTelemetry defines (<see cref="OtlpExport"/>). A command
/// starts its host, does its work until that has ended or <see cref="StopSignals.Stop"/>, and then stops the host; so
/// what is in work is saved while everything still runs, and no time-out can cut a batch short.
/// </summary>
internal static class RouserHost
{
    /// <summary>A host without a web server.</summary>
    public static HostApplicationBuilder CreateBuilder(StopSignals signals)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        Prepare(builder, signals);
        return builder;
    }

    /// <summary>A host for Kestrel, which the caller adds.</summary>
    public static WebApplicationBuilder CreateWebBuilder(StopSignals signals)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        Prepare(builder, signals);
        return builder;
    }

    // By itself, so that what it names is not loaded before it is called.
    private static void AddExport(IHostApplicationBuilder builder) =>
        builder.Services.AddSingleton<IHostedService>(new OtlpExport());

    private static void Prepare(IHostApplicationBuilder builder, StopSignals signals)
    {
        builder.Services.AddSingleton<IHostLifetime>(signals);
        // What stops is a batch in work, or a node that leaves its cluster; both end by themselves, and the user has
        // the second signal.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        if (OtlpExport.IsAsked)
            AddExport(builder);
        // What libraries say of their work is for their authors; what they warn of is for whoever runs them.
        builder
            .Logging.SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Rouser", LogLevel.Information)
            .AddNLog(new NLogProviderOptions { RemoveLoggerFactoryFilter = false });
    }
}
