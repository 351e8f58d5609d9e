using System.Text.Json;
using System.Text.Json.Serialization;
using Rouser.Cluster.Serving;
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
    Converters = [
        typeof(TrialIdConverter),
        typeof(WorkerIdConverter),
        typeof(PlannedTrialConverter),
        typeof(KeptModelsConverter),
        typeof(MillisecondsConverter),
    ]
)]
[JsonSerializable(typeof(MessagesEnvelope))]
[JsonSerializable(typeof(CommandsEnvelope))]
[JsonSerializable(typeof(ControlEnvelope))]
[JsonSerializable(typeof(StatusEnvelope))]
internal sealed partial class WireJsonContext : JsonSerializerContext;

/// <summary>What a worker says in one go, and which version of the protocol it speaks.</summary>
internal sealed record MessagesEnvelope(int Version, WorkerId Worker, IReadOnlyList<WorkerMessage> Messages);

/// <summary>What a worker is told in one go.</summary>
internal sealed record CommandsEnvelope(int Version, IReadOnlyList<WorkerCommand> Orders);

/// <summary>How a sweep stands.</summary>
internal sealed record StatusEnvelope(int Version, SweepStatus Status);

/// <summary>A user's request.</summary>
internal sealed record ControlEnvelope(int Version, ControlRequest Request);

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

/// <summary>Which networks are kept, by its word.</summary>
internal sealed class KeptModelsConverter : JsonConverter<KeptModels>
{
    public override KeptModels Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        KeptModels.Find(reader.GetString() ?? "") ?? throw new JsonException("which networks are kept is no known word");

    public override void Write(Utf8JsonWriter writer, KeptModels value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Word);
}

/// <summary>A span of time in milliseconds, at least 1. What is longer than a hundred years has no end.</summary>
internal sealed class MillisecondsConverter : JsonConverter<TimeSpan>
{
    private static readonly double Most = TimeSpan.FromDays(36_500).TotalMilliseconds;

    // "No end" is TimeSpan.MaxValue, whose milliseconds are no exact double.
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDouble() switch
        {
            >= 1 and var ms when ms < Most => TimeSpan.FromMilliseconds(ms),
            >= 1 => TimeSpan.MaxValue,
            _ => throw new JsonException("a time is at least 1 ms"),
        };

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.TotalMilliseconds);
}
