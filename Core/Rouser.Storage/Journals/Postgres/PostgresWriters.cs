using Npgsql;

namespace Rouser.Storage.Journals;

/// <summary>
/// Who has a journal open to write it, as the database knows: each holds a shared advisory lock for as long as its
/// connection lives. It keeps nobody out, which is the fencing token's business: several may hold it, the one that
/// was fenced off a moment ago among them.
/// </summary>
internal static class PostgresWriters
{
    /// <summary>The first half of the lock's key, "rous"; the second is the journal's number.</summary>
    private const int Key = 0x726F7573;

    /// <summary>
    /// Counts the connection among the writers. The server finds out within half a minute when the machine at its
    /// other end has died, instead of after two hours.
    /// </summary>
    public static void Join(NpgsqlConnection connection, long journal)
    {
        using NpgsqlCommand join = new(
            $"""
            SET tcp_keepalives_idle = 10;
            SET tcp_keepalives_interval = 5;
            SET tcp_keepalives_count = 4;
            SELECT pg_advisory_lock_shared({Key}, {Half(journal)})
            """,
            connection
        );
        join.ExecuteNonQuery();
    }

    /// <summary>Whether there is one.</summary>
    public static bool AreThere(NpgsqlConnection connection, long journal)
    {
        using NpgsqlCommand ask = new(
            $"""
            SELECT EXISTS (
                SELECT FROM pg_locks
                WHERE locktype = 'advisory' AND classid = {Key} AND objid = {Half(journal)} AND objsubid = 2 AND granted
                    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
            """,
            connection
        );
        return (bool)ask.ExecuteScalar()!;
    }

    /// <summary>Half of a key has 31 bits that are good for both; two thousand million journals share none.</summary>
    private static string Half(long journal) =>
        (journal & int.MaxValue).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
