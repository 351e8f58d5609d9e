using System.Data;
using System.Text;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Rouser.Coordination;
using Rouser.Core;

namespace Rouser.Storage.Journals;

/// <summary>
/// The journal of a run in a PostgreSQL database, for orchestrators on several machines. An append is one statement,
/// so one transaction: it moves the journal's row on if the row still has this writer's token, and adds events and
/// trials only if it did. That row is the journal's lock.
/// </summary>
/// <remarks>
/// A connection that breaks in an append leaves open whether the append is in the journal. Nothing of it was acted
/// upon, so that is a crash between the two, which a restart mends by reading the journal.
/// </remarks>
public sealed class PostgresJournal : IJournal
{
    private const int PageEvents = 1000;

    private readonly JournalAddress _address;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlCommand? _append;
    private readonly long _id,
        _token;

    private PostgresJournal(JournalAddress address, NpgsqlConnection connection, long id, long? token)
    {
        (_address, _connection, _id, _token) = (address, connection, id, token ?? 0);
        if (token is not null)
            _append = Appending(connection);
    }

    /// <summary>Opens the journal to append to it; makes it if it is missing.</summary>
    public static Result<PostgresJournal> Open(JournalAddress address, string fingerprint) =>
        Open(
            address,
            connection =>
            {
                using (NpgsqlCommand durable = new("SET synchronous_commit = on", connection))
                    durable.ExecuteNonQuery();
                PostgresSchema.Create(connection);
                using NpgsqlCommand take = new(
                    """
                    INSERT INTO rouser_journals (name, schema, token, last, through) VALUES ($1, $2, 1, 0, 0)
                    ON CONFLICT (name) DO UPDATE SET token = rouser_journals.token + 1 WHERE rouser_journals.schema <= $2
                    RETURNING id, token
                    """,
                    connection
                );
                take.Parameters.Add(Parameter(NameOf(address, fingerprint)));
                take.Parameters.Add(Parameter(PostgresSchema.Version));
                (long Id, long Token) taken;
                using (NpgsqlDataReader reader = take.ExecuteReader())
                {
                    if (!reader.Read())
                        return Newer(address);
                    taken = (reader.GetInt64(0), reader.GetInt64(1));
                }
                PostgresWriters.Join(connection, taken.Id);
                return taken;
            }
        );

    /// <summary>Opens a journal to read it, beside a writer if there is one. <see cref="Append"/> throws.</summary>
    public static Result<PostgresJournal> OpenReadOnly(JournalAddress address, string fingerprint) =>
        Open(
            address,
            connection =>
            {
                if (!PostgresSchema.Exists(connection))
                    return Missing(address);
                using NpgsqlCommand find = new("SELECT id, schema FROM rouser_journals WHERE name = $1", connection);
                find.Parameters.Add(Parameter(NameOf(address, fingerprint)));
                using NpgsqlDataReader reader = find.ExecuteReader();
                if (!reader.Read())
                    return Missing(address);
                return reader.GetInt32(1) > PostgresSchema.Version ? Newer(address) : (reader.GetInt64(0), (long?)null);
            }
        );

    /// <inheritdoc/>
    /// <exception cref="IOException">The database refused, or the connection broke.</exception>
    public void Append(IReadOnlyList<Event> events, SnapshotDelta? changes = null)
    {
        if (_append is null)
            throw new IOException(new Mistake(_address.Text, "the journal was opened to be read only").ToString());
        if (events.Count == 0)
            return;
        _append.Parameters[0].Value = _id;
        _append.Parameters[1].Value = _token;
        _append.Parameters[2].Value = (long)events.Count;
        _append.Parameters[3].Value = events.Select(e => Encoding.UTF8.GetString(EventJson.Write(e))).ToArray();
        _append.Parameters[4].Value = changes?.Trials.Select(t => t.Trial.Value).ToArray() ?? [];
        _append.Parameters[5].Value = changes?.Trials.Select(SnapshotJson.Write).ToArray() ?? [];
        _append.Parameters[6].Value = changes is null ? DBNull.Value : SnapshotJson.Write(changes.Summary);
        bool isOurs = Doing(() => _append.ExecuteScalar() is not null);
        if (!isOurs)
            throw new FencedOutException(
                $"{_address}: another rouser has opened this journal since; this one stops and has changed nothing"
            );
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The database refused, the connection broke, or an event is damaged.</exception>
    public IEnumerable<Event> Read(long after = 0)
    {
        long last = Doing(LastNumber);
        for (long first = after + 1; first <= last; first += PageEvents)
        {
            foreach (Event e in Doing(() => Page(first, Math.Min(last, first + PageEvents - 1))))
                yield return e;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The database refused, or the connection broke.</exception>
    public SweepSummary? ReadSummary() => Doing(() => ReadSums()?.Summary);

    /// <inheritdoc/>
    /// <exception cref="IOException">The database refused, or the connection broke.</exception>
    public SweepSnapshot? ReadSnapshot() =>
        Doing(() =>
        {
            // One transaction, so that trials and sums are of one moment.
            using NpgsqlTransaction transaction = _connection.BeginTransaction(IsolationLevel.RepeatableRead);
            if (ReadSums() is not (long through, SweepSummary summary))
                return null;
            using NpgsqlCommand select = new("SELECT json FROM rouser_trials WHERE journal = $1", _connection);
            select.Parameters.Add(Parameter(_id));
            using NpgsqlDataReader reader = select.ExecuteReader();
            List<TrialSnapshot> trials = [];
            while (reader.Read())
                trials.Add(SnapshotJson.ReadTrial(Encoding.UTF8.GetBytes(reader.GetString(0))));
            return new SweepSnapshot(through, summary, trials);
        });

    /// <inheritdoc/>
    /// <exception cref="IOException">The database refused, or the connection broke.</exception>
    public bool HasWriter => Doing(() => PostgresWriters.AreThere(_connection, _id));

    /// <inheritdoc/>
    public void Dispose()
    {
        _append?.Dispose();
        _connection.Dispose();
    }

    private static Result<PostgresJournal> Open(
        JournalAddress address,
        Func<NpgsqlConnection, Result<(long Id, long? Token)>> find
    )
    {
        NpgsqlConnection connection = new(address.Database!.ConnectionString);
        try
        {
            connection.Open();
            Result<(long Id, long? Token)> found = find(connection);
            if (found.IsOk)
                return new PostgresJournal(address, connection, found.Value.Id, found.Value.Token);
            connection.Dispose();
            return Result<PostgresJournal>.Wrong(found.Mistakes);
        }
        catch (NpgsqlException e)
        {
            connection.Dispose();
            return PostgresProblem.ToMistake(address, e);
        }
    }

    private static NpgsqlCommand Appending(NpgsqlConnection connection)
    {
        NpgsqlCommand append = new(
            """
            WITH journal AS (
                UPDATE rouser_journals
                SET last = last + $3, through = CASE WHEN $7::text IS NULL THEN through ELSE last + $3 END, summary = coalesce($7, summary)
                WHERE id = $1 AND token = $2
                RETURNING last),
            added AS (
                INSERT INTO rouser_events
                SELECT $1, journal.last - $3 + event.number, event.json FROM journal, unnest($4) WITH ORDINALITY AS event (json, number)),
            kept AS (
                INSERT INTO rouser_trials
                SELECT $1, trial.trial, trial.json FROM journal, unnest($5, $6) AS trial (trial, json)
                ON CONFLICT (journal, trial) DO UPDATE SET json = excluded.json)
            SELECT last FROM journal
            """,
            connection
        );
        foreach (
            NpgsqlDbType type in (NpgsqlDbType[])
                [
                    NpgsqlDbType.Bigint,
                    NpgsqlDbType.Bigint,
                    NpgsqlDbType.Bigint,
                    NpgsqlDbType.Array | NpgsqlDbType.Text,
                    NpgsqlDbType.Array | NpgsqlDbType.Text,
                    NpgsqlDbType.Array | NpgsqlDbType.Text,
                    NpgsqlDbType.Text,
                ]
        )
        {
            append.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
        }
        append.Prepare();
        return append;
    }

    private (long Through, SweepSummary Summary)? ReadSums()
    {
        using NpgsqlCommand select = new(
            "SELECT through, summary FROM rouser_journals WHERE id = $1 AND summary IS NOT NULL",
            _connection
        );
        select.Parameters.Add(Parameter(_id));
        using NpgsqlDataReader reader = select.ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), SnapshotJson.ReadSummary(Encoding.UTF8.GetBytes(reader.GetString(1)))) : null;
    }

    private long LastNumber()
    {
        using NpgsqlCommand select = new("SELECT last FROM rouser_journals WHERE id = $1", _connection);
        select.Parameters.Add(Parameter(_id));
        return (long)select.ExecuteScalar()!;
    }

    private List<Event> Page(long first, long last)
    {
        using NpgsqlCommand select = new(
            "SELECT number, json FROM rouser_events WHERE journal = $1 AND number BETWEEN $2 AND $3 ORDER BY number",
            _connection
        );
        foreach (long value in (long[])[_id, first, last])
            select.Parameters.Add(Parameter(value));
        using NpgsqlDataReader reader = select.ExecuteReader();
        List<Event> events = [];
        for (long expected = first; expected <= last; expected++)
        {
            if (!reader.Read() || reader.GetInt64(0) != expected)
                throw new IOException(
                    new Mistake(
                        _address.Text,
                        $"the journal is damaged (event {expected} is missing); restore the database from a copy"
                    ).ToString()
                );
            Result<Event> e = EventJson.Read(Encoding.UTF8.GetBytes(reader.GetString(1)), _address.Text, expected);
            events.Add(e.IsOk ? e.Value : throw new IOException(e.Mistakes[0].ToString()));
        }
        return events;
    }

    private T Doing<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (NpgsqlException e)
        {
            throw PostgresProblem.ToException(_address, e);
        }
        catch (JsonException e)
        {
            throw new IOException(
                new Mistake(
                    _address.Text,
                    $"the journal is damaged (its snapshot: {e.Message.TrimEnd('.')}); restore the database from a copy"
                ).ToString(),
                e
            );
        }
    }

    private static string NameOf(JournalAddress address, string fingerprint) => address.Name ?? fingerprint;

    private static Mistake Missing(JournalAddress address) =>
        new(
            address.Text,
            "the database has no journal of this sweep; start it with `rouser serve` or `rouser run`, or name its journal with ?journal=NAME"
        );

    private static Mistake Newer(JournalAddress address) =>
        new(
            address.Text,
            $"the journal's schema is newer than this rouser understands ({PostgresSchema.Version}); use a newer rouser"
        );

    private static NpgsqlParameter<T> Parameter<T>(T value) => new() { TypedValue = value };
}
