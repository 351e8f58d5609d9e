using System.Globalization;
using System.Text.Json.Nodes;
using Json.Schema;
using Rouser.Core.Parameters;
using Rouser.Testing;
using YamlDotNet.Serialization;

namespace Rouser.Sweeps.Tests;

/// <summary>The schema for editors, held to sweep files by a validator that is not ours (JsonSchema.Net).</summary>
public class SweepFileSchemaTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(SweepFileSchema.Json());

    [Fact]
    public void Every_shipped_sweep_is_valid()
    {
        string[] files = Directory.GetFiles(Repository.Path("sweeps"), "*.yaml");
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Equal("", Complaints(File.ReadAllText(file))));
    }

    [Fact]
    public void Every_default_is_valid_dotted_and_nested()
    {
        foreach (Parameter parameter in ParameterSchema.Parameters)
        {
            Assert.Equal("", Complaints(Sweep($"base: {{{parameter.Name}: {parameter.Default}}}")));
            string nested = parameter.Name.Replace(".", ": {", StringComparison.Ordinal);
            string closing = new('}', parameter.Name.Count(c => c == '.'));
            Assert.Equal("", Complaints(Sweep($"base: {{{nested}: {parameter.Default}{closing}}}")));
            Assert.Equal("", Complaints(Sweep($"studies: {{s: {{over: {{{parameter.Name}: [{parameter.Default}]}}}}}}")));
        }
    }

    [Theory]
    [InlineData("base.epochs: 3")]
    [InlineData("arms: {a: , b: {compat: lava-dl-slayer2}}")]
    [InlineData(
        "run: {retries: {lost: 2}, lease: 1.5m, pruner.kind: median}\nmetric.name: validation_loss\nbase: {dataset.validation.by: fold}"
    )]
    [InlineData(
        "arms: {a: {}, b: {threshold.init: 0.5}}\nseeds: {from: 5, to: 30, until: decided, error_per: sweep}\nreport: {compare_to: a}"
    )]
    [InlineData("studies: {s: {mode: sobol, sampling: {count: 3}, over: {surrogate.tau: {min: 1, max: 2, scale: log}}}}")]
    [InlineData("base: {threshold.rule: annealed, threshold.final: 1, dataset.train_samples: all}")]
    [InlineData("base: {dataset: {name: events, columns: [t, x, _, p]}}")]
    public void What_the_reader_takes_is_valid(string lines)
    {
        Assert.Empty(SpecReader.Read("x", Sweep(lines), []).Errors);
        Assert.Equal("", Complaints(Sweep(lines)));
    }

    [Theory]
    [InlineData("base: {epoch: 3}")]
    [InlineData("base: {epochs: 0}")]
    [InlineData("base: {surrogate.tau: 0}")]
    [InlineData("base: {threshold: {rule: learnt}}")]
    [InlineData("base: {network.hidden: 500}")]
    [InlineData("base: {weights.normalize: 1}")]
    [InlineData("seeds: [0, 0]")]
    [InlineData("studies: {s: {mode: halton}}")]
    [InlineData("studies: {s: {over: {epochs: 3}}}")]
    [InlineData("run: {lease: 60}")]
    [InlineData("run: {retries: {lost: 1001}}")]
    [InlineData("report: {reach: [90]}")]
    [InlineData("metric: {name: accuracy}")]
    [InlineData("arms: {'my arm': {}}")]
    [InlineData("stduies: {}")]
    public void What_the_reader_refuses_of_a_single_value_is_not_valid(string lines)
    {
        Assert.NotEmpty(SpecReader.Read("x", Sweep(lines), []).Errors);
        Assert.NotEqual("", Complaints(Sweep(lines)));
    }

    private static string Sweep(string lines) => $"schema: rouser/sweep/v1\nname: s\n{lines}\n";

    /// <summary>Where and why a text is not valid; nothing if it is.</summary>
    private static string Complaints(string yaml)
    {
        object? tree = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize(yaml);
        EvaluationResults results = Schema.Evaluate(
            System.Text.Json.JsonSerializer.SerializeToElement(Json(tree)),
            new EvaluationOptions { OutputFormat = OutputFormat.List }
        );
        return results.IsValid
            ? ""
            : string.Join(
                '\n',
                (results.Details ?? [])
                    .Where(detail => detail.Errors is { Count: > 0 })
                    .Select(detail => $"{detail.InstanceLocation}: {string.Join("; ", detail.Errors!.Values)}")
                    .Append("not valid")
            );
    }

    private static JsonNode? Json(object? value) =>
        value switch
        {
            null => null,
            bool truth => truth,
            string text => text,
            IDictionary<object, object?> map => new JsonObject(
                map.Select(e => KeyValuePair.Create(Convert.ToString(e.Key, CultureInfo.InvariantCulture)!, Json(e.Value)))
            ),
            IEnumerable<object?> list => new JsonArray([.. list.Select(Json)]),
            float or double or decimal => Convert.ToDouble(value, CultureInfo.InvariantCulture),
            _ => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        };
}
