using Npgsql;

namespace Rouser.Storage.Journals;

/// <summary>
/// The tables of all journals in a database. Each journal is a row of <c>rouser_journals</c>, and its lock: whoever
/// writes, writes that row first.
/// </summary>
internal static class PostgresSchema
{
    /// <summary>
    /// The form of a journal that this program reads and makes; a column of its row says which it has.
    /// </summary>
    public const int Version = 1;

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
            COMMIT;
            """,
            connection
        );
        create.ExecuteNonQuery();
    }

    /// <summary>Whether the tables are there.</summary>
    public static bool Exists(NpgsqlConnection connection)
    {
        using NpgsqlCommand ask = new("SELECT to_regclass('rouser_journals') IS NOT NULL", connection);
        return (bool)ask.ExecuteScalar()!;
    }
}
