using System.Text.Json;
using System.Text.Json.Serialization;
using Rouser.Coordination;
using Rouser.Sweeps;

namespace Rouser.Cluster.Wire;

/// <summary>
/// How messages and orders look in JSON, made by the compiler: snake_case names, strict on reading. A field renamed
/// in the core changes the protocol; a test that holds the exact text of each says so.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(TrialIdConverter), typeof(WorkerIdConverter), typeof(PlannedTrialConverter)]
)]
[JsonSerializable(typeof(MessagesText))]
[JsonSerializable(typeof(OrdersText))]
[JsonSerializable(typeof(ControlsText))]
internal sealed partial class WireJsonContext : JsonSerializerContext;

/// <summary>A trial's identity as a plain string, and nothing that is none: it becomes a file's name.</summary>
internal sealed class TrialIdConverter : JsonConverter<TrialId>
{
    public override TrialId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { Length: 32 } id && id.All(char.IsAsciiHexDigitLower)
            ? new TrialId(id)
            : throw new JsonException("a trial's identity is 32 hex digits");

    public override void Write(Utf8JsonWriter writer, TrialId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}

/// <summary>A worker's name as a plain string.</summary>
internal sealed class WorkerIdConverter : JsonConverter<WorkerId>
{
    public override WorkerId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { } name && WireJson.IsName(name)
            ? new WorkerId(name)
            : throw new JsonException($"a worker's name is 1 to {WireJson.LongestName} letters, digits, '-', '_' or '.'");

    public override void Write(Utf8JsonWriter writer, WorkerId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}

/// <summary>A trial as <see cref="PlanJson"/> has it.</summary>
internal sealed class PlannedTrialConverter : JsonConverter<PlannedTrial>
{
    public override PlannedTrial Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        PlanJson.ReadTrial(JsonElement.ParseValue(ref reader));

    public override void Write(Utf8JsonWriter writer, PlannedTrial value, JsonSerializerOptions options) =>
        PlanJson.WriteTrial(writer, value);
}
