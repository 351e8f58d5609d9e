using System.Globalization;
using Microsoft.Data.Sqlite;
using Rouser.Core;

namespace Rouser.Storage.Journals;

/// <summary>
/// The journal's tables, and the two marks in the header of the file by which it is told: <c>application_id</c> says
/// that a database is a journal of rouser's, <c>user_version</c> which schema it has. Schema 1 had <c>events</c>
/// alone, schema 2 no sums; both are read as they are, and brought to this one when they are written.
/// </summary>
internal static class SqliteSchema
{
    /// <summary>The newest schema that this program reads, and the one it makes.</summary>
    public const int Version = 3;

    // Of a snapshot: a row per trial that any event names, and one row of sums, with the number of the last event in
    // it and the writer's token.
    private const string Snapshots = """
        CREATE TABLE trials (trial TEXT PRIMARY KEY, json TEXT NOT NULL, sum INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE journal (
            only INTEGER PRIMARY KEY CHECK (only = 1), token INTEGER NOT NULL, through INTEGER NOT NULL, summary TEXT, sum INTEGER) STRICT;
        INSERT INTO journal VALUES (1, 0, 0, NULL, NULL);
        """;

    private const int ApplicationId = 0x526F7573; // "Rous"

    /// <summary>
    /// Whether the database has a schema that this program reads, or is an empty one that may get it.
    /// </summary>
    /// <returns>Null if all is well.</returns>
    public static UserError? Check(SqliteConnection connection, string path)
    {
        if (IsNew(connection))
            return null;
        long application = QueryInt64(connection, "PRAGMA application_id"),
            version = QueryInt64(connection, "PRAGMA user_version");
        if (application != ApplicationId)
            return new UserError(
                path,
                "this is the database of another program, not a journal; move it away, or choose another folder (--out)"
            );
        if (version > Version)
            return new UserError(path, $"schema {version} is newer than this rouser understands ({Version}); use a newer rouser");
        return version >= 1
            ? null
            : new UserError(
                path,
                $"schema {version} is unknown; restore the journal from a copy, or run the sweep again in another folder (--out)"
            );
    }

    /// <summary>Whether nothing was ever made in the database.</summary>
    public static bool IsNew(SqliteConnection connection) =>
        QueryInt64(connection, "PRAGMA application_id") == 0
        && QueryInt64(connection, "PRAGMA user_version") == 0
        && QueryInt64(connection, "SELECT count(*) FROM sqlite_schema") == 0;

    /// <summary>Whether it has tables for snapshots.</summary>
    public static bool HasSnapshots(SqliteConnection connection) => QueryInt64(connection, "PRAGMA user_version") >= 2;

    /// <summary>Whether its rows have sums.</summary>
    public static bool HasSums(SqliteConnection connection) => QueryInt64(connection, "PRAGMA user_version") >= 3;

    /// <summary>
    /// Adds to an older schema what it lacks, all or none. From here on each event is held against what it is now. A
    /// snapshot is dropped, because it lacks what later ones have; the events, from which it came, are replayed once
    /// instead.
    /// </summary>
    public static void Upgrade(SqliteConnection connection)
    {
        connection.CreateFunction<long, string, long>(
            "rouser_sum",
            (number, json) => RowSum.Of(number, json),
            isDeterministic: true
        );
        long token = HasSnapshots(connection) ? QueryInt64(connection, "SELECT token FROM journal") : 0;
        Execute(
            connection,
            $"""
            BEGIN IMMEDIATE;
            ALTER TABLE events ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
            UPDATE events SET sum = rouser_sum(number, json);
            DROP TABLE IF EXISTS trials;
            DROP TABLE IF EXISTS journal;
            {Snapshots}
            UPDATE journal SET token = {token.ToString(CultureInfo.InvariantCulture)};
            PRAGMA user_version = {Version};
            COMMIT;
            """
        );
    }

    /// <summary>Makes the tables and the marks, all or none.</summary>
    public static void Create(SqliteConnection connection) =>
        Execute(
            connection,
            $"""
            BEGIN IMMEDIATE;
            CREATE TABLE events (number INTEGER PRIMARY KEY, json TEXT NOT NULL, sum INTEGER NOT NULL) STRICT;
            {Snapshots}
            PRAGMA application_id = {ApplicationId};
            PRAGMA user_version = {Version};
            COMMIT;
            """
        );

    /// <summary>Runs SQL of our own that gives nothing back.</summary>
    public static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static long QueryInt64(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
