using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Remote.Transport.DotNetty;
using Rouser.Core;

namespace Rouser.Cluster.AkkaNet;

/// <summary>How a node is part of a cluster.</summary>
/// <param name="Role"><see cref="OrchestratorRole"/> or <see cref="WorkerRole"/>.</param>
/// <param name="Listen">Where it listens, and what the others know it by.</param>
/// <param name="Seeds">The nodes that it joins by. An orchestrator that names itself first starts the cluster if it finds none.</param>
/// <param name="Certificate">For mutual TLS, with its private key: shown to every other node, and every other is asked for its own; null for no TLS.</param>
public sealed record NodeSettings(string Role, NodeAddress Listen, IReadOnlyList<NodeAddress> Seeds, X509Certificate2? Certificate)
{
    /// <summary>The first version of Akka.NET whose server asks clients for their certificates (CVE-2025-61778).</summary>
    private static readonly Version FirstMutual = new(1, 5, 52);

    /// <summary>Nodes that may host the coordinator.</summary>
    public const string OrchestratorRole = "orchestrator";

    /// <summary>Nodes that train.</summary>
    public const string WorkerRole = "worker";

    /// <summary>The name of every node's actor system, which is part of its address.</summary>
    public const string SystemName = "rouser";

    /// <summary>The version of Akka.NET in this build.</summary>
    public static Version AkkaVersion { get; } = typeof(DotNettySslSetup).Assembly.GetName().Version!;

    /// <summary>Checks that nobody joins who should not, as far as settings can tell.</summary>
    /// <param name="trustNetwork">The user vouches for everyone who can reach the address.</param>
    public Result<NodeSettings> Check(bool trustNetwork) => Check(trustNetwork, AkkaVersion);

    internal Result<NodeSettings> Check(bool trustNetwork, Version akka)
    {
        if (Certificate is null && !trustNetwork && !Listen.IsLoopback)
        {
            return new Mistake(
                "", $"{Listen} can be reached from other machines, and whoever reaches it may join; name a --certificate, or say --trust-network");
        }
        return Certificate is not null && akka < FirstMutual
            ? new Mistake(
                "--certificate", $"this rouser has Akka.NET {akka.ToString(3)}, which lets in nodes without one; build it with -p:AkkaVersion={FirstMutual} or later")
            : this;
    }

    /// <summary>The configuration of the node: cluster.conf, with these settings over it.</summary>
    internal Config ToConfig()
    {
        var own = ConfigurationFactory.ParseString(string.Create(CultureInfo.InvariantCulture, $$"""
            akka.remote.dot-netty.tcp { hostname = "{{Listen.Host}}", port = {{Listen.Port}}, enable-ssl = {{(Certificate is null ? "off" : "on")}} }
            akka.cluster.roles = ["{{Role}}"]
            """));
        return own.WithFallback(ConfigurationFactory.FromResource<NodeSettings>("Rouser.Cluster.AkkaNet.cluster.conf"));
    }

    /// <summary>Starts the node's actor system; it is no member of a cluster yet.</summary>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    internal ActorSystem Start(LogSetup log)
    {
        try
        {
            var setup = ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(ToConfig()), log);
            return ActorSystem.Create(SystemName, Certificate is null ? setup : setup.And(new DotNettySslSetup(Certificate, suppressValidation: false)));
        }
        catch (Exception error) when (Innermost(error) is System.Net.Sockets.SocketException cause)
        {
            throw new IOException($"cannot listen on {Listen}: {cause.Message}", error);
        }
    }

    private static Exception Innermost(Exception error) => error.InnerException is null ? error : Innermost(error.InnerException);
}
