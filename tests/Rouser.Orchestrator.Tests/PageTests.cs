using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Rouser.Orchestrator.Tests.Cluster;

namespace Rouser.Orchestrator.Tests;

/// <summary>
/// The page of the real program: <c>rouser run --page</c>, which is drained on its page, and <c>rouser page</c> of the
/// folder that it leaves. What a browser shows of it, <c>Rouser.Web.Tests</c> looks at.
/// </summary>
public sealed class PageTests
{
    private const string Token = "a-token-of-the-tests";

    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(5);

    [SkippableFact]
    public async Task A_run_is_drained_on_its_page_and_shown_from_its_folder_afterwards()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals");
        using var folder = new TemporaryFolder();
        string spec = folder.Write("small.yaml", SmallSweep.Yaml.Replace("epochs: 4", "epochs: 4000", StringComparison.Ordinal)),
            token = folder.Write("token", Token);
        string[] page = ["127.0.0.1:0", "--token-file", token];
        using Process run = RouserProcess.Start(folder.Path, ["run", spec, "--out", "a run", "--slots", "1", "--page", .. page]);
        using (HttpClient client = await ClientAsync(run))
        {
            Assert.Equal("small", await NameAsync(client));
            using HttpRequestMessage drain = new(HttpMethod.Post, "/page/api/0/control")
            {
                Content = JsonContent.Create(
                    new { version = Rouser.Cluster.Wire.WireJson.Version, request = new { kind = "drain" } }
                ),
            };
            drain.Headers.Add("X-Rouser-Page", "1");
            using HttpResponseMessage answer = await client.SendAsync(drain);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        Finished drained = await RouserProcess.WaitAsync(run);
        Assert.True(drained.ExitCode == 4, $"{drained.ExitCode}: {drained.Output} {drained.Errors}");
        Assert.Contains("stopped and saved", drained.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(
            Token,
            drained.Output + await File.ReadAllTextAsync(folder["a run", "rouser.log"]),
            StringComparison.Ordinal
        );

        using Process shown = RouserProcess.Start(folder.Path, ["page", "a run", "--http", .. page]);
        using (HttpClient client = await ClientAsync(shown))
        {
            Assert.Equal("small", await NameAsync(client));
            using JsonDocument plan = JsonDocument.Parse(
                await client.GetStringAsync(new Uri("/page/api/0/plan", UriKind.Relative))
            );
            Assert.Equal(4, plan.RootElement.GetProperty("trials").GetArrayLength());
            // It has no workers to let in.
            using HttpResponseMessage orders = await client.GetAsync(new Uri("/v1/orders?worker=w", UriKind.Relative));
            Assert.Equal(HttpStatusCode.NotFound, orders.StatusCode);
        }
        await ClusterRun.Signal(shown, "TERM");
        Finished ended = await RouserProcess.WaitAsync(shown);
        Assert.True(ended.ExitCode == 0, $"{ended.ExitCode}: {ended.Output} {ended.Errors}");
    }

    /// <summary>A client of the page whose address the process prints.</summary>
    private static async Task<HttpClient> ClientAsync(Process process)
    {
        using CancellationTokenSource stop = new(TooLong);
        while (await process.StandardOutput.ReadLineAsync(stop.Token) is { } line)
        {
            if (!line.StartsWith("page: ", StringComparison.Ordinal))
                continue;
            HttpClient client = new() { BaseAddress = new Uri(line["page: ".Length..].Split(',')[0]) };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
            return client;
        }
        throw new InvalidOperationException($"no page: {await process.StandardError.ReadToEndAsync(stop.Token)}");
    }

    private static async Task<string?> NameAsync(HttpClient client)
    {
        using JsonDocument runs = JsonDocument.Parse(await client.GetStringAsync(new Uri("/page/api/runs", UriKind.Relative)));
        return runs.RootElement.GetProperty("runs")[0].GetProperty("name").GetString();
    }
}
