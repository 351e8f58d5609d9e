using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rouser.Cluster.Http;
using Rouser.Cluster.Serving;

namespace Rouser.Cluster.Tests.Http;

/// <summary>The HTTP door on loopback, in a host of its own.</summary>
internal static class HttpHost
{
    public static async Task<WebApplication> StartAsync(
        CurrentSweep current,
        SweepFiles files,
        LogLines log,
        int port = 0,
        X509Certificate2? certificate = null,
        params Uri[] publicUrls
    )
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Rouser", LogLevel.Information).AddProvider(log);
        builder.Services.AddSingleton(current).AddSingleton(files);
        builder.AddHttpDoor(
            new HttpSettings(
                ListenAddress.Listen(new IPEndPoint(IPAddress.Loopback, port), mayMove: false).Value,
                HttpSweep.Token(),
                certificate,
                publicUrls
            )
        );
        WebApplication application = builder.Build();
        application.UseHttpDoor();
        await application.StartAsync();
        return application;
    }
}
