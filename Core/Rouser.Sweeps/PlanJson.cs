using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rouser.Core.Parameters;

namespace Rouser.Sweeps;

/// <summary>
/// A plan as JSON: <c>plan.json</c> of a run folder, from which <c>resume</c> goes on without planning again.
/// Parameters that a trial has in common with the first one are written once.
/// </summary>
public static class PlanJson
{
    // One that took another's place is not for a program that knows nothing of dropped trials.
    private const string Schema = "rouser/plan/v1",
        GrownSchema = "rouser/plan/v2";

    // The file is no web page, so an operator or a letter with an accent may stand in it as it is.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the plan.</summary>
    public static string Write(Plan plan)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, Options))
        {
            ParameterSet common = plan.Trials.Count == 0 ? ParameterSet.Empty : plan.Trials[0].Parameters;
            json.WriteStartObject();
            json.WriteString("schema", plan.History is null ? Schema : GrownSchema);
            json.WriteString("sweep", plan.SweepName);
            json.WriteString("fingerprint", plan.Fingerprint);
            if (plan.History is { } history)
                Write(json, history);
            WriteValues(json, "common", common.Values);
            json.WriteStartArray("trials");
            Dictionary<TrialId, int> places = new(plan.Trials.Count);
            foreach (PlannedTrial trial in plan.Trials)
            {
                places.Add(trial.Id, places.Count);
                WriteTrial(json, trial, common);
            }
            json.WriteEndArray();
            json.WriteStartArray("cells");
            foreach (Cell cell in plan.Cells)
            {
                json.WriteStartArray();
                json.WriteStringValue(cell.Study);
                json.WriteStringValue(cell.Arm);
                json.WriteStringValue(cell.Setting);
                json.WriteNumberValue(cell.Seed);
                json.WriteNumberValue(places[cell.Trial]);
                json.WriteEndArray();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>Reads a plan; what is no plan, or one of a newer version, is a mistake.</summary>
    /// <param name="place">The file, for errors.</param>
    /// <param name="json">Its text.</param>
    public static Result<Plan> Read(string place, string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            string schema = Text(root.GetProperty("schema"));
            if (schema is not (Schema or GrownSchema))
                return new UserError(
                    place,
                    $"has the schema '{OneLine.Of(schema)}', this program reads '{Schema}' and '{GrownSchema}'; use the version of rouser "
                        + "that wrote it"
                );
            Plan plan = ReadPlan(root) with { History = schema == GrownSchema ? ReadHistory(root.GetProperty("history")) : null };
            return plan.Fingerprint == Planner.Fingerprint(plan.Cells)
                ? plan
                : new UserError(
                    place,
                    "does not match its fingerprint, so it was changed; restore it, or start the sweep in a new folder"
                );
        }
        catch (PluginMissingException e)
        {
            return new UserError(place, e.Message);
        }
        catch (Exception e) when (IsDamage(e))
        {
            return new UserError(
                place,
                $"is no plan or damaged ({OneLine.Of(e.Message)}); restore it, or start the sweep in a new folder"
            );
        }
    }

    /// <summary>
    /// So many characters of a plan are enough for <see cref="ReadSweepName"/>: a name has a hundred at most.
    /// </summary>
    public const int HeadLength = 400;

    /// <summary>The sweep's name alone.</summary>
    /// <param name="head">How a plan starts.</param>
    /// <returns>The name; empty if it is no plan.</returns>
    public static string ReadSweepName(string head)
    {
        Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(head), isFinalBlock: false, default);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("sweep"u8) && reader.Read())
                    return reader.GetString() ?? "";
            }
        }
        catch (Exception e) when (IsDamage(e))
        {
            // Whoever needs the plan itself is told what is wrong with it.
        }
        return "";
    }

    /// <summary>Writes one trial by itself, with all of its parameters: what a worker is sent.</summary>
    public static void WriteTrial(Utf8JsonWriter json, PlannedTrial trial) => WriteTrial(json, trial, ParameterSet.Empty);

    /// <summary>Reads a trial that was written by itself.</summary>
    /// <exception cref="JsonException">It is no trial, or damaged.</exception>
    /// <exception cref="PluginMissingException">It needs a plug-in that is not here.</exception>
    public static PlannedTrial ReadTrial(JsonElement trial)
    {
        try
        {
            ThrowIfPluginMissing(trial);
            return ReadTrial(trial, new TrialTexts(ParameterSet.Empty));
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new JsonException($"a trial that is damaged ({OneLine.Of(e.Message)})", e);
        }
    }

    private static void Write(Utf8JsonWriter json, PlanHistory history)
    {
        json.WriteStartObject("history");
        json.WriteString("origin", history.Origin);
        json.WriteNumber("revision", history.Revision);
        json.WriteStartArray("dropped");
        foreach (TrialId trial in history.Dropped)
            json.WriteStringValue(trial.Value);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static PlanHistory ReadHistory(JsonElement history) =>
        new(
            Text(history.GetProperty("origin")),
            history.GetProperty("revision").GetInt32(),
            [.. history.GetProperty("dropped").EnumerateArray().Select(trial => new TrialId(Text(trial)))]
        );

    private static void WriteTrial(Utf8JsonWriter json, PlannedTrial trial, ParameterSet common)
    {
        json.WriteStartObject();
        json.WriteString("id", trial.Id.Value);
        json.WriteNumber("seed", trial.Seed);
        json.WriteString("data", trial.DataDigest);
        json.WriteBoolean("synthetic", trial.Synthetic);
        json.WriteString("engine", trial.Engine);
        WriteValues(json, "with", trial.Parameters.Values.Where(pair => !pair.Value.Equals(common.Find(pair.Key))));
        json.WriteStartArray("without");
        foreach ((string name, _) in common.Values)
        {
            if (trial.Parameters.Find(name) is null)
                json.WriteStringValue(name);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteValues(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, ParameterValue>> values)
    {
        json.WriteStartObject(name);
        foreach ((string key, ParameterValue value) in values)
        {
            json.WritePropertyName(key);
            // csharpier-ignore
            switch (value)
            {
                case ParameterValue.Real real: json.WriteNumberValue(real.Value); break;
                case ParameterValue.Integer integer: json.WriteNumberValue(integer.Value); break;
                case ParameterValue.Boolean truth: json.WriteBooleanValue(truth.Value); break;
                case ParameterValue.Integers integers:
                    json.WriteStartArray();
                    foreach (long number in integers.Values) json.WriteNumberValue(number);
                    json.WriteEndArray();
                    break;
                default: json.WriteStringValue(value.ToString()); break;
            }
        }
        json.WriteEndObject();
    }

    private static Plan ReadPlan(JsonElement root)
    {
        // First, because without a trial's plug-in its words and parameters are unknown.
        foreach (JsonElement trial in root.GetProperty("trials").EnumerateArray())
            ThrowIfPluginMissing(trial);
        TrialTexts texts = new(ReadValues(root.GetProperty("common")));
        List<PlannedTrial> trials = new(root.GetProperty("trials").GetArrayLength());
        foreach (JsonElement trial in root.GetProperty("trials").EnumerateArray())
            trials.Add(ReadTrial(trial, texts));
        List<Cell> cells = new(root.GetProperty("cells").GetArrayLength());
        foreach (JsonElement cell in root.GetProperty("cells").EnumerateArray())
        {
            if (cell.GetArrayLength() != 5)
                throw new FormatException("a cell has five entries");
            cells.Add(
                new Cell(
                    texts.Once(cell[0]),
                    texts.Once(cell[1]),
                    FormerNames.InSetting(texts.Once(cell[2])),
                    cell[3].GetInt64(),
                    trials[cell[4].GetInt32()].Id
                )
            );
        }
        return new Plan(Text(root.GetProperty("sweep")), Text(root.GetProperty("fingerprint")), trials, cells);
    }

    // A trial is what its identity says, or it is not read: one seed changed in the text would else be trained under
    // the name, and in the place, of another trial.
    private static PlannedTrial ReadTrial(JsonElement trial, TrialTexts texts)
    {
        (ParameterSet parameters, TrialSettings settings, string head) = texts.Settings(
            trial.GetProperty("with"),
            trial.GetProperty("without")
        );
        PlannedTrial read = new(
            new TrialId(Text(trial.GetProperty("id"))),
            parameters,
            settings,
            trial.GetProperty("seed").GetInt64(),
            texts.Once(trial.GetProperty("data")),
            trial.GetProperty("synthetic").GetBoolean(),
            texts.Once(trial.GetProperty("engine"))
        );
        if (TrialIdentity.Hash(head + TrialIdentity.Tail(read.Seed, read.DataDigest, read.Engine)) != read.Id)
            throw new FormatException($"trial {read.Id} does not have the content of its identity, so it was changed");
        if (ParameterSchema.IsSynthetic(parameters) != read.Synthetic)
            throw new FormatException($"trial {read.Id} says of its data set what is not so");
        return read;
    }

    private static void ThrowIfPluginMissing(JsonElement trial)
    {
        if (TrialEngine.Missing(Text(trial.GetProperty("engine"))) is { } missing)
            throw new PluginMissingException(missing);
    }

    /// <summary>
    /// Reads what many trials have in common once: a setting's parameters are those of each of its seeds, and a plan
    /// names few studies and arms.
    /// </summary>
    private sealed class TrialTexts(ParameterSet common)
    {
        private readonly Dictionary<string, (ParameterSet, TrialSettings, string)> _settings = new(StringComparer.Ordinal);
        private readonly HashSet<string> _words = new(StringComparer.Ordinal);

        /// <summary>A trial's parameters, what they mean, and the part of its canonical text that they make.</summary>
        public (ParameterSet Parameters, TrialSettings Settings, string Head) Settings(JsonElement with, JsonElement without)
        {
            string text = without.GetRawText() + with.GetRawText();
            if (_settings.TryGetValue(text, out (ParameterSet, TrialSettings, string) read))
                return read;
            HashSet<string> left = [.. without.EnumerateArray().Select(name => FormerNames.Current(Text(name)))];
            ParameterSet shared =
                left.Count == 0 ? common : new ParameterSet(common.Values.Where(pair => !left.Contains(pair.Key)));
            ParameterSet parameters = shared.With(ReadValues(with));
            ParameterSet used = ParameterSchema.Used(parameters);
            return _settings[text] = (parameters, TrialSettings.FromUsed(used), TrialIdentity.Head(used));
        }

        public string Once(JsonElement element)
        {
            string word = Text(element);
            if (_words.TryGetValue(word, out string? known))
                return known;
            _words.Add(word);
            return word;
        }
    }

    // Whatever a damaged text makes the accesses here throw.
    private static bool IsDamage(Exception e) =>
        e
            is JsonException
                or KeyNotFoundException
                or InvalidOperationException
                or FormatException
                or ArgumentException
                or OverflowException;

    private static ParameterSet ReadValues(JsonElement values) => new(values.EnumerateObject().Select(ReadPair));

    private static KeyValuePair<string, ParameterValue> ReadPair(JsonProperty pair)
    {
        Parameter parameter = ParameterSchema.Find(pair.Name) ?? throw new FormatException($"unknown parameter {pair.Name}");
        return KeyValuePair.Create(parameter.Name, parameter.Type.ReadJson(pair.Value));
    }

    private static string Text(JsonElement element) => element.GetString() ?? throw new FormatException("a text is null");
}
