using System.Globalization;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;

namespace Rouser.Cluster.Akka;

/// <summary>How a node is part of a cluster.</summary>
/// <param name="Role"><see cref="OrchestratorRole"/> or <see cref="WorkerRole"/>.</param>
/// <param name="Listen">Where it listens, and what the others know it by.</param>
/// <param name="Seeds">The nodes that it joins by. An orchestrator that names itself first starts the cluster if it finds none.</param>
/// <param name="Certificate">For mutual TLS; null for none.</param>
public sealed record NodeSettings(string Role, NodeAddress Listen, IReadOnlyList<NodeAddress> Seeds, NodeCertificate? Certificate)
{
    /// <summary>Nodes that may host the coordinator.</summary>
    public const string OrchestratorRole = "orchestrator";

    /// <summary>Nodes that train.</summary>
    public const string WorkerRole = "worker";

    /// <summary>The name of every node's actor system, which is part of its address.</summary>
    public const string SystemName = "rouser";

    /// <summary>The configuration of the node: cluster.conf, with these settings over it.</summary>
    internal Config ToConfig()
    {
        var own = ConfigurationFactory.ParseString(string.Create(CultureInfo.InvariantCulture, $$"""
            akka.remote.dot-netty.tcp { hostname = "{{Listen.Host}}", port = {{Listen.Port}} }
            akka.cluster.roles = ["{{Role}}"]
            """));
        if (Certificate is not null)
        {
            own = ConfigurationFactory.ParseString($$"""
                akka.remote.dot-netty.tcp {
                  enable-ssl = on
                  ssl.certificate { path = {{Quoted(Certificate.Path)}}, password = {{Quoted(Certificate.Password)}} }
                }
                """).WithFallback(own);
        }
        return own.WithFallback(ConfigurationFactory.FromResource<NodeSettings>("Rouser.Cluster.Akka.cluster.conf"));
    }

    /// <summary>Starts the node's actor system; it is no member of a cluster yet.</summary>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    internal ActorSystem Start(LogSetup log)
    {
        try
        {
            return ActorSystem.Create(SystemName, ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(ToConfig()), log));
        }
        catch (Exception error) when (Innermost(error) is System.Net.Sockets.SocketException cause)
        {
            throw new IOException($"cannot listen on {Listen}: {cause.Message}", error);
        }
    }

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static Exception Innermost(Exception error) => error.InnerException is null ? error : Innermost(error.InnerException);
}
