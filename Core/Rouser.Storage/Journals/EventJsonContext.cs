using System.Text.Json;
using System.Text.Json.Serialization;
using Rouser.Coordination;
using Rouser.Sweeps;
using Rouser.Sweeps.Sequential;

namespace Rouser.Storage.Journals;

/// <summary>
/// How the events look in JSON, made by the compiler: snake_case names, strict on reading. A field renamed in the
/// core changes the format; a test that holds each event's exact text says so.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(TrialIdConverter), typeof(WorkerIdConverter), typeof(SequentialVerdictConverter)]
)]
[JsonSerializable(typeof(TrialAssigned))]
[JsonSerializable(typeof(TrialReused))]
[JsonSerializable(typeof(TrialContinued))]
[JsonSerializable(typeof(EpochRecorded))]
[JsonSerializable(typeof(TrialCompleted))]
[JsonSerializable(typeof(AttemptFailed))]
[JsonSerializable(typeof(AttemptLost))]
[JsonSerializable(typeof(AttemptReturned))]
[JsonSerializable(typeof(TrialRequeued))]
[JsonSerializable(typeof(TrialCancelled))]
[JsonSerializable(typeof(TrialPruned))]
[JsonSerializable(typeof(SweepPaused))]
[JsonSerializable(typeof(SweepContinued))]
[JsonSerializable(typeof(PlanReplaced))]
[JsonSerializable(typeof(TrialsAnnotated))]
[JsonSerializable(typeof(SweepAnnotated))]
[JsonSerializable(typeof(StudyPrioritized))]
[JsonSerializable(typeof(TrialsOpened))]
[JsonSerializable(typeof(SettingProposed))]
[JsonSerializable(typeof(ComparisonSettled))]
[JsonSerializable(typeof(CheckAssigned))]
[JsonSerializable(typeof(CheckPassed))]
[JsonSerializable(typeof(CheckReturned))]
[JsonSerializable(typeof(CheckAbandoned))]
[JsonSerializable(typeof(ResultsDisagreed))]
internal sealed partial class EventJsonContext : JsonSerializerContext;

/// <summary>A trial's identity as a plain string, and nothing that is none.</summary>
internal sealed class TrialIdConverter : JsonConverter<TrialId>
{
    public override TrialId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { Length: 32 } id ? new TrialId(id) : throw new JsonException("a trial's identity has 32 digits");

    public override void Write(Utf8JsonWriter writer, TrialId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}

/// <summary>What a comparison came to, as its word.</summary>
internal sealed class SequentialVerdictConverter()
    : JsonStringEnumConverter<SequentialVerdict>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

/// <summary>A worker's name as a plain string.</summary>
internal sealed class WorkerIdConverter : JsonConverter<WorkerId>
{
    public override WorkerId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetString() ?? throw new JsonException("a worker has no name"));

    public override void Write(Utf8JsonWriter writer, WorkerId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}
