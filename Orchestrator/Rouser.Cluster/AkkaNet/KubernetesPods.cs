using System.Globalization;
using Akka.Actor;
using Akka.Hosting;
using Akka.Management;
using Akka.Management.Cluster.Bootstrap;
using Rouser.Core;

namespace Rouser.Cluster.AkkaNet;

/// <summary>
/// Where the orchestrators are found on Kubernetes: the running pods that a label selector names, asked of the API
/// server with the pod's service account. No pod's address has to be known before, and a pod that is started again
/// elsewhere is found there.
/// </summary>
/// <param name="Selector">The label selector, such as <c>app=rouser,role=orchestrator</c>.</param>
/// <param name="AccountFolder">Where the service account's <c>token</c>, <c>namespace</c> and <c>ca.crt</c> are
/// mounted.</param>
/// <param name="Port">The port of every node by which orchestrators ask each other for a cluster; a pod names it
/// <see cref="PortName"/>.</param>
public sealed record KubernetesPods(string Selector, string AccountFolder, int Port)
{
    /// <summary>Comes before a label selector, where a seed's address would stand.</summary>
    public const string Scheme = "kubernetes://";

    /// <summary>The name that the pods' specification gives to the port.</summary>
    public const string PortName = "management";

    /// <summary>Kubernetes sets it in every pod.</summary>
    internal const string ApiServer = "KUBERNETES_SERVICE_HOST";

    /// <summary>Names another folder than Kubernetes' own, and another port.</summary>
    private const string FolderVariable = "ROUSER_SERVICE_ACCOUNT",
        PortVariable = "ROUSER_MANAGEMENT_PORT";

    private const string DefaultFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    private const string DefaultPort = "8558";

    /// <summary>Reads <c>kubernetes://SELECTOR</c>, in a pod.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="variable">Reads an environment variable.</param>
    public static Result<KubernetesPods> Parse(string text, Func<string, string?> variable)
    {
        string selector = text[Scheme.Length..];
        if (!selector.Contains('=', StringComparison.Ordinal) || selector.Contains('"', StringComparison.Ordinal))
            return new UserError("", $"'{text}' names no pods; write {Scheme}app=rouser,role=orchestrator");
        if (string.IsNullOrEmpty(variable(ApiServer)))
        {
            return new UserError(
                "",
                $"'{text}': this is no pod of a Kubernetes cluster ({ApiServer} is not set); name the orchestrators: akka://HOST:PORT"
            );
        }
        string port = variable(PortVariable) ?? DefaultPort;
        return ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number) && number > 0
            ? new KubernetesPods(selector, variable(FolderVariable) ?? DefaultFolder, number)
            : new UserError(PortVariable, $"'{port}' is no port");
    }

    /// <summary>Has a node find its cluster by these pods.</summary>
    /// <param name="builder">The node.</param>
    /// <param name="host">The pod's own address.</param>
    /// <param name="mayFound">Whether it starts a cluster if it finds pods but no cluster among them. That does the
    /// one with the lowest address.</param>
    internal void Configure(AkkaConfigurationBuilder builder, string host, bool mayFound) =>
        builder
            .WithAkkaManagement(management =>
            {
                management.HostName = host;
                management.Port = Port;
                management.BindHostName = host;
                management.BindPort = Port;
            })
            .WithClusterBootstrap(
                bootstrap =>
                {
                    bootstrap.NewClusterEnabled = mayFound;
                    bootstrap.ContactPointDiscovery.ServiceName = NodeSettings.SystemName;
                    bootstrap.ContactPointDiscovery.PortName = PortName;
                    // A single orchestrator is a cluster too.
                    bootstrap.ContactPointDiscovery.RequiredContactPointsNr = 1;
                    // A pod that is listed but does not answer must not keep the others from starting.
                    bootstrap.ContactPointDiscovery.ContactWithAllContactPoints = false;
                },
                autoStart: false
            )
            .AddHocon(
                $$"""
                akka.discovery {
                  method = rouser-pods
                  rouser-pods {
                    class = "{{typeof(PodDiscovery).AssemblyQualifiedName}}"
                    selector = "{{Selector}}"
                    folder = "{{AccountFolder.Replace('\\', '/')}}"
                  }
                }
                """,
                HoconAddMode.Prepend
            );

    /// <summary>
    /// Begins to look for a cluster; goes on until there is one. What keeps it from beginning is thrown here, and not
    /// lost in an extension's task.
    /// </summary>
    internal async Task StartAsync(ActorSystem system, string host)
    {
        await ContactPoint.OpenAsync(system, host, Port).ConfigureAwait(false);
        await ClusterBootstrap.Get(system).Start().ConfigureAwait(false);
    }
}
