using Npgsql;
using Rouser.Core;

namespace Rouser.Storage.Journals;

/// <summary>
/// Where a journal is kept: in a file, or in a PostgreSQL database
/// (<c>postgres://user:password@host:port/database</c>).
/// </summary>
public sealed class JournalAddress
{
    private const string Example = "postgres://user@host/database";

    private JournalAddress(string text, NpgsqlConnectionStringBuilder? database, string? name) =>
        (Text, Database, Name) = (text, database, name);

    /// <summary>The address without its password: what may be shown, and kept in a run's folder.</summary>
    public string Text { get; }

    /// <summary>Whether it is a database.</summary>
    public bool IsDatabase => Database is not null;

    /// <summary>How to connect to the database, password included; null for a file.</summary>
    internal NpgsqlConnectionStringBuilder? Database { get; }

    /// <summary>The journal's name in the database, if the address gives one (<c>?journal=NAME</c>).</summary>
    internal string? Name { get; }

    /// <summary>The file of that path.</summary>
    public static JournalAddress OfFile(string path) => new(path, null, null);

    /// <summary>
    /// Reads the address of a database. It may leave the password out: it then comes from <c>PGPASSWORD</c> or
    /// <c>~/.pgpass</c>, as with PostgreSQL's own programs.
    /// </summary>
    /// <returns>The address, or a mistake in which there is no password.</returns>
    public static Result<JournalAddress> OfDatabase(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("postgres" or "postgresql"))
            return new UserError(
                "--journal",
                $"takes a database such as {Example}; without it the journal is kept in the run's folder"
            );
        string[] user = uri.UserInfo.Split(':', 2);
        string database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
        if (uri.Host.Length == 0 || database.Length == 0)
            return new UserError("--journal", $"names no host or no database; give both, as in {Example}");
        NpgsqlConnectionStringBuilder builder = new()
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : 5432,
            Database = database,
            Pooling = false, // A pool would keep the connection after Dispose.
            ApplicationName = "rouser",
            Timeout = 10,
            CommandTimeout = 60,
            KeepAlive = 30, // Seconds; so that a network that forgets idle connections does not end a sweep.
        };
        if (user[0].Length > 0)
            builder.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1)
            builder.Password = Uri.UnescapeDataString(user[1]);
        string? name = null;
        foreach (string option in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = option.Split('=', 2);
            string value = pair.Length > 1 ? Uri.UnescapeDataString(pair[1]) : "";
            if (pair[0] == "journal" && value.Length is > 0 and <= 200)
                name = value;
            else if (pair[0] == "sslmode" && SslModeOf(value) is { } mode)
                builder.SslMode = mode;
            else
                return new UserError(
                    "--journal",
                    "takes sslmode (disable, allow, prefer, require, verify-ca or verify-full) and journal (a name) after '?', and nothing else"
                );
        }
        return new JournalAddress(Shown(uri, user[0]), builder, name);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    // PostgreSQL's words.
    private static SslMode? SslModeOf(string word) =>
        word switch
        {
            "disable" => SslMode.Disable,
            "allow" => SslMode.Allow,
            "prefer" => SslMode.Prefer,
            "require" => SslMode.Require,
            "verify-ca" => SslMode.VerifyCA,
            "verify-full" => SslMode.VerifyFull,
            _ => null,
        };

    private static string Shown(Uri uri, string user) =>
        $"postgres://{(user.Length > 0 ? user + "@" : "")}{uri.Authority[(uri.Authority.LastIndexOf('@') + 1)..]}{uri.PathAndQuery}";
}
