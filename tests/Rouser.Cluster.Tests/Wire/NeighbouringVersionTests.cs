using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Rouser.Cluster.Http;
using Rouser.Cluster.Tests.Http;
using Rouser.Cluster.Wire;
using Rouser.Coordination;
using Rouser.Testing;

namespace Rouser.Cluster.Tests.Wire;

/// <summary>
/// A worker and an orchestrator of which one is older. The fixtures are what rouser wrote before
/// <c>neuron.current_decay</c> was renamed: one that got the new names under the old version failed for ever.
/// </summary>
public class NeighbouringVersionTests
{
    private const string RunTheSame = "of an older one; run the same rouser on both sides";

    [Fact]
    public async Task An_older_worker_is_refused_in_one_line_and_the_sweep_goes_on()
    {
        await using HttpSweep sweep = await HttpSweep.StartAsync();
        using var http = new HttpClient { BaseAddress = sweep.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", HttpSweep.Secret);
        using ByteArrayContent hello = new(Fixture("hello"))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
        };
        using HttpResponseMessage answer = await http.PostAsync("/v1/messages", hello);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        string said = await answer.Content.ReadAsStringAsync();
        Assert.Contains($"was sent version 2, that {RunTheSame}", said, StringComparison.Ordinal);
        Assert.Single(said.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(RunTheSame, Assert.Single(sweep.Refusals), StringComparison.Ordinal);
        Assert.Empty(await sweep.Service.Query(state => state.Workers.Keys.ToArray()));
        await sweep.FinishAsync();
    }

    [Fact]
    public async Task A_worker_ends_in_one_line_where_an_older_orchestrator_refuses_it()
    {
        await using WebApplication older = await OlderAsync(
            StatusCodes.Status400BadRequest,
            "version 3 of the protocol is not the one this rouser speaks (2); run the same rouser on both sides\n"u8.ToArray()
        );
        using OrchestratorClient client = new([new HttpEndpoint(older.HttpAddress(), HttpSweep.Token())], null);
        var refused = await Assert.ThrowsAsync<RefusedException>(() =>
            client.SendAsync(new WorkerMessages(new WorkerId("w"), [new WorkerJoined(1)]), CancellationToken.None)
        );
        Assert.Equal(
            "the orchestrator refuses (400): version 3 of the protocol is not the one this rouser speaks (2); run the same "
                + "rouser on both sides",
            refused.Message
        );
    }

    [Fact]
    public async Task A_worker_that_gets_an_older_orchestrators_trial_ends_in_one_line()
    {
        await using WebApplication older = await OlderAsync(StatusCodes.Status200OK, Fixture("assign"));
        using OrchestratorClient client = new([new HttpEndpoint(older.HttpAddress(), HttpSweep.Token())], null);
        var refused = await Assert.ThrowsAsync<RefusedException>(() =>
            client.AskForCommandsAsync(new WorkerId("w"), CancellationToken.None)
        );
        Assert.Equal($"a rouser that speaks version 3 of the protocol was sent version 2, that {RunTheSame}", refused.Message);
    }

    private static byte[] Fixture(string name) =>
        File.ReadAllBytes(Repository.Path("tests", "Rouser.Cluster.Tests", "Wire", "Fixtures", $"{name}-version-2.json"));

    /// <summary>An orchestrator that gives every request the same answer.</summary>
    private static async Task<WebApplication> OlderAsync(int status, byte[] body)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        WebApplication application = builder.Build();
        application.Run(context =>
        {
            context.Response.StatusCode = status;
            return context.Response.Body.WriteAsync(body).AsTask();
        });
        await application.StartAsync();
        return application;
    }
}
