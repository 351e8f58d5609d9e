using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Data.Sqlite;
using Rouser.Core;
using Rouser.Core.Coordination;

[assembly: InternalsVisibleTo("Rouser.Storage.Tests")] // For LimitTo.

namespace Rouser.Storage.Journals;

/// <summary>
/// The journal of a run in one SQLite file: a row per event, a transaction per <see cref="Append"/>. SQLite's write-ahead log makes an append
/// all or nothing, whatever is killed or unplugged, and lets readers read beside the writer. One journal is used from one thread at a
/// time; a reader opens its own.
/// </summary>
public sealed class SqliteJournal : IJournal
{
    private const int PageEvents = 1000, SmallestDatabase = 512, CannotOpen = 14;

    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert, _count, _select, _keepTrial, _keepSums, _token;
    private readonly bool _hasSnapshots;
    private readonly long _ownToken;

    static SqliteJournal() => SQLitePCL.Batteries_V2.Init();

    private SqliteJournal(string path, SqliteConnection connection, long token)
    {
        (_path, _connection, _ownToken) = (path, connection, token);
        _hasSnapshots = SqliteSchema.HasSnapshots(connection);
        _insert = Command("INSERT INTO events (json) VALUES ($json)", "$json");
        _count = Command("SELECT coalesce(max(number), 0) FROM events");
        _select = Command("SELECT number, json FROM events WHERE number BETWEEN $first AND $last ORDER BY number", "$first", "$last");
        _keepTrial = Command("INSERT INTO trials VALUES ($trial, $json) ON CONFLICT (trial) DO UPDATE SET json = excluded.json", "$trial", "$json");
        _keepSums = Command("UPDATE journal SET through = (SELECT max(number) FROM events), summary = $summary", "$summary");
        _token = Command("SELECT token FROM journal");
    }

    /// <summary>SQLite's version.</summary>
    public static string LibraryVersion => SQLitePCL.raw.sqlite3_libversion().utf8_to_string();

    /// <summary>
    /// Opens the journal to append to it, after a check of all it holds; makes it if it is missing. What a crash cut off in the middle of an
    /// append is dropped.
    /// </summary>
    public static Result<SqliteJournal> Open(string path) => Open(path, SqliteOpenMode.ReadWriteCreate);

    /// <summary>Opens a journal to read it, beside a writer if there is one. <see cref="Append"/> throws.</summary>
    public static Result<SqliteJournal> OpenReadOnly(string path) =>
        File.Exists(path) ? Open(path, SqliteOpenMode.ReadOnly) : new Mistake(path, "there is no journal here; name the folder of a run");

    /// <inheritdoc/>
    /// <exception cref="IOException">The disk is full, read-only or failing. Nothing was appended; the journal can be used further.</exception>
    public void Append(IReadOnlyList<Event> events, SnapshotDelta? changes = null)
    {
        if (events.Count == 0) return;
        try
        {
            // Immediate: from here on no other writer can take the next token.
            using SqliteTransaction transaction = _connection.BeginTransaction();
            foreach (SqliteCommand command in Writing) command.Transaction = transaction;
            if ((long)_token.ExecuteScalar()! != _ownToken) throw FencedOut();
            foreach (Event e in events)
            {
                _insert.Parameters[0].Value = Encoding.UTF8.GetString(EventJson.Write(e));
                _insert.ExecuteNonQuery();
            }
            if (changes is not null) Keep(changes);
            transaction.Commit();
        }
        catch (SqliteException e)
        {
            throw SqliteProblem.ToException(_path, e);
        }
        finally
        {
            foreach (SqliteCommand command in Writing) command.Transaction = null;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The disk fails, or the file was damaged after it was opened.</exception>
    public IEnumerable<Event> Read(long after = 0)
    {
        // In pages, because a reader that stayed in one transaction would keep the writer's log from ever being folded into the file.
        foreach (Result<List<Event>> page in Pages(after))
        {
            if (!page.IsOk) throw new IOException(page.Mistakes[0].ToString());
            foreach (Event e in page.Value) yield return e;
        }
    }

    /// <inheritdoc/>
    public SweepSummary? ReadSummary() => ReadSums()?.Summary;

    /// <inheritdoc/>
    public SweepSnapshot? ReadSnapshot()
    {
        if (!_hasSnapshots) return null;
        // One transaction, so that trials and sums are of one moment.
        using SqliteTransaction transaction = _connection.BeginTransaction(deferred: true);
        if (ReadSums() is not (long through, SweepSummary summary)) return null;
        List<TrialSnapshot> trials = [];
        using SqliteCommand select = Command("SELECT json FROM trials");
        select.Transaction = transaction;
        using SqliteDataReader reader = select.ExecuteReader();
        while (reader.Read()) trials.Add(SnapshotJson.ReadTrial(reader.GetFieldValue<byte[]>(0)));
        return new SweepSnapshot(through, summary, trials);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _insert.Dispose();
        _count.Dispose();
        _select.Dispose();
        _keepTrial.Dispose();
        _keepSums.Dispose();
        _token.Dispose();
        _connection.Dispose();
    }

    /// <summary>Lets the file grow to so many pages of 4 KiB and no further, as a disk does that is full; for tests.</summary>
    internal void LimitTo(int pages) => SqliteSchema.Do(_connection, $"PRAGMA max_page_count = {pages}");

    private SqliteCommand[] Writing => [_insert, _keepTrial, _keepSums, _token];

    private void Keep(SnapshotDelta changes)
    {
        foreach (TrialSnapshot trial in changes.Trials)
        {
            _keepTrial.Parameters[0].Value = trial.Trial.Value;
            _keepTrial.Parameters[1].Value = Encoding.UTF8.GetString(SnapshotJson.Write(trial));
            _keepTrial.ExecuteNonQuery();
        }
        _keepSums.Parameters[0].Value = Encoding.UTF8.GetString(SnapshotJson.Write(changes.Summary));
        _keepSums.ExecuteNonQuery();
    }

    private (long Through, SweepSummary Summary)? ReadSums()
    {
        if (!_hasSnapshots) return null;
        using SqliteCommand select = Command("SELECT through, summary FROM journal WHERE summary IS NOT NULL");
        using SqliteDataReader reader = select.ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), SnapshotJson.ReadSummary(reader.GetFieldValue<byte[]>(1))) : null;
    }

    private FencedOutException FencedOut() =>
        new($"{_path}: another rouser has opened this journal since; this one has ended and changed nothing");

    private static Result<SqliteJournal> Open(string path, SqliteOpenMode mode, bool immutable = false)
    {
        // SQLite takes a file too short to be a database for an empty one, and would write over it.
        if (new FileInfo(path) is { Exists: true, Length: > 0 and < SmallestDatabase }) return SqliteProblem.NoDatabase(path);
        SqliteConnection connection = new(new SqliteConnectionStringBuilder
        {
            DataSource = immutable ? new Uri(Path.GetFullPath(path)).AbsoluteUri + "?immutable=1" : Path.GetFullPath(path),
            Mode = mode,
            Pooling = false, // A pool would keep the file open after Dispose.
            DefaultTimeout = 5, // Seconds to wait for a lock.
        }.ToString());
        try
        {
            connection.Open();
            if (SqliteSchema.Check(connection, path) is Mistake wrong) return Refuse(connection, wrong);
            if (Prepare(connection, path, mode) is Mistake unfit) return Refuse(connection, unfit);
            SqliteJournal journal = new(path, connection, mode == SqliteOpenMode.ReadOnly ? 0 : TakeToken(connection));
            return journal.FindDamage() is Mistake damage ? Refuse(connection, damage) : journal;
        }
        catch (SqliteException e)
            when (e.SqliteErrorCode == CannotOpen && mode == SqliteOpenMode.ReadOnly && !immutable && !File.Exists(path + "-wal"))
        {
            // On a read-only disk SQLite cannot make the files by which readers and writer meet. There is no writer, so they are not needed.
            connection.Dispose();
            return Open(path, mode, immutable: true);
        }
        catch (SqliteException e)
        {
            return Refuse(connection, SqliteProblem.ToMistake(path, e));
        }
    }

    private static Mistake Refuse(SqliteConnection connection, Mistake mistake)
    {
        connection.Dispose();
        return mistake;
    }

    private static Mistake? Prepare(SqliteConnection connection, string path, SqliteOpenMode mode)
    {
        bool isNew = SqliteSchema.IsNew(connection);
        if (mode == SqliteOpenMode.ReadOnly) return isNew ? new Mistake(path, "the journal is empty; start the sweep with `rouser run`") : null;
        // SQLite opens a file that it may not write for reading only, and says nothing.
        if (SQLitePCL.raw.sqlite3_db_readonly(connection.Handle, "main") == 1) return SqliteProblem.ReadOnly(path);
        // FULL: a commit returns when the log is on the disk; fullfsync asks the same of macOS, whose fsync alone does not.
        SqliteSchema.Do(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;");
        if (isNew) SqliteSchema.Create(connection);
        else if (!SqliteSchema.HasSnapshots(connection)) SqliteSchema.Upgrade(connection);
        return null;
    }

    private static long TakeToken(SqliteConnection connection)
    {
        using SqliteCommand take = connection.CreateCommand();
        take.CommandText = "UPDATE journal SET token = token + 1 RETURNING token";
        return (long)take.ExecuteScalar()!;
    }

    // SQLite sums up its log but not its file, so the file is checked once, when it is opened, down to each event.
    private Mistake? FindDamage()
    {
        using SqliteCommand check = Command("PRAGMA quick_check(1)");
        string answer = (string)check.ExecuteScalar()!;
        if (answer != "ok") return Damaged(answer.ReplaceLineEndings(" "));
        foreach (Result<List<Event>> page in Pages(after: 0))
            if (!page.IsOk) return page.Mistakes[0];
        return null;
    }

    // The events after that one, up to the last one of now, in order; ends at the first mistake.
    private IEnumerable<Result<List<Event>>> Pages(long after)
    {
        Result<long> last = LastNumber();
        if (!last.IsOk) yield return last.Mistakes[0];
        for (long first = after + 1; last.IsOk && first <= last.Value; first += PageEvents)
            yield return Page(first, Math.Min(last.Value, first + PageEvents - 1));
    }

    private Result<long> LastNumber()
    {
        try
        {
            return (long)_count.ExecuteScalar()!;
        }
        catch (SqliteException e)
        {
            return SqliteProblem.ToMistake(_path, e);
        }
    }

    private Result<List<Event>> Page(long first, long last)
    {
        try
        {
            _select.Parameters[0].Value = first;
            _select.Parameters[1].Value = last;
            using SqliteDataReader reader = _select.ExecuteReader();
            List<Event> events = [];
            for (long expected = first; reader.Read(); expected++)
            {
                if (reader.GetInt64(0) != expected) return Damaged($"event {expected} is missing");
                Result<Event> e = EventJson.Read(reader.GetFieldValue<byte[]>(1), $"{_path}: event {expected}");
                if (!e.IsOk) return e.Mistakes[0];
                events.Add(e.Value);
            }
            return events.Count == last - first + 1 ? events : Damaged($"event {first + events.Count} is missing");
        }
        catch (SqliteException e)
        {
            return SqliteProblem.ToMistake(_path, e);
        }
    }

    private Mistake Damaged(string why) => SqliteProblem.Damaged(_path, why);

    private SqliteCommand Command(string sql, params ReadOnlySpan<string> parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (string name in parameters) command.Parameters.Add(new SqliteParameter(name, null));
        return command;
    }
}
