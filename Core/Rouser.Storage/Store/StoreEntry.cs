using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Storage.Journals;
using Rouser.Sweeps;

namespace Rouser.Storage.Store;

/// <summary>
/// A stored result as a file: a text, the files of networks and predictions, and a sum over all. The text has a line of JSON that tells what it
/// is, then a line for each event, as the journal writes it.
/// </summary>
/// <remarks>
/// Little-endian, version 1:
/// <code>
/// offset
/// 0        8 bytes   "RouserRS"
/// 8        uint32    version
/// 12       int32     m, bytes of the text
/// 16       m bytes   the text (UTF-8)
/// …        the files, one after the other
/// end-32   32 bytes  SHA-256 of all before
/// </code>
/// </remarks>
internal static class StoreEntry
{
    /// <summary>What is larger is not kept: it would have to be read as a whole.</summary>
    public const long MostBytes = 1 << 30;

    private const uint Version = 1;
    private const int HeadBytes = 16;

    private static ReadOnlySpan<byte> Magic => "RouserRS"u8;

    /// <summary>Writes a result.</summary>
    public static void Write(Stream stream, StoredResult result)
    {
        byte[] text = TextOf(result);
        byte[] head = new byte[HeadBytes];
        Magic.CopyTo(head);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(12), text.Length);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ReadOnlyMemory<byte> part in (ReadOnlyMemory<byte>[])[head, text, .. result.Files.Select(kept => kept.Content)])
        {
            hash.AppendData(part.Span);
            stream.Write(part.Span);
        }
        stream.Write(hash.GetHashAndReset());
    }

    /// <summary>Reads a result, after its sum has proved right.</summary>
    /// <returns>The result; null if it is whole and of another version of the program, which measured other
    /// things.</returns>
    /// <exception cref="InvalidDataException">The file is damaged or something else.</exception>
    public static StoredResult? Read(byte[] file)
    {
        int end = file.Length - SHA256.HashSizeInBytes;
        if (end < HeadBytes || !file.AsSpan(0, Magic.Length).SequenceEqual(Magic))
            throw new InvalidDataException("it is no stored result");
        if (!SHA256.HashData(file.AsSpan(0, end)).AsSpan().SequenceEqual(file.AsSpan(end)))
            throw new InvalidDataException("its sum is wrong");
        int text = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(12));
        if (BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(8)) != Version)
            return null;
        if (text < 0 || text > end - HeadBytes)
            throw new InvalidDataException("its text is longer than the file");
        try
        {
            return Read(file.AsMemory(HeadBytes, text), file.AsMemory(HeadBytes + text, end - HeadBytes - text));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    private static byte[] TextOf(StoredResult result)
    {
        using MemoryStream text = new();
        using JsonDocument trial = JsonDocument.Parse(result.TrialJson);
        EntryText entry = new(
            EventJson.Version,
            result.Trial.Value,
            result.Machine,
            result.Keep.Word,
            result.Origin,
            [.. result.Files.Select(kept => new FileText(kept.Name, kept.Content.Length))],
            trial.RootElement
        );
        text.Write(JsonSerializer.SerializeToUtf8Bytes(entry, StoreJsonContext.Default.EntryText));
        foreach (IResultEvent e in result.Events)
        {
            text.WriteByte((byte)'\n');
            text.Write(EventJson.Write((Event)e));
        }
        return text.ToArray();
    }

    private static StoredResult? Read(ReadOnlyMemory<byte> text, ReadOnlyMemory<byte> content)
    {
        int line = text.Span.IndexOf((byte)'\n');
        EntryText entry =
            JsonSerializer.Deserialize(text.Span[..(line < 0 ? text.Length : line)], StoreJsonContext.Default.EntryText)
            ?? throw new InvalidDataException("it is empty");
        // What is measured is part of the version of the events: a result of another one has other columns.
        if (entry.Events != EventJson.Version || KeptModels.Find(entry.Keep) is not { } keep)
            return null;
        List<IResultEvent> events = [];
        while (line >= 0)
        {
            text = text[(line + 1)..];
            line = text.Span.IndexOf((byte)'\n');
            Result<Event> read = EventJson.Read(line < 0 ? text : text[..line], "the result");
            events.Add(
                read is { IsOk: true, Value: IResultEvent measured }
                    ? measured
                    : throw new InvalidDataException("it holds a line that is no measurement")
            );
        }
        List<StoredFile> files = [];
        foreach (FileText file in entry.Files)
        {
            if (file.Bytes < 0 || file.Bytes > content.Length)
                throw new InvalidDataException("its files are longer than it is");
            files.Add(new StoredFile(file.Name, content[..file.Bytes]));
            content = content[file.Bytes..];
        }
        return content.Length == 0
            ? new StoredResult(
                new TrialId(entry.Trial),
                entry.Content.GetRawText(),
                entry.Machine,
                keep,
                entry.Origin,
                events,
                files
            )
            : throw new InvalidDataException("it is longer than it says");
    }
}

/// <summary>The first line of an entry's text.</summary>
/// <param name="Events">The version of the events, which says what is measured.</param>
/// <param name="Trial">The trial's identity.</param>
/// <param name="Content">The trial as in <c>plan.json</c>.</param>
internal sealed record EntryText(
    int Events,
    string Trial,
    string? Machine,
    string Keep,
    ResultOrigin Origin,
    IReadOnlyList<FileText> Files,
    JsonElement Content
);

/// <summary>A file in it.</summary>
internal sealed record FileText(string Name, int Bytes);

/// <summary>It in JSON, made by the compiler.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    IgnoreReadOnlyProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(EntryText))]
internal sealed partial class StoreJsonContext : JsonSerializerContext;
