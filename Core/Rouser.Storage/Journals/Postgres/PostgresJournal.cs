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

    private const string Fenced = "another rouser has opened this journal since; this one stops and has changed nothing";

    private readonly JournalAddress _address;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlCommand? _append;
    private readonly ProgressFile? _progress;
    private readonly long _id,
        _token;
    private readonly bool _hasSums;
    private long _last;

    private PostgresJournal(JournalAddress address, NpgsqlConnection connection, JournalRow found, string? folder)
    {
        (_address, _connection) = (address, connection);
        (_id, _token, _last, _hasSums) = (found.Id, found.Token, found.Last, found.HasSums);
        if (folder is null)
            return;
        _append = Appending(connection);
        _progress = new ProgressFile(Path.Combine(folder, "journal.progress"), TimeProvider.System);
        LostProgress = _progress.Lost(address.Text, _last, () => WithErrorsExplained(ReadSums), "the database");
    }

    /// <summary>Opens the journal to append to it; makes it if it is missing.</summary>
    /// <param name="address">The database.</param>
    /// <param name="fingerprint">The plan's.</param>
    /// <param name="folder">Where it is noted how far the journal has come.</param>
    public static Result<PostgresJournal> Open(JournalAddress address, string fingerprint, string folder) =>
        Open(
            address,
            folder,
            connection =>
            {
                using (NpgsqlCommand durable = new("SET synchronous_commit = on", connection))
                    durable.ExecuteNonQuery();
                PostgresSchema.Create(connection);
                using NpgsqlCommand take = new(
                    """
                    INSERT INTO rouser_journals (name, schema, token, last, through) VALUES ($1, $2, 1, 0, 0)
                    ON CONFLICT (name) DO UPDATE SET token = rouser_journals.token + 1 WHERE rouser_journals.schema <= $2
                    RETURNING id, token, last, schema
                    """,
                    connection
                );
                take.Parameters.AddValue(NameOf(address, fingerprint));
                take.Parameters.AddValue(PostgresSchema.Version);
                JournalRow found;
                int schema;
                using (NpgsqlDataReader reader = take.ExecuteReader())
                {
                    if (!reader.Read())
                        return Newer(address);
                    found = new(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), HasSums: true);
                    schema = reader.GetInt32(3);
                }
                PostgresWriters.Join(connection, found.Id);
                return PostgresSchema.HasSums(schema) || PostgresSchema.Upgrade(connection, found.Id, found.Token)
                    ? found
                    : new UserError(address.Text, Fenced);
            }
        );

    /// <summary>Opens a journal to read it, beside a writer if there is one. <see cref="Append"/> throws.</summary>
    public static Result<PostgresJournal> OpenReadOnly(JournalAddress address, string fingerprint) =>
        Open(
            address,
            null,
            connection =>
            {
                if (!PostgresSchema.Exists(connection))
                    return Missing(address);
                using NpgsqlCommand find = new("SELECT id, schema FROM rouser_journals WHERE name = $1", connection);
                find.Parameters.AddValue(NameOf(address, fingerprint));
                using NpgsqlDataReader reader = find.ExecuteReader();
                if (!reader.Read())
                    return Missing(address);
                return reader.GetInt32(1) > PostgresSchema.Version
                    ? Newer(address)
                    : new JournalRow(reader.GetInt64(0), 0, 0, PostgresSchema.HasSums(reader.GetInt32(1)));
            }
        );

    /// <inheritdoc/>
    /// <exception cref="IOException">The database refused, or the connection broke.</exception>
    public void Append(IReadOnlyList<Event> events, SnapshotDelta? changes = null)
    {
        if (_append is null)
            throw new IOException(new UserError(_address.Text, "the journal was opened to be read only").ToString());
        if (events.Count == 0)
            return;
        long last = _last + events.Count;
        byte[][] json = [.. events.Select(EventJson.Write)];
        string[] trials = changes?.Trials.Select(SnapshotJson.Write).ToArray() ?? [];
        string? summary = changes is null ? null : SnapshotJson.Write(changes.Summary);
        _append.Parameters[0].Value = _id;
        _append.Parameters[1].Value = _token;
        _append.Parameters[2].Value = last;
        _append.Parameters[3].Value = json.Select(Encoding.UTF8.GetString).ToArray();
        _append.Parameters[4].Value = json.Select((e, i) => RowSum.Of(_last + 1 + i, e)).ToArray();
        _append.Parameters[5].Value = changes?.Trials.Select(t => t.Trial.Value).ToArray() ?? [];
        _append.Parameters[6].Value = trials;
        _append.Parameters[7].Value = trials.Select(t => RowSum.Of(0, t)).ToArray();
        _append.Parameters[8].Value = (object?)summary ?? DBNull.Value;
        _append.Parameters[9].Value = summary is null ? DBNull.Value : RowSum.Of(last, summary);
        bool isOurs = WithErrorsExplained(() => _append.ExecuteScalar() is not null);
        if (!isOurs)
            throw new FencedOutException($"{_address}: {Fenced}");
        _last = last;
        if (changes is not null)
            _progress!.Note(JournalProgress.Of(_last, changes.Summary));
    }

    /// <inheritdoc/>
    public string? LostProgress { get; }

    /// <inheritdoc/>
    /// <exception cref="IOException">The database refused, the connection broke, or an event is damaged.</exception>
    public IEnumerable<Event> Read(long after = 0)
    {
        long last = WithErrorsExplained(LastNumber);
        for (long first = after + 1; first <= last; first += PageEvents)
        {
            foreach (Event e in WithErrorsExplained(() => Page(first, Math.Min(last, first + PageEvents - 1))))
                yield return e;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The database refused, or the connection broke.</exception>
    public SweepSummary? ReadSummary() => WithErrorsExplained(() => ReadSums()?.Summary);

    /// <inheritdoc/>
    /// <exception cref="IOException">The database refused, or the connection broke.</exception>
    public SweepSnapshot? ReadSnapshot() =>
        WithErrorsExplained(() =>
        {
            // One transaction, so that trials and sums are of one moment.
            using NpgsqlTransaction transaction = _connection.BeginTransaction(IsolationLevel.RepeatableRead);
            if (ReadSums() is not (long through, SweepSummary summary))
                return null;
            using NpgsqlCommand select = new($"SELECT json, {Sum} FROM rouser_trials WHERE journal = $1", _connection);
            select.Parameters.AddValue(_id);
            using NpgsqlDataReader reader = select.ExecuteReader();
            List<TrialSnapshot> trials = [];
            while (reader.Read())
            {
                trials.Add(SnapshotJson.ReadTrial(Encoding.UTF8.GetBytes(reader.GetString(0))));
                if (IsChanged(reader, 0, json: 0, sum: 1))
                    throw new JsonException($"that of trial {trials[^1].Trial} is not as it was written");
            }
            return new SweepSnapshot(through, summary, trials);
        });

    /// <inheritdoc/>
    /// <exception cref="IOException">The database refused, or the connection broke.</exception>
    public bool HasWriter => WithErrorsExplained(() => PostgresWriters.AreThere(_connection, _id));

    /// <inheritdoc/>
    public void Dispose()
    {
        _progress?.Flush();
        _append?.Dispose();
        _connection.Dispose();
    }

    private static Result<PostgresJournal> Open(
        JournalAddress address,
        string? folder,
        Func<NpgsqlConnection, Result<JournalRow>> find
    )
    {
        NpgsqlConnection connection = new(address.Database!.ConnectionString);
        try
        {
            connection.Open();
            Result<JournalRow> found = find(connection);
            if (found.IsOk)
                return new PostgresJournal(address, connection, found.Value, folder);
            connection.Dispose();
            return Result<PostgresJournal>.Failed(found.Errors);
        }
        catch (NpgsqlException e)
        {
            connection.Dispose();
            return PostgresProblem.ToUserError(address, e);
        }
    }

    private static NpgsqlCommand Appending(NpgsqlConnection connection)
    {
        NpgsqlCommand append = new(
            """
            WITH journal AS (
                UPDATE rouser_journals
                SET last = $3, through = CASE WHEN $9::text IS NULL THEN through ELSE $3 END,
                    summary = coalesce($9, summary), sum = coalesce($10, sum)
                WHERE id = $1 AND token = $2
                RETURNING last),
            added AS (
                INSERT INTO rouser_events (journal, number, json, sum)
                SELECT $1, $3 - cardinality($4) + event.number, event.json, event.sum
                FROM journal, unnest($4, $5) WITH ORDINALITY AS event (json, sum, number)),
            kept AS (
                INSERT INTO rouser_trials (journal, trial, json, sum)
                SELECT $1, trial.trial, trial.json, trial.sum FROM journal, unnest($6, $7, $8) AS trial (trial, json, sum)
                ON CONFLICT (journal, trial) DO UPDATE SET json = excluded.json, sum = excluded.sum)
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
                    NpgsqlDbType.Array | NpgsqlDbType.Bigint,
                    NpgsqlDbType.Array | NpgsqlDbType.Text,
                    NpgsqlDbType.Array | NpgsqlDbType.Text,
                    NpgsqlDbType.Array | NpgsqlDbType.Bigint,
                    NpgsqlDbType.Text,
                    NpgsqlDbType.Bigint,
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
            $"SELECT through, summary, {Sum} FROM rouser_journals WHERE id = $1 AND summary IS NOT NULL",
            _connection
        );
        select.Parameters.AddValue(_id);
        using NpgsqlDataReader reader = select.ExecuteReader();
        if (!reader.Read())
            return null;
        if (IsChanged(reader, reader.GetInt64(0), json: 1, sum: 2))
            throw new JsonException("its sums are not as they were written");
        return (reader.GetInt64(0), SnapshotJson.ReadSummary(Encoding.UTF8.GetBytes(reader.GetString(1))));
    }

    private long LastNumber()
    {
        using NpgsqlCommand select = new("SELECT last FROM rouser_journals WHERE id = $1", _connection);
        select.Parameters.AddValue(_id);
        return (long)select.ExecuteScalar()!;
    }

    private List<Event> Page(long first, long last)
    {
        using NpgsqlCommand select = new(
            $"SELECT number, json, {Sum} FROM rouser_events WHERE journal = $1 AND number BETWEEN $2 AND $3 ORDER BY number",
            _connection
        );
        foreach (long value in (long[])[_id, first, last])
            select.Parameters.AddValue(value);
        using NpgsqlDataReader reader = select.ExecuteReader();
        List<Event> events = [];
        for (long expected = first; expected <= last; expected++)
        {
            if (!reader.Read() || reader.GetInt64(0) != expected)
                throw Damaged($"event {expected} is missing");
            Result<Event> e = EventJson.Read(Encoding.UTF8.GetBytes(reader.GetString(1)), _address.Text, expected);
            if (!e.IsOk)
                throw new IOException(e.Errors[0].ToString());
            if (IsChanged(reader, expected, json: 1, sum: 2))
                throw Damaged($"event {expected} is not as it was written");
            events.Add(e.Value);
        }
        return events;
    }

    private T WithErrorsExplained<T>(Func<T> work)
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
            throw Damaged($"its snapshot: {e.Message.TrimEnd('.')}", e);
        }
    }

    /// <summary>The column of sums, where there is one.</summary>
    private string Sum => _hasSums ? "sum" : "0::bigint";

    private bool IsChanged(NpgsqlDataReader row, long number, int json, int sum) =>
        _hasSums && (row.IsDBNull(sum) || row.GetInt64(sum) != RowSum.Of(number, row.GetString(json)));

    private IOException Damaged(string what, Exception? cause = null) =>
        new(new UserError(_address.Text, $"the journal is damaged ({what}); restore the database from a copy").ToString(), cause);

    private static string NameOf(JournalAddress address, string fingerprint) => address.Name ?? fingerprint;

    private static UserError Missing(JournalAddress address) =>
        new(
            address.Text,
            "the database has no journal of this sweep; start it with `rouser serve` or `rouser run`, or name its journal with ?journal=NAME"
        );

    private static UserError Newer(JournalAddress address) =>
        new(
            address.Text,
            $"the journal's schema is newer than this rouser understands ({PostgresSchema.Version}); use a newer rouser"
        );

    /// <summary>A journal that was found or made.</summary>
    /// <param name="Id">Its id in the database.</param>
    /// <param name="Token">The token that was taken to write it.</param>
    /// <param name="Last">The number of its last event.</param>
    /// <param name="HasSums">Whether its rows have sums.</param>
    private readonly record struct JournalRow(long Id, long Token, long Last, bool HasSums);
}
