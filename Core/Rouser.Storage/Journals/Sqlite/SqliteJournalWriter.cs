using System.Buffers;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Rouser.Coordination;
using SQLitePCL;

namespace Rouser.Storage.Journals;

/// <summary>Appends to a journal in one SQLite file, by the token that it took when it was made.</summary>
internal sealed class SqliteJournalWriter : IDisposable
{
    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _begin,
        _commit,
        _rollback,
        _readToken,
        _addEvent,
        _keepTrial,
        _keepSums;
    private readonly ArrayBufferWriter<byte> _text = new(4096);
    private readonly Utf8JsonWriter _json;
    private readonly long _token;
    private long _last;

    /// <summary>Takes the next token.</summary>
    /// <exception cref="SqliteException">The file may not be written.</exception>
    public SqliteJournalWriter(string path, SqliteConnection connection)
    {
        (_path, _connection) = (path, connection);
        _json = new Utf8JsonWriter(_text, EventJson.WriterOptions);
        using (SqliteStatement take = new(connection, "UPDATE journal SET token = token + 1 RETURNING token"))
        {
            take.Step();
            _token = take.Integer(0);
            take.Run();
        }
        // Whoever had the journal before appends nothing more.
        using (SqliteStatement ask = new(connection, "SELECT coalesce(max(number), 0) FROM events"))
        {
            ask.Step();
            _last = ask.Integer(0);
        }
        // Immediate: from here on no other writer can take the next token.
        _begin = new SqliteStatement(connection, "BEGIN IMMEDIATE");
        _commit = new SqliteStatement(connection, "COMMIT");
        _rollback = new SqliteStatement(connection, "ROLLBACK");
        _readToken = new SqliteStatement(connection, "SELECT token FROM journal");
        _addEvent = new SqliteStatement(connection, "INSERT INTO events VALUES (?, ?, ?)");
        _keepTrial = new SqliteStatement(
            connection,
            "INSERT INTO trials VALUES (?, ?, ?) ON CONFLICT (trial) DO UPDATE SET json = excluded.json, sum = excluded.sum"
        );
        _keepSums = new SqliteStatement(connection, "UPDATE journal SET through = ?, summary = ?, sum = ?");
    }

    /// <summary>The number of the last event.</summary>
    public long Last => _last;

    /// <summary>See <see cref="IJournal.Append"/>.</summary>
    public void Append(IReadOnlyList<Event> events, SnapshotDelta? changes)
    {
        long before = _last;
        bool isDurable = false;
        try
        {
            _begin.Run();
            _readToken.Step();
            long token = _readToken.Integer(0);
            _readToken.Reset();
            if (token != _token)
                throw new FencedOutException(
                    $"{_path}: another rouser has opened this journal since; this one stops and has changed nothing"
                );
            foreach (Event e in events)
                Add(e);
            if (changes is not null)
                Keep(changes);
            _commit.Run();
            isDurable = true;
        }
        catch (SqliteException e)
        {
            throw SqliteProblem.ToException(_path, e);
        }
        finally
        {
            if (!isDurable)
                _last = before;
            // Some errors, such as a full disk, have rolled back already.
            if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
                _rollback.Run();
        }
    }

    public void Dispose()
    {
        foreach (
            SqliteStatement statement in (SqliteStatement[])
                [_begin, _commit, _rollback, _readToken, _addEvent, _keepTrial, _keepSums]
        )
            statement.Dispose();
        _json.Dispose();
    }

    private void Add(Event e)
    {
        Clear();
        EventJson.Write(e, _json);
        ReadOnlySpan<byte> json = Written();
        _addEvent.Bind(1, ++_last);
        _addEvent.Bind(2, json);
        _addEvent.Bind(3, RowSum.Of(_last, json));
        _addEvent.Run();
    }

    private void Keep(SnapshotDelta changes)
    {
        foreach (TrialSnapshot trial in changes.Trials)
        {
            Clear();
            SnapshotJson.Write(trial, _json);
            ReadOnlySpan<byte> json = Written();
            _keepTrial.Bind(1, trial.Trial.Value);
            _keepTrial.Bind(2, json);
            _keepTrial.Bind(3, RowSum.Of(0, json));
            _keepTrial.Run();
        }
        Clear();
        SnapshotJson.Write(changes.Summary, _json);
        ReadOnlySpan<byte> sums = Written();
        _keepSums.Bind(1, _last);
        _keepSums.Bind(2, sums);
        _keepSums.Bind(3, RowSum.Of(_last, sums));
        _keepSums.Run();
    }

    private void Clear()
    {
        _text.ResetWrittenCount();
        _json.Reset();
    }

    private ReadOnlySpan<byte> Written()
    {
        _json.Flush();
        return _text.WrittenSpan;
    }
}
