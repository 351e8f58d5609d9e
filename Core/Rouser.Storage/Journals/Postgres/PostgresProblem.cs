using System.Net.Sockets;
using Npgsql;
using Rouser.Core;

namespace Rouser.Storage.Journals;

/// <summary>
/// PostgreSQL's errors in words that name the address and the remedy. Codes:
/// https://www.postgresql.org/docs/current/errcodes-appendix.html.
/// </summary>
internal static class PostgresProblem
{
    /// <summary>The error as a mistake.</summary>
    public static UserError ToUserError(JournalAddress address, NpgsqlException e) =>
        new(
            address.Text,
            e switch
            {
                PostgresException { SqlState: "28P01" or "28000" } =>
                    "the database refuses this user or password; give the password in PGPASSWORD or ~/.pgpass",
                PostgresException { SqlState: "3D000" } => "there is no such database; make it with createdb",
                PostgresException { SqlState: "42501" } p =>
                    $"the user may not do this ({Describe(p.MessageText)}); have the rights granted",
                PostgresException { SqlState: "53100" } => "the disk of the database is full; free some space and try again",
                PostgresException { SqlState: "25006" } =>
                    "the database may only be read (is it a standby?); name the one that is written",
                PostgresException p => $"the database refused ({Describe(p.MessageText)}, {p.SqlState})",
                { InnerException: SocketException s } =>
                    $"the database cannot be reached ({Describe(s.Message)}); check host, port and network",
                { InnerException: TimeoutException } => "the database does not answer; check host, port and network",
                _ when e.Message.StartsWith("No password", StringComparison.Ordinal) =>
                    "the database asks for a password; give it in PGPASSWORD or ~/.pgpass",
                _ => $"the connection to the database failed ({Describe(e.Message)}); check it and try again",
            }
        );

    /// <summary>The error as an exception, for a journal in use.</summary>
    public static IOException ToException(JournalAddress address, NpgsqlException e) =>
        new(ToUserError(address, e).ToString(), e);

    private static string Describe(string text) => OneLine.Of(text).TrimEnd('.');
}
