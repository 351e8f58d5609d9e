using System.Collections.Immutable;
using System.Net;
using System.Net.Mime;
using Akka.Actor;
using Akka.Management.Cluster.Bootstrap;
using Akka.Management.Dsl;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Newtonsoft.Json;
using static Akka.Management.Cluster.Bootstrap.ContactPoint.HttpBootstrapJsonProtocol;
using AkkaCluster = Akka.Cluster.Cluster;
using MemberStatus = Akka.Cluster.MemberStatus;

namespace Rouser.Cluster.AkkaNet;

/// <summary>
/// The port by which the nodes of a Kubernetes cluster ask each other which cluster they are in: <c>GET
/// /bootstrap/seed-nodes</c>, in the JSON of Akka.Management's cluster bootstrap.
/// </summary>
/// <remarks>
/// Akka.Management's own server rests on Ceen.Httpd 0.9.9, which not every feed has, and does not run with 0.9.10
/// (<c>HttpServer.ListenAsync</c> is another). So Kestrel answers, which is there anyway.
/// </remarks>
internal static class ContactPoint
{
    /// <summary>The port only tells where a cluster is, and only so many members of it.</summary>
    private const int MostMembers = 5;

    private const string Path = "/bootstrap/seed-nodes";

    /// <summary>Answers from now on until the actor system has ended.</summary>
    /// <exception cref="IOException">The port cannot be listened on.</exception>
    public static async Task OpenAsync(ActorSystem system, string host, int port)
    {
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(host).ConfigureAwait(false);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(addresses[0], port));
        WebApplication server = builder.Build();
        server.Run(context => AnswerAsync(context, AkkaCluster.Get(system)));
        await server.StartAsync().ConfigureAwait(false);
        _ = system.WhenTerminated.ContinueWith(_ => server.DisposeAsync().AsTask(), TaskScheduler.Default).Unwrap();

        // Only by asking for its routes does the bootstrap hear where the node itself is asked.
        ClusterBootstrap.Get(system).Routes(ManagementRouteProviderSettings.Create(new Uri($"http://{host}:{port}"), true));
    }

    private static Task AnswerAsync(HttpContext context, AkkaCluster cluster)
    {
        if (context.Request.Path != Path || !HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
        ImmutableList<ClusterMember> members = cluster.SelfMember.Status
            is MemberStatus.Down
                or MemberStatus.Exiting
                or MemberStatus.Leaving
                or MemberStatus.Removed
            ? []
            :
            [
                .. cluster
                    .State.Members.Where(m =>
                        !cluster.State.Unreachable.Contains(m)
                        && m.Status is MemberStatus.Up or MemberStatus.WeaklyUp or MemberStatus.Joining
                    )
                    .OrderByDescending(m => m.HasRole(NodeSettings.OrchestratorRole))
                    .Take(MostMembers)
                    .Select(m => new ClusterMember(m.Address, m.UniqueAddress.Uid, m.Status, m.Roles)),
            ];
        context.Response.ContentType = MediaTypeNames.Application.Json;
        return context.Response.WriteAsync(JsonConvert.SerializeObject(new SeedNodes(cluster.SelfAddress, members)));
    }
}
