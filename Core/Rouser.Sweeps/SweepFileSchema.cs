using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rouser.Core.Parameters;

namespace Rouser.Sweeps;

/// <summary>
/// The JSON Schema of a sweep file (draft 7), by which editors complete keys and mark mistakes while one types. It is
/// made from the same tables as <see cref="SpecReader"/>, and says less: what depends on several values together, such
/// as a parameter that an arm's method does not use, only <c>rouser validate</c> finds.
/// </summary>
public static class SweepFileSchema
{
    private const string Parameters = "parameters",
        Lists = "lists",
        Seeds = "seeds",
        Name = "name";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        // Symbols such as τ stand as they are: the text is for people, and no part of a web page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The schema, as indented JSON that ends in a line feed.</summary>
    public static string Json() => Root().ToJsonString(Indented) + "\n";

    private static JsonObject Root() =>
        new()
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "Rouser sweep file",
            ["type"] = "object",
            ["required"] = new JsonArray("schema", "name"),
            ["properties"] = new JsonObject
            {
                ["schema"] = new JsonObject { ["const"] = SpecKeys.Schema, ["description"] = "Version of the file format." },
                ["name"] = Described(Reference(Name), "Name of the sweep, and of its run folder."),
                ["metric"] = Section("metric"),
                ["base"] = Described(Reference(Parameters), "Parameters of every trial."),
                ["arms"] = Named(Reference(Parameters), "The methods to compare: named sets of parameters."),
                ["seeds"] = Described(Reference(Seeds), "Seeds; each arm and setting is trained once with each of them."),
                ["studies"] = Named(Study(), "Named sets of trials to compare."),
                ["run"] = Section("run"),
                ["report"] = Section("report"),
            },
            ["patternProperties"] = new JsonObject { [@"^(base|metric|run|report)\."] = true },
            ["additionalProperties"] = false,
            ["definitions"] = Definitions(),
        };

    private static JsonObject Study() =>
        Object(
            new JsonObject
            {
                ["base"] = Described(Reference(Parameters), "Parameters of every trial of the study, over those of the sweep."),
                ["arms"] = new JsonObject
                {
                    ["description"] = "The arms that take part. Default: all.",
                    ["type"] = "array",
                    ["items"] = Reference(Name),
                    ["minItems"] = 1,
                    ["uniqueItems"] = true,
                },
                ["mode"] = Described(
                    SpecKeys.Modes.JsonSchema(),
                    "`grid`: every point with every combination of the values in `over`. `one_at_a_time`: every point, and every "
                        + "point with each value of each key of `over` alone. `list`: the points only. `random`, `sobol`: every "
                        + "point with each of `sampling.count` settings drawn from `over`. `tpe`: `sampling.count` settings, "
                        + "chosen by the results of those before. Default: grid."
                ),
                ["points"] = new JsonObject
                {
                    ["description"] = "Sets of values that go together.",
                    ["type"] = "array",
                    ["items"] = Reference(Parameters),
                    ["minItems"] = 1,
                },
                ["over"] = Described(
                    Reference(Lists),
                    "Parameters to vary, each with the list of its values, or with a range to draw from."
                ),
                ["sampling"] = Described(
                    Object(
                        new JsonObject
                        {
                            ["count"] = SpecKeys.SampledSettings.JsonSchema(),
                            ["seed"] = SpecKeys.SamplerSeeds.JsonSchema(),
                            ["candidates"] = SpecKeys.SampledSettings.JsonSchema(),
                            ["startup"] = SpecKeys.SearchSteps.JsonSchema(),
                            ["parallel"] = SpecKeys.SearchSteps.JsonSchema(),
                        }
                    ),
                    "For `mode: random`, `sobol` and `tpe`: how many settings to train, and the seed of the draw (default 0). "
                        + "For `tpe` also the size of the pool (default 500), the settings drawn at random first (10), and the "
                        + "settings in work at a time (4)."
                ),
                ["seeds"] = Described(Reference(Seeds), "Seeds of the study. Default: those of the sweep."),
                ["priority"] = Described(
                    SpecKeys.Priorities.JsonSchema(),
                    "Studies with a higher priority are trained first. Default: 0."
                ),
            }
        );

    private static JsonObject Definitions()
    {
        JsonObject definitions = new()
        {
            [Name] = new JsonObject { ["type"] = "string", ["pattern"] = SpecFields.NamePattern + "$" },
            [Seeds] = new JsonObject { ["anyOf"] = new JsonArray(SeedList(), SeedBudget()) },
            [Parameters] = Tree(ParameterSchema.Parameters.Select(p => (p.Name, (JsonNode)Reference(p.Name)))),
            [Lists] = Tree(
                ParameterSchema.Parameters.Select(p =>
                    (p.Name, (JsonNode)new JsonObject { ["anyOf"] = new JsonArray(ListOf(p.Name), RangeOf(p.Name)) })
                )
            ),
        };
        ((JsonObject)definitions[Parameters]!["properties"]!)[Compatibility.Key] = Described(
            new ParameterType.Choice([.. Compatibility.Sets.Keys]).JsonSchema(),
            "Stands for several parameters: the conventions of another program."
        );
        foreach (Parameter parameter in ParameterSchema.Parameters)
        {
            JsonObject schema = Described(
                parameter.Type.JsonSchema(),
                parameter.Condition is null ? parameter.Doc : $"{parameter.Doc}\nUsed if {parameter.Condition}."
            );
            schema["default"] = ValueOf(parameter.Default);
            definitions[parameter.Name] = schema;
        }
        return definitions;
    }

    /// <summary>The keys of <c>metric</c>, <c>run</c> or <c>report</c>.</summary>
    private static JsonObject Section(string section) =>
        Tree(
            SpecKeys
                .Sections.Where(key => key.Name.StartsWith(section + ".", StringComparison.Ordinal))
                .Select(key =>
                    (key.Name[(section.Length + 1)..], (JsonNode)Described(SchemaOf(key), $"{key.Doc}\nDefault: {key.Default}."))
                )
        );

    private static JsonObject SchemaOf(SpecKey key) =>
        key switch
        {
            { Type: { } type } => type.JsonSchema(),
            { Name: "report.compare_to" } => Reference(Name),
            { Expects: SpecKeys.Size } => new JsonObject
            {
                ["type"] = new JsonArray("string", "integer"),
                ["pattern"] = ByteSize.Pattern + "$",
            },
            { Name: "report.reach" } => new JsonObject
            {
                ["type"] = "array",
                ["items"] = new ParameterType.Real(0, 1, Above: true).JsonSchema(),
            },
            { Name: "report.colors" } => new JsonObject
            {
                ["type"] = "array",
                ["items"] = new JsonObject
                {
                    ["enum"] = new JsonArray([.. ReportSettings.ColorNames.Select(name => (JsonNode)name)]),
                },
            },
            _ => new JsonObject { ["type"] = "string", ["pattern"] = Scalars.DurationPattern + "$" },
        };

    /// <summary>
    /// Dotted names as keys, and as keys within keys, because a sweep file may spell <c>surrogate.tau</c> either way.
    /// </summary>
    private static JsonObject Tree(IEnumerable<(string Name, JsonNode Schema)> leaves)
    {
        JsonObject properties = [];
        foreach (IGrouping<string, (string Name, JsonNode Schema)> group in leaves.GroupBy(leaf => leaf.Name.Split('.')[0]))
        {
            List<(string Name, JsonNode Schema)> inner =
            [
                .. group.Where(leaf => leaf.Name != group.Key).Select(leaf => (leaf.Name[(group.Key.Length + 1)..], leaf.Schema)),
            ];
            if (inner.Count > 0)
                properties[group.Key] = Tree(inner.Select(leaf => (leaf.Name, leaf.Schema.DeepClone())));
            foreach ((string name, JsonNode schema) in group)
                properties[name] = schema.DeepClone();
        }
        return Object(properties);
    }

    private static JsonObject ListOf(string parameter) =>
        new()
        {
            ["type"] = "array",
            ["items"] = Reference(parameter),
            ["minItems"] = 1,
        };

    private static JsonObject SeedList() =>
        new()
        {
            ["type"] = "array",
            ["items"] = new ParameterType.Integer(0, long.MaxValue).JsonSchema(),
            ["minItems"] = 1,
            ["uniqueItems"] = true,
        };

    private static JsonObject SeedBudget() =>
        new()
        {
            ["description"] = "Seeds that are added as long as a comparison with report.compare_to is not decided.",
            ["type"] = "object",
            ["required"] = new JsonArray("from", "to", "until"),
            ["properties"] = new JsonObject
            {
                ["from"] = SpecKeys.SeedBudgets.JsonSchema(),
                ["to"] = SpecKeys.SeedBudgets.JsonSchema(),
                ["until"] = SpecKeys.SeedEnds.JsonSchema(),
                ["error_per"] = SpecKeys.SeedErrors.JsonSchema(),
            },
            ["additionalProperties"] = false,
        };

    /// <summary>What a sampler draws from.</summary>
    private static JsonObject RangeOf(string parameter) =>
        Object(
            new JsonObject
            {
                ["min"] = Reference(parameter),
                ["max"] = Reference(parameter),
                ["scale"] = SpecKeys.Scales.JsonSchema(),
                ["values"] = ListOf(parameter),
                ["when"] = new JsonObject { ["type"] = "object" },
            }
        );

    private static JsonObject Named(JsonObject each, string description) =>
        new()
        {
            ["description"] = description,
            ["type"] = "object",
            ["propertyNames"] = Reference(Name),
            ["additionalProperties"] = each,
            ["minProperties"] = 1,
        };

    /// <summary>A mapping with these keys and no others. A key without a value, <c>arm:</c>, is an empty one.</summary>
    private static JsonObject Object(JsonObject properties) =>
        new()
        {
            ["type"] = new JsonArray("object", "null"),
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };

    private static JsonObject Reference(string definition) => new() { ["$ref"] = "#/definitions/" + definition };

    /// <summary>With a description; beside a <c>$ref</c> draft 7 would not look at one.</summary>
    private static JsonObject Described(JsonObject schema, string description)
    {
        JsonObject described = new() { ["description"] = description };
        if (schema.ContainsKey("$ref"))
            described["allOf"] = new JsonArray(schema);
        else
            foreach ((string key, JsonNode? value) in schema)
                described[key] = value?.DeepClone();
        return described;
    }

    private static JsonNode ValueOf(ParameterValue value) =>
        value switch
        {
            ParameterValue.Integer whole => whole.Value,
            ParameterValue.Real real => real.Value,
            ParameterValue.Boolean truth => truth.Value,
            ParameterValue.Integers list => new JsonArray([.. list.Values.Select(v => (JsonNode)v)]),
            _ => value.ToString()!,
        };
}
