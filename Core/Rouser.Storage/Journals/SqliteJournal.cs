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
    private readonly SqliteCommand _insert, _count, _select;

    static SqliteJournal() => SQLitePCL.Batteries_V2.Init();

    private SqliteJournal(string path, SqliteConnection connection)
    {
        (_path, _connection) = (path, connection);
        _insert = Command("INSERT INTO events (json) VALUES ($json)", "$json");
        _count = Command("SELECT coalesce(max(number), 0) FROM events");
        _select = Command("SELECT number, json FROM events WHERE number BETWEEN $first AND $last ORDER BY number", "$first", "$last");
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
    public void Append(IReadOnlyList<Event> events)
    {
        if (events.Count == 0) return;
        try
        {
            using SqliteTransaction transaction = _connection.BeginTransaction();
            _insert.Transaction = transaction;
            foreach (Event e in events)
            {
                _insert.Parameters[0].Value = Encoding.UTF8.GetString(EventJson.Write(e));
                _insert.ExecuteNonQuery();
            }
            transaction.Commit();
        }
        catch (SqliteException e)
        {
            throw SqliteProblem.ToException(_path, e);
        }
        finally
        {
            _insert.Transaction = null;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The disk fails, or the file was damaged after it was opened.</exception>
    public IEnumerable<Event> Read()
    {
        // In pages, because a reader that stayed in one transaction would keep the writer's log from ever being folded into the file.
        foreach (Result<List<Event>> page in Pages())
        {
            if (!page.IsOk) throw new IOException(page.Mistakes[0].ToString());
            foreach (Event e in page.Value) yield return e;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _insert.Dispose();
        _count.Dispose();
        _select.Dispose();
        _connection.Dispose();
    }

    /// <summary>Lets the file grow to so many pages of 4 KiB and no further, as a disk does that is full; for tests.</summary>
    internal void LimitTo(int pages) => SqliteSchema.Do(_connection, $"PRAGMA max_page_count = {pages}");

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
            SqliteJournal journal = new(path, connection);
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
        return null;
    }

    // SQLite sums up its log but not its file, so the file is checked once, when it is opened, down to each event.
    private Mistake? FindDamage()
    {
        using SqliteCommand check = Command("PRAGMA quick_check(1)");
        string answer = (string)check.ExecuteScalar()!;
        if (answer != "ok") return Damaged(answer.ReplaceLineEndings(" "));
        foreach (Result<List<Event>> page in Pages())
            if (!page.IsOk) return page.Mistakes[0];
        return null;
    }

    // The events up to the last one of now, in order; ends at the first mistake.
    private IEnumerable<Result<List<Event>>> Pages()
    {
        Result<long> last = LastNumber();
        if (!last.IsOk) yield return last.Mistakes[0];
        for (long first = 1; last.IsOk && first <= last.Value; first += PageEvents)
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
