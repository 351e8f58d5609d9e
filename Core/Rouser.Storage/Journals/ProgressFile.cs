using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rouser.Coordination;
using Rouser.Storage.Files;

namespace Rouser.Storage.Journals;

/// <summary>
/// How far a journal is known to have come, in a file of the run's folder (<c>journal.db.progress</c>,
/// <c>journal.progress</c> for one in a database). A journal whose write-ahead log was deleted, a database that was
/// restored from an older copy, or either of them replaced by an empty one, is whole in itself; this is what gives it
/// away. It follows the journal by a second, so it never claims what was not there.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="time">Tells when the next writing is due.</param>
internal sealed class ProgressFile(string path, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private JournalProgress? _unwritten;
    private long? _writtenAt;

    /// <summary>
    /// What the journal had and has no more, in a line for the user; null if it has all that is known of.
    /// </summary>
    /// <param name="journal">The journal's address.</param>
    /// <param name="events">Its events now.</param>
    /// <param name="sums">Reads its sums, with the number of the last event in them.</param>
    /// <param name="copy">What to restore from a copy.</param>
    public string? Lost(string journal, long events, Func<(long Through, SweepSummary Summary)?> sums, string copy)
    {
        if (Read() is not { } then || then.Events <= events)
            return null;
        SweepSummary? summary = sums() is { } found && found.Through == events ? found.Summary : null;
        return $"{journal}: progress is lost: the journal had {then}, and has {JournalProgress.Of(events, summary)}; what is gone is "
            + $"trained again, to the same numbers, unless you stop now and restore {copy} from a copy";
    }

    /// <summary>What it says; null if it is not there, or makes no sense.</summary>
    private JournalProgress? Read()
    {
        try
        {
            return File.Exists(path)
                ? JsonSerializer.Deserialize(File.ReadAllBytes(path), ProgressJsonContext.Default.JournalProgress)
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
            string own = path + DurableFile.TemporarySuffix;
            File.WriteAllBytes(own, JsonSerializer.SerializeToUtf8Bytes(_unwritten, ProgressJsonContext.Default.JournalProgress));
            File.Move(own, path, overwrite: true);
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return;
        }
        (_unwritten, _writtenAt) = (null, time.GetTimestamp());
    }
}

/// <summary>How far a journal has come.</summary>
/// <param name="Completed">Trials completed; null where that is not known.</param>
/// <param name="Epochs">Epochs recorded; null where that is not known.</param>
internal sealed record JournalProgress(long Events, int? Completed, long? Epochs)
{
    /// <summary>Of so many events, and the sums that cover all of them, if there are any.</summary>
    public static JournalProgress Of(long events, SweepSummary? sums) =>
        events == 0 ? new(0, 0, 0) : new(events, sums?.Trials.GetValueOrDefault(TrialState.Completed), sums?.EpochsRecorded);

    /// <inheritdoc/>
    public override string ToString()
    {
        string events = string.Create(CultureInfo.InvariantCulture, $"{Events:N0} events");
        return this is { Completed: { } trials, Epochs: { } epochs }
            ? string.Create(CultureInfo.InvariantCulture, $"{events} ({trials:N0} trials completed, {epochs:N0} epochs recorded)")
            : events;
    }
}

/// <summary>Its JSON, made by the compiler.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(JournalProgress))]
internal sealed partial class ProgressJsonContext : JsonSerializerContext;
