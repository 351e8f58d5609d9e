using System.Reflection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Rouser.Cluster.Serving;

namespace Rouser.Orchestrator.Hosting;

/// <summary>
/// Sends spans and metrics to a collector by OTLP, as OpenTelemetry's environment variables say, while the host runs.
/// Without the variables nothing of OpenTelemetry is loaded.
/// </summary>
internal sealed class OtlpExport : IHostedService
{
    /// <summary>A collector that does not answer holds up the end for so long at most, in milliseconds.</summary>
    private const int Patience = 3000;

    private static readonly string[] Endpoints =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
    ];

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    /// <summary>Whether the environment names a collector.</summary>
    public static bool IsAsked =>
        !string.Equals(Environment.GetEnvironmentVariable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase)
        && Array.Exists(Endpoints, name => !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(name)));

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (Wants("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"))
            _traces = Sdk.CreateTracerProviderBuilder()
                .ConfigureResource(Describe)
                .AddSource(SweepTelemetry.Name)
                .AddOtlpExporter()
                .Build();
        if (Wants("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"))
            _metrics = Sdk.CreateMeterProviderBuilder()
                .ConfigureResource(Describe)
                .AddMeter(SweepTelemetry.Name)
                .AddOtlpExporter()
                .Build();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) =>
        // It waits for the network without a task.
        Task.WhenAll(
            Task.Run(() => _traces?.Shutdown(Patience), CancellationToken.None),
            Task.Run(() => _metrics?.Shutdown(Patience), CancellationToken.None)
        );

    private static bool Wants(string ofSignal) =>
        !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(Endpoints[0]))
        || !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(ofSignal));

    // The environment, with OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES, has the last word.
    private static void Describe(ResourceBuilder resource) =>
        resource
            .AddService(
                "rouser",
                serviceVersion: typeof(OtlpExport)
                    .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
                    ?.InformationalVersion
            )
            .AddEnvironmentVariableDetector();
}
