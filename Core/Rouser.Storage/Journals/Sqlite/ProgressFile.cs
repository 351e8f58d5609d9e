using System.Text.Json;
using System.Text.Json.Serialization;
using Rouser.Coordination;
using Rouser.Storage.Files;

namespace Rouser.Storage.Journals;

/// <summary>
/// How far a journal is known to have come, in a file of its own beside it (<c>journal.db.progress</c>). A journal
/// whose write-ahead log was deleted, or that was replaced by an empty file or an older copy, is whole in itself;
/// this is what gives it away. It follows the journal by a second, so it never claims what was not there.
/// </summary>
/// <param name="journal">The journal's path.</param>
/// <param name="time">Tells when the next writing is due.</param>
internal sealed class ProgressFile(string journal, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly string _path = journal + ".progress";
    private JournalProgress? _unwritten;
    private long? _writtenAt;

    /// <summary>What it says; null if it is not there, or makes no sense.</summary>
    public JournalProgress? Read()
    {
        try
        {
            return File.Exists(_path)
                ? JsonSerializer.Deserialize(File.ReadAllBytes(_path), ProgressJsonContext.Default.JournalProgress)
                : null;
        }
        catch (Exception e) when (e is JsonException || DiskProblem.IsOne(e))
        {
            return null;
        }
    }

    /// <summary>Notes what is durable now; writes it if that is due.</summary>
    public void Note(JournalProgress progress)
    {
        _unwritten = progress;
        if (_writtenAt is not { } at || time.GetElapsedTime(at) >= Interval)
            Flush();
    }

    /// <summary>Writes what is noted. Where that fails nothing is lost but the witness.</summary>
    public void Flush()
    {
        if (_unwritten is null)
            return;
        try
        {
            // Not synced: what a crash takes from it makes it claim less, never more.
            string own = _path + DurableFile.TemporarySuffix;
            File.WriteAllBytes(own, JsonSerializer.SerializeToUtf8Bytes(_unwritten, ProgressJsonContext.Default.JournalProgress));
            File.Move(own, _path, overwrite: true);
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return;
        }
        (_unwritten, _writtenAt) = (null, time.GetTimestamp());
    }
}

/// <summary>How far a journal has come.</summary>
/// <param name="Events">Its events.</param>
/// <param name="Completed">Trials completed; null where that is not known.</param>
/// <param name="Epochs">Epochs recorded; null where that is not known.</param>
internal sealed record JournalProgress(long Events, int? Completed, long? Epochs)
{
    public static JournalProgress Of(long events, SweepSummary? sums) =>
        new(events, sums?.Trials.GetValueOrDefault(TrialState.Completed), sums?.EpochsRecorded);
}

/// <summary>Its JSON, made by the compiler.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(JournalProgress))]
internal sealed partial class ProgressJsonContext : JsonSerializerContext;
