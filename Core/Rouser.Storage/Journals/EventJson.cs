using System.Buffers;
using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Rouser.Coordination;
using Rouser.Core;

namespace Rouser.Storage.Journals;

/// <summary>
/// Events as UTF-8 JSON: <c>{"version":2,"kind":"trial_assigned","event":{…}}</c>. The kind is a word of its own,
/// never a type's name, so that types may be renamed. Numbers come back as the same bits; NaN and the infinities are
/// the strings <c>"NaN"</c>, <c>"Infinity"</c>, <c>"-Infinity"</c>. A field added, dropped or given a new meaning
/// needs a new <see cref="Version"/>, and code that still reads the old one.
/// </summary>
public static class EventJson
{
    /// <summary>The newest version of the format that this program reads.</summary>
    /// <remarks>
    /// New kinds of events need no new version: a reader that does not know one says so. 1: as it began. 2: an
    /// epoch's thresholds have a histogram, which version 1 lacks; a reader of both takes it for null. 3: an
    /// epoch has validation metrics. 4: an epoch has complexity metrics. 5: its output layer does not spike, and
    /// has no numbers of spikes and thresholds. An epoch without any of these is written in version 2.
    /// </remarks>
    public const int Version = 5;

    /// <summary>
    /// The version that an event is written in: the oldest one that holds it, so that an older program reads what it
    /// can understand, and says of the rest that it is newer.
    /// </summary>
    private static int VersionOf(Event e) =>
        e switch
        {
            EpochRecorded { Metrics.Layers: [.., { Threshold: null }] } => 5,
            EpochRecorded { Metrics.Complexity: not null } => 4,
            EpochRecorded { Metrics.Validation: not null } => 3,
            _ => 2,
        };

    private static readonly FrozenDictionary<string, JsonTypeInfo> TypeByKind = new Dictionary<string, JsonTypeInfo>
    {
        ["trial_assigned"] = EventJsonContext.Default.TrialAssigned,
        ["trial_reused"] = EventJsonContext.Default.TrialReused,
        ["trial_continued"] = EventJsonContext.Default.TrialContinued,
        ["epoch_recorded"] = EventJsonContext.Default.EpochRecorded,
        ["trial_completed"] = EventJsonContext.Default.TrialCompleted,
        ["attempt_failed"] = EventJsonContext.Default.AttemptFailed,
        ["attempt_lost"] = EventJsonContext.Default.AttemptLost,
        ["attempt_returned"] = EventJsonContext.Default.AttemptReturned,
        ["trial_requeued"] = EventJsonContext.Default.TrialRequeued,
        ["trial_cancelled"] = EventJsonContext.Default.TrialCancelled,
        ["trial_pruned"] = EventJsonContext.Default.TrialPruned,
        ["check_assigned"] = EventJsonContext.Default.CheckAssigned,
        ["check_passed"] = EventJsonContext.Default.CheckPassed,
        ["check_returned"] = EventJsonContext.Default.CheckReturned,
        ["check_abandoned"] = EventJsonContext.Default.CheckAbandoned,
        ["results_disagreed"] = EventJsonContext.Default.ResultsDisagreed,
        ["sweep_paused"] = EventJsonContext.Default.SweepPaused,
        ["sweep_continued"] = EventJsonContext.Default.SweepContinued,
        ["trials_opened"] = EventJsonContext.Default.TrialsOpened,
        ["setting_proposed"] = EventJsonContext.Default.SettingProposed,
        ["comparison_settled"] = EventJsonContext.Default.ComparisonSettled,
        ["plan_replaced"] = EventJsonContext.Default.PlanReplaced,
        ["trials_annotated"] = EventJsonContext.Default.TrialsAnnotated,
        ["sweep_annotated"] = EventJsonContext.Default.SweepAnnotated,
        ["study_prioritized"] = EventJsonContext.Default.StudyPrioritized,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<Type, string> KindByType = TypeByKind.ToFrozenDictionary(
        pair => pair.Value.Type,
        pair => pair.Key
    );

    // Nothing here is put into HTML: a reason in any language stays readable to whoever opens the journal.
    internal static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The word for this kind of event, such as <c>trial_assigned</c>.</summary>
    /// <exception cref="NotSupportedException">A new kind of event that was not given a word here.</exception>
    public static string KindOf(Event e) =>
        KindByType.GetValueOrDefault(e.GetType())
        ?? throw new NotSupportedException($"{e.GetType().Name} has no kind in {nameof(EventJson)}; add it.");

    /// <summary>Writes the event.</summary>
    public static byte[] Write(Event e)
    {
        ArrayBufferWriter<byte> buffer = new(initialCapacity: 512);
        using (Utf8JsonWriter writer = new(buffer, WriterOptions))
            Write(e, writer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes the event with a writer of <see cref="WriterOptions"/>.</summary>
    internal static void Write(Event e, Utf8JsonWriter writer)
    {
        string kind = KindOf(e);
        writer.WriteStartObject();
        writer.WriteNumber("version"u8, VersionOf(e));
        writer.WriteString("kind"u8, kind);
        writer.WritePropertyName("event"u8);
        JsonSerializer.Serialize(writer, e, TypeByKind[kind]);
        writer.WriteEndObject();
    }

    /// <summary>Reads an event.</summary>
    /// <param name="json">What <see cref="Write(Event)"/> made.</param>
    /// <param name="place">Where it comes from, for the mistake.</param>
    public static Result<Event> Read(ReadOnlyMemory<byte> json, string place)
    {
        try
        {
            if (ReadAsWritten(json.Span) is { } e)
                return e;
            using JsonDocument document = JsonDocument.Parse(json);
            return Read(document.RootElement, place);
        }
        catch (Exception e) when (IsDamage(e))
        {
            return Damaged(place, e.Message);
        }
    }

    /// <summary>Reads event <paramref name="number"/> of a journal.</summary>
    internal static Result<Event> Read(ReadOnlySpan<byte> json, string journal, long number)
    {
        string Place() => $"{journal}: event {number}";
        try
        {
            return ReadAsWritten(json) is { } e ? e : Read(json.ToArray(), Place());
        }
        catch (Exception e) when (IsDamage(e))
        {
            return Damaged(Place(), e.Message);
        }
    }

    // Text that is no UTF-8 makes the reader throw the second one.
    private static bool IsDamage(Exception e) => e is JsonException or InvalidOperationException;

    // The members in the order in which every version so far writes them; anything else is null, and read at leisure.
    private static Event? ReadAsWritten(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        bool isPlain =
            reader.Read()
            && reader.TokenType == JsonTokenType.StartObject
            && reader.Read()
            && reader.TokenType == JsonTokenType.PropertyName
            && reader.ValueTextEquals("version"u8)
            && reader.Read()
            && reader.TokenType == JsonTokenType.Number
            && reader.TryGetInt32(out int version)
            && version is >= 1 and <= Version
            && reader.Read()
            && reader.TokenType == JsonTokenType.PropertyName
            && reader.ValueTextEquals("kind"u8)
            && reader.Read()
            && reader.TokenType == JsonTokenType.String;
        if (!isPlain || !TypeByKind.TryGetValue(reader.GetString()!, out JsonTypeInfo? type))
            return null;
        if (
            !reader.Read()
            || reader.TokenType != JsonTokenType.PropertyName
            || !reader.ValueTextEquals("event"u8)
            || !reader.Read()
        )
            return null;
        Event? e = (Event?)JsonSerializer.Deserialize(ref reader, type);
        return reader.Read() && reader.TokenType == JsonTokenType.EndObject && !reader.Read() ? e : null;
    }

    private static Result<Event> Read(JsonElement envelope, string place)
    {
        if (envelope.ValueKind != JsonValueKind.Object)
            return Damaged(place, "not a JSON object");
        if (
            !envelope.TryGetProperty("version"u8, out JsonElement version)
            || version.ValueKind != JsonValueKind.Number
            || !version.TryGetInt32(out int number)
            || number < 1
        )
        {
            return Damaged(place, "no version");
        }
        // Before all else: of a newer version nothing more is known than that it is newer.
        if (number > Version)
            return new UserError(
                place,
                $"version {number} of the event format is newer than this rouser understands ({Version}); use a newer rouser"
            );
        if (!envelope.TryGetProperty("kind"u8, out JsonElement kind) || kind.ValueKind != JsonValueKind.String)
            return Damaged(place, "no kind");
        if (!TypeByKind.TryGetValue(kind.GetString()!, out JsonTypeInfo? type))
            return new UserError(place, $"this rouser knows no event of kind '{kind.GetString()}'; use a newer rouser");
        if (!envelope.TryGetProperty("event"u8, out JsonElement body))
            return Damaged(place, "no event");
        return body.Deserialize(type) is Event e ? e : Damaged(place, "an empty event");
    }

    private static UserError Damaged(string place, string why) =>
        new(
            place,
            $"the event is damaged ({why.TrimEnd('.')}); restore the journal from a copy, or run the sweep again in another folder (--out)"
        );
}
