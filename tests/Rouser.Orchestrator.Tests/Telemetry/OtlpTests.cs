using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Rouser.Orchestrator.Tests.Cluster;

namespace Rouser.Orchestrator.Tests.Telemetry;

/// <summary>A run as a collector gets it by OTLP over HTTP, with its protobuf read by a reader of its own.</summary>
public sealed class OtlpTests
{
    private const string Quick = """
        schema: rouser/sweep/v1
        name: quick
        base:
          engine: noop
          noop.epoch_ms: 5
          dataset: {name: saccade-digits, steps: 10, train_samples: 10, test_samples: 10}
          network: {hidden: [8]}
          epochs: 3
        seeds: [0, 1]
        """;

    [Fact]
    public async Task A_collector_gets_the_sweep_its_trials_and_epochs_as_spans_and_the_metrics()
    {
        using var folder = new TemporaryFolder();
        folder.Write("quick.yaml", Quick);
        ConcurrentBag<(string Path, byte[] Body)> posts = [];
        int port = ClusterRun.FreePort();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, port));
        builder.Logging.ClearProviders();
        await using WebApplication collector = builder.Build();
        collector.Run(async context =>
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body);
            Assert.Equal("application/x-protobuf", context.Request.ContentType);
            posts.Add((context.Request.Path.Value!, body.ToArray()));
        });
        await collector.StartAsync();
        Finished ended = await RouserProcess.WaitAsync(
            RouserProcess.Start(
                folder.Path,
                ["run", "quick.yaml", "--out", "run", "--quiet"],
                new()
                {
                    ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}",
                    ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                    ["OTEL_RESOURCE_ATTRIBUTES"] = "team=snn",
                }
            )
        );
        Assert.True(ended.ExitCode == 0, ended.Errors);

        Span[] spans = [.. posts.Where(p => p.Path == "/v1/traces").SelectMany(p => SpansIn(p.Body))];
        Span sweep = Assert.Single(spans, s => s.Name == "sweep");
        Assert.Equal("quick", sweep.Attributes["rouser.sweep"]);
        Assert.Equal(("rouser", "snn"), (sweep.Resource["service.name"], sweep.Resource["team"]));
        Span[] trials = [.. spans.Where(s => s.Name == "trial")];
        Assert.Equal(2, trials.Length);
        Assert.All(trials, t => Assert.Equal((sweep.Id, "completed"), (t.Parent, t.Attributes["rouser.outcome"])));
        Assert.Equal(["0", "1"], trials.Select(t => t.Attributes["rouser.seed"]).Order(StringComparer.Ordinal));
        foreach (Span trial in trials)
        {
            Span[] epochs = [.. spans.Where(s => s.Name == "epoch" && s.Parent == trial.Id)];
            Assert.Equal(["1", "2", "3"], epochs.Select(e => e.Attributes["rouser.epoch"]).Order(StringComparer.Ordinal));
            Assert.All(epochs, e => Assert.Equal(trial.Attributes["rouser.trial"], e.Attributes["rouser.trial"]));
            Assert.All(epochs, e => Assert.True(e.Start <= e.End && e.End <= trial.End));
        }
        Dictionary<string, double> metrics = [];
        foreach ((string name, double value) in posts.Where(p => p.Path == "/v1/metrics").SelectMany(p => MetricsIn(p.Body)))
            metrics[name] = Math.Max(value, metrics.GetValueOrDefault(name));
        Assert.Equal((2, 6), (metrics["rouser.trials{state=completed}"], metrics["rouser.epochs_recorded"]));
        Assert.Contains("rouser.workers", metrics.Keys);
        Assert.Contains("rouser.slots", metrics.Keys);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9", "http/protobuf")]
    [InlineData("http://127.0.0.1:9", "grpc")]
    [InlineData("not a url", "http/protobuf")]
    public async Task A_collector_that_is_not_there_disturbs_nothing(string endpoint, string protocol)
    {
        using var folder = new TemporaryFolder();
        folder.Write("quick.yaml", Quick);
        Finished ended = await RouserProcess.WaitAsync(
            RouserProcess.Start(
                folder.Path,
                ["run", "quick.yaml", "--out", "run", "--quiet"],
                new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol }
            )
        );
        Assert.True(ended.ExitCode == 0, ended.Errors);
        Assert.Empty(ended.ErrorLines);
    }

    private static IEnumerable<Span> SpansIn(byte[] request)
    {
        foreach (byte[] resource in All(request, 1))
        {
            Dictionary<string, string> about = Attributes(All(resource, 1).SelectMany(r => All(r, 1)));
            foreach (byte[] span in All(resource, 2).SelectMany(scope => All(scope, 2)))
                yield return new Span(
                    Encoding.UTF8.GetString(All(span, 5).Single()),
                    Convert.ToHexString(All(span, 2).Single()),
                    Convert.ToHexString(All(span, 4).SingleOrDefault([])),
                    BinaryPrimitives.ReadUInt64LittleEndian(All(span, 7).Single()),
                    BinaryPrimitives.ReadUInt64LittleEndian(All(span, 8).Single()),
                    Attributes(All(span, 9)),
                    about
                );
        }
    }

    private static IEnumerable<(string Name, double Value)> MetricsIn(byte[] request)
    {
        foreach (byte[] metric in All(request, 1).SelectMany(r => All(r, 2)).SelectMany(scope => All(scope, 2)))
        {
            string name = Encoding.UTF8.GetString(All(metric, 1).Single());
            foreach (byte[] point in All(metric, 5).SelectMany(gauge => All(gauge, 1)))
            {
                string labels = string.Join(',', Attributes(All(point, 7)).Select(a => $"{a.Key}={a.Value}"));
                long value = All(point, 6).Select(v => BinaryPrimitives.ReadInt64LittleEndian(v)).SingleOrDefault();
                yield return (labels.Length == 0 ? name : $"{name}{{{labels}}}", value);
            }
        }
    }

    private static Dictionary<string, string> Attributes(IEnumerable<byte[]> pairs) =>
        pairs.ToDictionary(pair => Encoding.UTF8.GetString(All(pair, 1).Single()), pair => Value(All(pair, 2).Single()));

    private static string Value(byte[] any) =>
        All(any, 1).SingleOrDefault() is { } text ? Encoding.UTF8.GetString(text)
        : All(any, 3).SingleOrDefault() is { } whole ? BitConverter.ToInt64(whole).ToString(CultureInfo.InvariantCulture)
        : All(any, 4).SingleOrDefault() is { } number ? BitConverter.ToDouble(number).ToString(CultureInfo.InvariantCulture)
        : "";

    /// <summary>The values of a field of a message: bytes, or the eight bytes of a number.</summary>
    private static IEnumerable<byte[]> All(byte[] message, int field)
    {
        for (int at = 0; at < message.Length; )
        {
            ulong key = Varint(message, ref at);
            int length = (key & 7) switch
            {
                0 => 0,
                1 => 8,
                2 => (int)Varint(message, ref at),
                5 => 4,
                _ => throw new InvalidDataException("no such wire type"),
            };
            byte[] value = (key & 7) == 0 ? BitConverter.GetBytes(Varint(message, ref at)) : message[at..(at + length)];
            at += length;
            if ((int)(key >> 3) == field)
                yield return value;
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte b = message[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }
    }

    private sealed record Span(
        string Name,
        string Id,
        string Parent,
        ulong Start,
        ulong End,
        Dictionary<string, string> Attributes,
        Dictionary<string, string> Resource
    );
}
