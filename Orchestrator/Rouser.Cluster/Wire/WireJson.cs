using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Rouser.Cluster.Serving;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Sweeps;

namespace Rouser.Cluster.Wire;

/// <summary>What a worker says in one go.</summary>
/// <param name="From">Who says it.</param>
/// <param name="Messages">In the order in which it was said.</param>
public sealed record WorkerMessages(WorkerId From, IReadOnlyList<WorkerMessage> Messages);

/// <summary>
/// What goes between workers and an orchestrator, as UTF-8 JSON:
/// <c>{"version":3,"worker":"w1","messages":[{"kind":"epoch_reported",…}]}</c> one way and
/// <c>{"version":3,"orders":[{"kind":"assign",…}]}</c> the other. Every transport uses it. Kinds are words of their
/// own, never a type's name, and stand with the types (<see cref="WorkerMessage"/>, <see cref="WorkerCommand"/>), which are
/// written as they are. Reading is strict: what is unknown, missing or damaged is a mistake. A field added, dropped or
/// given a new meaning needs a new <see cref="Version"/>.
/// </summary>
public static class WireJson
{
    /// <summary>The version of the protocol. Both sides must speak the same.</summary>
    /// <remarks>
    /// 3: a trial names <c>neuron.current_factor</c> and <c>neuron.voltage_factor</c>, which a worker of version 2 knows
    /// by other names; users may ask for a retry; an epoch may say what the network takes; an assignment may say which
    /// networks of earlier epochs are kept.
    /// </remarks>
    public const int Version = 3;

    /// <summary>
    /// Whether a text is of another version of the protocol: then nothing will be understood however often it is
    /// asked for again, where a damaged one may have been an accident.
    /// </summary>
    public static bool IsOfOtherVersion(ReadOnlySpan<byte> json)
    {
        try
        {
            return VersionOf(json) is int version && version != Version;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Letters of a worker's name at most.</summary>
    public const int LongestName = 100;

    // Nothing here is put into HTML, so that a reason in any language stays readable.
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>
    /// Whether a worker may be named so: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, at most
    /// <see cref="LongestName"/>.
    /// </summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>Writes a worker's messages.</summary>
    public static byte[] Write(WorkerMessages messages) =>
        Write(new MessagesEnvelope(Version, messages.From, messages.Messages), WireJsonContext.Default.MessagesEnvelope);

    /// <summary>Writes what an orchestrator tells a worker.</summary>
    public static byte[] Write(IReadOnlyList<WorkerCommand> commands) =>
        Write(new CommandsEnvelope(Version, commands), WireJsonContext.Default.CommandsEnvelope);

    /// <summary>Writes a user's request.</summary>
    public static byte[] Write(ControlRequest request) =>
        Write(new ControlEnvelope(Version, request), WireJsonContext.Default.ControlEnvelope);

    /// <summary>Writes how a sweep stands.</summary>
    public static byte[] Write(SweepStatus status) =>
        Write(new StatusEnvelope(Version, status), WireJsonContext.Default.StatusEnvelope);

    /// <summary>Reads how a sweep stands.</summary>
    public static Result<SweepStatus> ReadStatus(ReadOnlySpan<byte> json) =>
        Read(json, WireJsonContext.Default.StatusEnvelope, read => Validated([read.Status], status => status.Fault())[0]);

    /// <summary>Reads a worker's messages.</summary>
    public static Result<WorkerMessages> ReadMessages(ReadOnlySpan<byte> json) =>
        Read(
            json,
            WireJsonContext.Default.MessagesEnvelope,
            read => new WorkerMessages(read.Worker, Validated(read.Messages, message => message.Fault()))
        );

    /// <summary>
    /// Reads what an orchestrator tells a worker; <see cref="WorkerCommand.Unfit"/> alone if one of its trials needs a
    /// plug-in that is not here.
    /// </summary>
    public static Result<IReadOnlyList<WorkerCommand>> ReadCommands(ReadOnlySpan<byte> json)
    {
        try
        {
            return Read(
                json,
                WireJsonContext.Default.CommandsEnvelope,
                read => Validated(read.Orders, command => command.Fault())
            );
        }
        catch (PluginMissingException missing)
        {
            return Result<IReadOnlyList<WorkerCommand>>.Of([new WorkerCommand.Unfit($"the sweep {missing.Message}")]);
        }
    }

    /// <summary>Reads a user's request.</summary>
    public static Result<ControlRequest> ReadControl(ReadOnlySpan<byte> json) =>
        Read(json, WireJsonContext.Default.ControlEnvelope, read => Validated([read.Request], request => request.Fault())[0]);

    private static byte[] Write<T>(T text, JsonTypeInfo<T> type)
    {
        ArrayBufferWriter<byte> buffer = new(initialCapacity: 1024);
        using (Utf8JsonWriter writer = new(buffer, WriterOptions))
            JsonSerializer.Serialize(writer, text, type);
        return buffer.WrittenSpan.ToArray();
    }

    private static Result<TValue> Read<TText, TValue>(ReadOnlySpan<byte> json, JsonTypeInfo<TText> type, Func<TText, TValue> use)
    {
        try
        {
            // Before all else: of another version nothing more is known than that it is another.
            if (VersionOf(json) is int version && version != Version)
            {
                return new UserError(
                    "",
                    $"a rouser that speaks version {Version} of the protocol was sent version {version}, that of "
                        + $"{(version < Version ? "an older" : "a newer")} one; run the same rouser on both sides"
                );
            }
            return use(JsonSerializer.Deserialize(json, type) ?? throw new JsonException("it is empty"));
        }
        // The one place where a malformed message ends, whatever it makes the reader throw: nothing that is sent may end
        // a process.
#pragma warning disable CA1031
        catch (Exception e) when (e is not (OutOfMemoryException or PluginMissingException))
        {
            // What the serializer says of a text without a kind is about our types.
            string why = e is NotSupportedException ? "a message is of no known kind" : OneLine.Of(e.Message, 300).TrimEnd('.');
            return new UserError("", $"the message is damaged ({why})");
        }
#pragma warning restore CA1031
    }

    // What the types alone do not refuse.
    private static IReadOnlyList<T> Validated<T>(IReadOnlyList<T?> read, Func<T, string?> faultOf)
    {
        foreach (T? element in read)
        {
            if ((element is null ? "an element is null" : faultOf(element)) is { } fault)
                throw new JsonException(fault);
        }
        return read!;
    }

    /// <summary>The version, which stands first; null if there is none.</summary>
    private static int? VersionOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        bool stands =
            reader.Read()
            && reader.TokenType == JsonTokenType.StartObject
            && reader.Read()
            && reader.TokenType == JsonTokenType.PropertyName
            && reader.ValueTextEquals("version"u8)
            && reader.Read()
            && reader.TokenType == JsonTokenType.Number;
        return stands && reader.TryGetInt32(out int version) ? version : null;
    }
}
