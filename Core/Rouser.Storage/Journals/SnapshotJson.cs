using System.Text.Json;
using System.Text.Json.Serialization;
using Rouser.Coordination;

namespace Rouser.Storage.Journals;

/// <summary>
/// The parts of a snapshot as UTF-8 JSON. Their form belongs to the schema of the journal that keeps them.
/// </summary>
internal static class SnapshotJson
{
    private static readonly SnapshotJsonContext Context = SnapshotJsonContext.Default;

    public static void Write(TrialSnapshot trial, Utf8JsonWriter json) =>
        JsonSerializer.Serialize(json, trial, Context.TrialSnapshot);

    public static void Write(SweepSummary summary, Utf8JsonWriter json) =>
        JsonSerializer.Serialize(json, summary, Context.SweepSummary);

    public static string Write(TrialSnapshot trial) => JsonSerializer.Serialize(trial, Context.TrialSnapshot);

    public static string Write(SweepSummary summary) => JsonSerializer.Serialize(summary, Context.SweepSummary);

    /// <exception cref="JsonException">It is damaged.</exception>
    public static TrialSnapshot ReadTrial(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, Context.TrialSnapshot) ?? throw new JsonException("an empty trial");

    /// <exception cref="JsonException">It is damaged.</exception>
    public static SweepSummary ReadSummary(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, Context.SweepSummary) ?? throw new JsonException("an empty summary");
}

/// <summary>How they look, made by the compiler.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(TrialIdConverter), typeof(WorkerIdConverter), typeof(TrialStateConverter), typeof(CheckStateConverter)]
)]
[JsonSerializable(typeof(TrialSnapshot))]
[JsonSerializable(typeof(SweepSummary))]
internal sealed partial class SnapshotJsonContext : JsonSerializerContext;

/// <summary>A check's state as its word, <c>waiting</c>.</summary>
internal sealed class CheckStateConverter()
    : JsonStringEnumConverter<CheckState>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

/// <summary>A trial's state as its word, <c>queued</c>.</summary>
internal sealed class TrialStateConverter : JsonConverter<TrialState>
{
    public override TrialState Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is string word && TrialStateNames.TryParse(word, out TrialState state)
            ? state
            : throw new JsonException("a trial's state is unknown");

    public override void Write(Utf8JsonWriter writer, TrialState value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToName());

    public override TrialState ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, typeToConvert, options);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, TrialState value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.ToName());
}
