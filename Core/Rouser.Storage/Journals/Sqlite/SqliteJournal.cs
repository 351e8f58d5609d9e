using System.Text.Json;
using Microsoft.Data.Sqlite;
using Rouser.Coordination;
using Rouser.Core;

namespace Rouser.Storage.Journals;

/// <summary>
/// The journal of a run in one SQLite file: a row per event, a row per trial that any event names, and one of sums; a
/// transaction per <see cref="Append"/>. SQLite's write-ahead log makes an append all or nothing, whatever is killed
/// or unplugged, and lets readers read beside the writer. One journal is used from one thread at a time; a reader
/// opens its own.
/// </summary>
public sealed class SqliteJournal : IJournal
{
    private const int PageEvents = 1000,
        SmallestDatabase = 512,
        CannotOpen = 14;

    // So much is read and understood in a tenth of a second. What is larger is checked as it is read, so that a
    // restart does not wait for it.
    private const long CheckedOnOpening = 4 << 20;

    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly SqliteJournalWriter? _writer;
    private readonly ProgressFile? _progress;
    private readonly bool _hasSnapshots,
        _hasSums;

    static SqliteJournal() => SQLitePCL.Batteries_V2.Init();

    private SqliteJournal(string path, SqliteConnection connection, bool mayWrite)
    {
        (_path, _connection) = (path, connection);
        _hasSnapshots = SqliteSchema.HasSnapshots(connection);
        _hasSums = SqliteSchema.HasSums(connection);
        if (!mayWrite)
            return;
        _writer = new SqliteJournalWriter(path, connection);
        _progress = new ProgressFile(path + ".progress", TimeProvider.System);
    }

    /// <summary>SQLite's version.</summary>
    public static string LibraryVersion => SQLitePCL.raw.sqlite3_libversion().utf8_to_string();

    /// <summary>
    /// Opens the journal to append to it, and makes it if it is missing. What a crash cut off in the middle of an
    /// append is dropped. A small journal is checked in whole, a large one as it is read.
    /// </summary>
    public static Result<SqliteJournal> Open(string path) => Open(path, SqliteOpenMode.ReadWriteCreate);

    /// <summary>Opens a journal to read it, beside a writer if there is one. <see cref="Append"/> throws.</summary>
    public static Result<SqliteJournal> OpenReadOnly(string path) =>
        File.Exists(path)
            ? Open(path, SqliteOpenMode.ReadOnly)
            : new UserError(path, "there is no journal here; name the folder of a run");

    /// <inheritdoc/>
    /// <exception cref="IOException">The disk is full, read-only or failing. Nothing was appended; the journal can be
    /// used further.</exception>
    public void Append(IReadOnlyList<Event> events, SnapshotDelta? changes = null)
    {
        if (_writer is null)
            throw new IOException(SqliteProblem.ReadOnly(_path).ToString());
        if (events.Count == 0)
            return;
        _writer.Append(events, changes);
        if (changes is not null)
            _progress!.Note(JournalProgress.Of(_writer.Last, changes.Summary));
    }

    /// <inheritdoc/>
    public string? LostProgress { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="IOException">The disk fails, or the file is damaged.</exception>
    public IEnumerable<Event> Read(long after = 0)
    {
        // In pages, because a reader that stayed in one transaction would keep the writer's log from ever being
        // folded into the file.
        foreach (Result<List<Event>> page in Pages(after))
        {
            if (!page.IsOk)
                throw new IOException(page.Errors[0].ToString());
            foreach (Event e in page.Value)
                yield return e;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The disk fails, or the file is damaged.</exception>
    public SweepSummary? ReadSummary() => Reading(() => ReadSums()?.Summary);

    /// <inheritdoc/>
    /// <exception cref="IOException">The disk fails, or the file is damaged.</exception>
    public SweepSnapshot? ReadSnapshot() =>
        Reading(() =>
        {
            // One transaction, so that trials and sums are of one moment.
            using SqliteTransaction transaction = _connection.BeginTransaction(deferred: true);
            if (ReadSums() is not (long through, SweepSummary summary))
                return null;
            using SqliteStatement select = new(_connection, $"SELECT json, {(_hasSums ? "sum" : "0")} FROM trials");
            List<TrialSnapshot> trials = [];
            while (select.Step())
            {
                trials.Add(SnapshotJson.ReadTrial(select.Text(0)));
                if (IsChanged(0, select.Text(0), select.Integer(1)))
                    throw new JsonException($"that of trial {trials[^1].Trial} is not as it was written");
            }
            return new SweepSnapshot(through, summary, trials);
        });

    /// <inheritdoc/>
    public void Dispose()
    {
        _progress?.Flush();
        _writer?.Dispose();
        _connection.Dispose();
    }

    /// <summary>
    /// Lets the file grow to so many pages of 4 KiB and no further, as a disk does that is full; for tests.
    /// </summary>
    internal void LimitTo(int pages) => SqliteSchema.Execute(_connection, $"PRAGMA max_page_count = {pages}");

    private static Result<SqliteJournal> Open(string path, SqliteOpenMode mode, bool immutable = false)
    {
        // SQLite takes a file too short to be a database for an empty one, and would write over it.
        if (new FileInfo(path) is { Exists: true, Length: > 0 and < SmallestDatabase })
            return SqliteProblem.NoDatabase(path);
        SqliteConnection connection = new(
            new SqliteConnectionStringBuilder
            {
                DataSource = immutable ? new Uri(Path.GetFullPath(path)).AbsoluteUri + "?immutable=1" : Path.GetFullPath(path),
                Mode = mode,
                Pooling = false, // A pool would keep the file open after Dispose.
            }.ToString()
        );
        try
        {
            connection.Open();
            // Milliseconds to wait for a lock.
            SqliteSchema.Execute(connection, "PRAGMA busy_timeout = 5000");
            if (SqliteSchema.Check(connection, path) is UserError wrong)
                return Refuse(connection, wrong);
            if (Prepare(connection, path, mode) is UserError unfit)
                return Refuse(connection, unfit);
            bool mayWrite = mode != SqliteOpenMode.ReadOnly;
            SqliteJournal journal = new(path, connection, mayWrite);
            bool isSmall = mayWrite && new FileInfo(path).Length <= CheckedOnOpening;
            if (isSmall && journal.FindDamage() is UserError damage)
                return Refuse(connection, damage);
            if (mayWrite)
                journal.LostProgress = journal.FindLostProgress();
            return journal;
        }
        catch (SqliteException e)
            when (e.SqliteErrorCode == CannotOpen && mode == SqliteOpenMode.ReadOnly && !immutable && !File.Exists(path + "-wal"))
        {
            // On a read-only disk SQLite cannot make the files by which readers and writer meet. There is no writer,
            // so they are not needed.
            connection.Dispose();
            return Open(path, mode, immutable: true);
        }
        catch (SqliteException e)
        {
            return Refuse(connection, SqliteProblem.ToUserError(path, e));
        }
    }

    private static UserError Refuse(SqliteConnection connection, UserError mistake)
    {
        connection.Dispose();
        return mistake;
    }

    private static UserError? Prepare(SqliteConnection connection, string path, SqliteOpenMode mode)
    {
        bool isNew = SqliteSchema.IsNew(connection);
        if (mode == SqliteOpenMode.ReadOnly)
            return isNew ? new UserError(path, "the journal is empty; start the sweep with `rouser run`") : null;
        // SQLite opens a file that it may not write for reading only, and says nothing.
        if (SQLitePCL.raw.sqlite3_db_readonly(connection.Handle, "main") == 1)
            return SqliteProblem.ReadOnly(path);
        // FULL: a commit returns when the log is on the disk; fullfsync asks the same of macOS, whose fsync alone
        // does not. The cache, KiB, holds the trials of a large sweep.
        SqliteSchema.Execute(
            connection,
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA cache_size = -65536;"
        );
        if (isNew)
            SqliteSchema.Create(connection);
        else if (!SqliteSchema.HasSums(connection))
            SqliteSchema.Upgrade(connection);
        return null;
    }

    // SQLite sums up its log but not its file, so a small file is checked when it is opened, down to each event.
    private UserError? FindDamage()
    {
        using SqliteStatement check = new(_connection, "PRAGMA quick_check(1)");
        string answer = check.Step() ? System.Text.Encoding.UTF8.GetString(check.Text(0)) : "it cannot be checked";
        check.Reset();
        if (answer != "ok")
            return SqliteProblem.Damaged(_path, OneLine.Of(answer));
        foreach (Result<List<Event>> page in Pages(after: 0))
            if (!page.IsOk)
                return page.Errors[0];
        return null;
    }

    // What is there is whole; whether it is all, only a witness outside of it can tell.
    private string? FindLostProgress() =>
        _progress!.Lost(_path, _writer!.Last, () => Reading(ReadSums), "the file, and the one with -wal beside it,");

    private bool IsChanged(long number, ReadOnlySpan<byte> json, long sum) => _hasSums && sum != RowSum.Of(number, json);

    private T Reading<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SqliteException e)
        {
            throw SqliteProblem.ToException(_path, e);
        }
        catch (JsonException e)
        {
            throw new IOException(SqliteProblem.Damaged(_path, $"its snapshot: {e.Message.TrimEnd('.')}").ToString(), e);
        }
    }

    private (long Through, SweepSummary Summary)? ReadSums()
    {
        if (!_hasSnapshots)
            return null;
        using SqliteStatement select = new(
            _connection,
            $"SELECT through, summary, {(_hasSums ? "sum" : "0")} FROM journal WHERE summary IS NOT NULL"
        );
        if (!select.Step())
            return null;
        if (IsChanged(select.Integer(0), select.Text(1), select.Integer(2)))
            throw new JsonException("its sums are not as they were written");
        return (select.Integer(0), SnapshotJson.ReadSummary(select.Text(1)));
    }

    // The events after that one, up to the last one of now, in order; ends at the first mistake.
    private IEnumerable<Result<List<Event>>> Pages(long after)
    {
        Result<long> last = LastNumber();
        if (!last.IsOk)
            yield return last.Errors[0];
        for (long first = after + 1; last.IsOk && first <= last.Value; first += PageEvents)
            yield return Page(first, Math.Min(last.Value, first + PageEvents - 1));
    }

    private Result<long> LastNumber()
    {
        try
        {
            using SqliteStatement select = new(_connection, "SELECT coalesce(max(number), 0) FROM events");
            return select.Step() ? select.Integer(0) : 0;
        }
        catch (SqliteException e)
        {
            return SqliteProblem.ToUserError(_path, e);
        }
    }

    private Result<List<Event>> Page(long first, long last)
    {
        try
        {
            using SqliteStatement select = new(
                _connection,
                $"SELECT number, json, {(_hasSums ? "sum" : "0")} FROM events WHERE number BETWEEN ? AND ? ORDER BY number"
            );
            select.Bind(1, first);
            select.Bind(2, last);
            List<Event> events = [];
            for (long expected = first; select.Step(); expected++)
            {
                if (select.Integer(0) != expected)
                    return SqliteProblem.Damaged(_path, $"event {expected} is missing");
                Result<Event> e = EventJson.Read(select.Text(1), _path, expected);
                if (!e.IsOk)
                    return e.Errors[0];
                if (IsChanged(expected, select.Text(1), select.Integer(2)))
                    return SqliteProblem.Damaged(_path, $"event {expected} is not as it was written");
                events.Add(e.Value);
            }
            return events.Count == last - first + 1
                ? events
                : SqliteProblem.Damaged(_path, $"event {first + events.Count} is missing");
        }
        catch (SqliteException e)
        {
            return SqliteProblem.ToUserError(_path, e);
        }
    }
}
