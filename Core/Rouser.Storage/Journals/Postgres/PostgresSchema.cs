using System.Text;
using Npgsql;

namespace Rouser.Storage.Journals;

/// <summary>
/// The tables of all journals in a database. Each journal is a row of <c>rouser_journals</c>, and its lock: whoever
/// writes, writes that row first.
/// </summary>
internal static class PostgresSchema
{
    /// <summary>
    /// The newest form of a journal that this program reads, and the one it makes; a column of its row says which it
    /// has. Version 1 has no sums; it is read as it is, and gets them when it is opened to write.
    /// </summary>
    public const int Version = 2;

    private const int PageEvents = 1000;

    /// <summary>Whether the rows of a journal of that version have sums.</summary>
    public static bool HasSums(int version) => version >= 2;

    /// <summary>Makes the tables where they are missing, all or none.</summary>
    public static void Create(NpgsqlConnection connection)
    {
        // "If not exists" alone lets two programs that start at once collide.
        using NpgsqlCommand create = new(
            """
            BEGIN;
            SELECT pg_advisory_xact_lock(x'526F75736572'::bigint);
            CREATE TABLE IF NOT EXISTS rouser_journals (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                name text NOT NULL UNIQUE,
                schema integer NOT NULL,
                token bigint NOT NULL,
                last bigint NOT NULL,
                through bigint NOT NULL,
                summary text);
            CREATE TABLE IF NOT EXISTS rouser_events (
                journal bigint NOT NULL REFERENCES rouser_journals, number bigint NOT NULL, json text NOT NULL, PRIMARY KEY (journal, number));
            CREATE TABLE IF NOT EXISTS rouser_trials (
                journal bigint NOT NULL REFERENCES rouser_journals, trial text NOT NULL, json text NOT NULL, PRIMARY KEY (journal, trial));
            DO $$ BEGIN
                -- Asked first, because the change locks the tables, and only their owner may make it.
                IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'rouser_journals'::regclass AND attname = 'sum') THEN
                    ALTER TABLE rouser_events ADD COLUMN sum bigint;
                    ALTER TABLE rouser_trials ADD COLUMN sum bigint;
                    ALTER TABLE rouser_journals ADD COLUMN sum bigint;
                END IF;
            END $$;
            COMMIT;
            """,
            connection
        );
        create.ExecuteNonQuery();
    }

    /// <summary>
    /// Gives a journal of an older version its sums, all or none. From here on each event is held against what it is
    /// now. The snapshot is dropped; the events, from which it came, are replayed once instead.
    /// </summary>
    /// <param name="connection">The connection that has taken the journal.</param>
    /// <param name="journal">The journal's id.</param>
    /// <param name="token">The token that was taken.</param>
    /// <returns>Whether it was done; false if another has taken the journal since.</returns>
    public static bool Upgrade(NpgsqlConnection connection, long journal, long token)
    {
        using NpgsqlTransaction transaction = connection.BeginTransaction();
        using (
            NpgsqlCommand mark = new(
                "UPDATE rouser_journals SET schema = $1, through = 0, summary = NULL, sum = NULL WHERE id = $2 AND token = $3",
                connection
            )
        )
        {
            mark.Parameters.Add(Value(Version));
            mark.Parameters.Add(Value(journal));
            mark.Parameters.Add(Value(token));
            if (mark.ExecuteNonQuery() == 0)
                return false;
        }
        using (NpgsqlCommand drop = new("DELETE FROM rouser_trials WHERE journal = $1", connection))
        {
            drop.Parameters.Add(Value(journal));
            drop.ExecuteNonQuery();
        }
        for (long after = 0; ; )
        {
            (long[] numbers, long[] sums) = SumsAfter(connection, journal, after);
            if (numbers.Length == 0)
                break;
            using NpgsqlCommand keep = new(
                "UPDATE rouser_events e SET sum = s.sum FROM unnest($2, $3) AS s (number, sum) WHERE e.journal = $1 AND e.number = s.number",
                connection
            );
            keep.Parameters.Add(Value(journal));
            keep.Parameters.Add(Value(numbers));
            keep.Parameters.Add(Value(sums));
            keep.ExecuteNonQuery();
            after = numbers[^1];
        }
        transaction.Commit();
        return true;
    }

    private static (long[] Numbers, long[] Sums) SumsAfter(NpgsqlConnection connection, long journal, long after)
    {
        using NpgsqlCommand select = new(
            "SELECT number, json FROM rouser_events WHERE journal = $1 AND number > $2 ORDER BY number LIMIT $3",
            connection
        );
        select.Parameters.Add(Value(journal));
        select.Parameters.Add(Value(after));
        select.Parameters.Add(Value(PageEvents));
        using NpgsqlDataReader reader = select.ExecuteReader();
        List<long> numbers = [],
            sums = [];
        while (reader.Read())
        {
            numbers.Add(reader.GetInt64(0));
            sums.Add(RowSum.Of(numbers[^1], Encoding.UTF8.GetBytes(reader.GetString(1))));
        }
        return ([.. numbers], [.. sums]);
    }

    private static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };

    /// <summary>Whether the tables are there.</summary>
    public static bool Exists(NpgsqlConnection connection)
    {
        using NpgsqlCommand ask = new("SELECT to_regclass('rouser_journals') IS NOT NULL", connection);
        return (bool)ask.ExecuteScalar()!;
    }
}
