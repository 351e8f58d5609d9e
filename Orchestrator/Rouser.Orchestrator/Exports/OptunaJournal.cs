using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Core.Parameters;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Exports;

/// <summary>
/// A run as a journal of Optuna (<c>JournalFileStorage</c> of 3.1 and later, <c>JournalFileBackend</c> of 4.x): a study
/// with every trial, its parameters, the metric after each epoch and at its end.
/// </summary>
/// <remarks>
/// A line is an operation in JSON. <c>op_code</c> 0 creates the study, whose directions are 1 to minimize and 2 to
/// maximize; 2 sets an attribute of it; 4 creates a trial with all that there is of it. States are 0 running, 1 complete,
/// 2 pruned, 3 failed, 4 waiting. A word stands as its place in the choices of its distribution.
/// </remarks>
internal static class OptunaJournal
{
    /// <summary>The file's name in the folder of the export.</summary>
    public const string FileName = "journal.log";

    private const string Writer = "rouser";

    /// <summary>Writes it into an empty folder.</summary>
    public static void Write(ExportedRun run, string folder)
    {
        using StreamWriter file = new(Path.Combine(folder, FileName), append: false, new UTF8Encoding(false)) { NewLine = "\n" };
        MetricSettings metric = run.Metric;
        file.WriteLine(
            Operation(
                0,
                ("study_name", OneLine.Of(run.Metadata.SweepName)),
                ("directions", new JsonArray(metric.Maximize ? 2 : 1))
            )
        );
        WriteAttribute(file, "rouser:fingerprint", run.Metadata.Fingerprint);
        WriteAttribute(file, "rouser:metric", metric.Name);
        foreach ((string name, ParameterValue value) in run.Constant)
            WriteAttribute(file, name, Json(value));
        Dictionary<string, Distribution> distributions = run.Varied.ToDictionary(
            name => name,
            name => Distribution.Of(run.Trials.Select(t => t.Parameters.Find(name)).OfType<ParameterValue>()),
            StringComparer.Ordinal
        );
        foreach (ExportedTrial trial in run.Trials)
            WriteTrial(file, run, trial, metric, distributions);
    }

    private static void WriteAttribute(StreamWriter file, string name, JsonNode? value) =>
        file.WriteLine(Operation(2, ("study_id", 0), ("user_attr", new JsonObject { [name] = value })));

    private static void WriteTrial(
        StreamWriter file,
        ExportedRun run,
        ExportedTrial trial,
        MetricSettings metric,
        Dictionary<string, Distribution> distributions
    )
    {
        (int Epoch, double Value)[] values = [.. run.ValuesOf(trial, metric.Name)];
        double? final = trial.State switch
        {
            TrialState.Completed when values.Length > 0 => metric.Select.Of(values.Select(v => v.Value), metric.Maximize),
            TrialState.Pruned when values.Length > 0 => values[^1].Value,
            _ => null,
        };
        // Optuna refuses NaN as a trial's value, and a complete trial without one.
        if (final is { } number && double.IsNaN(number))
            final = null;
        List<KeyValuePair<string, ParameterValue>> parameters =
        [
            .. run
                .Varied.Select(name => (name, value: trial.Parameters.Find(name)))
                .Where(p => p.value is not null)
                .Select(p => KeyValuePair.Create(p.name, p.value!)),
        ];
        JsonObject line = Fields(
            4,
            ("study_id", 0),
            ("datetime_start", trial.AssignedAt is { } start ? Time(start) : null),
            ("state", StateOf(trial.State, final is not null)),
            ("value", final is { } finite ? Number(finite) : null),
            ("values", null),
            ("distributions", new JsonObject(parameters.Select(p => Pair(p.Key, distributions[p.Key].Json)))),
            ("params", new JsonObject(parameters.Select(p => Pair(p.Key, distributions[p.Key].Place(p.Value))))),
            ("user_attrs", AttributesOf(trial)),
            ("system_attrs", new JsonObject()),
            (
                "intermediate_values",
                new JsonObject(values.Select(v => Pair(v.Epoch.ToString(CultureInfo.InvariantCulture), Number(v.Value))))
            )
        );
        if (trial.EndedAt is { } ended)
            line["datetime_complete"] = Time(ended);
        file.WriteLine(Text(line));
    }

    private static JsonObject AttributesOf(ExportedTrial trial)
    {
        JsonObject attributes = new()
        {
            ["rouser:trial"] = trial.Id,
            ["rouser:study"] = trial.Study,
            ["rouser:arm"] = trial.Arm,
            ["rouser:setting"] = trial.Setting,
            ["rouser:seed"] = trial.Seed,
            ["rouser:state"] = trial.State.ToName(),
        };
        if (trial.Reason is not null)
            attributes["rouser:reason"] = OneLine.Of(trial.Reason);
        return attributes;
    }

    private static int StateOf(TrialState state, bool hasValue) =>
        state switch
        {
            TrialState.Running => 0,
            TrialState.Completed when hasValue => 1,
            TrialState.Pruned => 2,
            TrialState.Queued or TrialState.Deferred => 4,
            _ => 3,
        };

    private static KeyValuePair<string, JsonNode?> Pair(string key, JsonNode? value) => KeyValuePair.Create(key, value);

    // Local time without a zone is what Optuna writes; here it is UTC, so that it does not depend on the machine.
    private static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    private static JsonNode? Json(ParameterValue value) =>
        value switch
        {
            ParameterValue.Real real => Number(real.Value),
            ParameterValue.Integer whole => whole.Value,
            ParameterValue.Boolean truth => truth.Value,
            _ => value.ToString(),
        };

    // What is no finite number has no form in JSON; Python reads and writes these words, which Text puts in place of the
    // marks.
    private static JsonNode Number(double value) =>
        double.IsFinite(value) ? value : $"{Mark}{value.ToString(CultureInfo.InvariantCulture)}";

    private const string Mark = "\u0001";

    private static string Operation(int code, params (string Name, JsonNode? Value)[] fields) => Text(Fields(code, fields));

    private static JsonObject Fields(int code, params (string Name, JsonNode? Value)[] fields) =>
        new(fields.Select(f => Pair(f.Name, f.Value)).Prepend(Pair("worker_id", Writer)).Prepend(Pair("op_code", code)));

    private static string Text(JsonObject line)
    {
        string json = line.ToJsonString();
        foreach (string word in (string[])["NaN", "Infinity", "-Infinity"])
            json = json.Replace($"\"\\u0001{word}\"", word, StringComparison.Ordinal);
        return json;
    }

    /// <summary>
    /// What values a parameter can have: from the smallest to the largest of those that a plan has, or the words.
    /// </summary>
    private sealed class Distribution
    {
        private readonly string[]? _choices;

        private Distribution(string json, string[]? choices) => (Json, _choices) = (json, choices);

        /// <summary>As Optuna writes it: JSON in a text.</summary>
        public string Json { get; }

        public static Distribution Of(IEnumerable<ParameterValue> values)
        {
            ParameterValue[] distinct = [.. values.Distinct()];
            if (distinct.All(v => v is ParameterValue.Integer))
            {
                long[] numbers = [.. distinct.Cast<ParameterValue.Integer>().Select(v => v.Value)];
                return new(
                    Describe("IntDistribution", ("log", false), ("step", 1), ("low", numbers.Min()), ("high", numbers.Max())),
                    null
                );
            }
            if (distinct.All(v => v is ParameterValue.Integer or ParameterValue.Real))
            {
                double[] numbers = [.. distinct.Select(NumberOf)];
                return new(
                    Describe(
                        "FloatDistribution",
                        ("step", null),
                        ("low", numbers.Min()),
                        ("high", numbers.Max()),
                        ("log", false)
                    ),
                    null
                );
            }
            string[] words = [.. distinct.Select(v => v.ToString()!).Distinct().Order(StringComparer.Ordinal)];
            return new(
                Describe("CategoricalDistribution", ("choices", new JsonArray([.. words.Select(w => (JsonNode)w)]))),
                words
            );
        }

        /// <summary>A value as a journal has it.</summary>
        public JsonNode Place(ParameterValue value) =>
            _choices is null ? NumberOf(value) : Array.IndexOf(_choices, value.ToString());

        private static double NumberOf(ParameterValue value) =>
            value is ParameterValue.Integer whole ? whole.Value : ((ParameterValue.Real)value).Value;

        private static string Describe(string name, params (string Name, JsonNode? Value)[] attributes) =>
            new JsonObject
            {
                ["name"] = name,
                ["attributes"] = new JsonObject(attributes.Select(a => Pair(a.Name, a.Value))),
            }.ToJsonString();
    }
}
