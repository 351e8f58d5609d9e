using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Rouser.Cluster.AkkaNet;

/// <summary>
/// The health of a node for a host's own checks, by which it answers <c>/healthz</c> and <c>/readyz</c>.
/// </summary>
public static class NodeHealth
{
    /// <summary>The tag of the checks of whether the node runs; one that does not is started again.</summary>
    public const string Live = "live";

    /// <summary>The tag of the checks of whether it is a member of a cluster.</summary>
    public const string Ready = "ready";

    /// <summary>Adds a node's checks.</summary>
    /// <param name="builder">The host's checks.</param>
    /// <param name="node">Finds the node.</param>
    public static IHealthChecksBuilder AddOrchestratorNode(
        this IHealthChecksBuilder builder,
        Func<IServiceProvider, OrchestratorNode> node
    ) =>
        builder
            .Add(
                new HealthCheckRegistration(
                    "cluster node runs",
                    services => new Check(node(services), Live),
                    HealthStatus.Unhealthy,
                    [Live]
                )
            )
            .Add(
                new HealthCheckRegistration(
                    "cluster joined",
                    services => new Check(node(services), Ready),
                    HealthStatus.Unhealthy,
                    [Ready]
                )
            );

    private sealed class Check(OrchestratorNode node, string tag) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context,
            CancellationToken cancellationToken = default
        )
        {
            // Between two actor systems, for a second, the node is alive and not ready.
            if (await node.CheckAsync(tag, cancellationToken).ConfigureAwait(false) is not { } report)
                return tag == Live ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("joins again");
            return new HealthCheckResult(
                report.Status,
                string.Join("; ", report.Entries.Values.Select(e => e.Description).Where(d => d is not null))
            );
        }
    }
}
