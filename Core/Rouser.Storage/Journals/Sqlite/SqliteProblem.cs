using Microsoft.Data.Sqlite;
using Rouser.Core;

namespace Rouser.Storage.Journals;

/// <summary>
/// SQLite's errors in words that name the file and the remedy. Codes: https://sqlite.org/rescode.html.
/// </summary>
internal static class SqliteProblem
{
    /// <summary>The error as a mistake, for opening a journal.</summary>
    public static UserError ToUserError(string path, SqliteException e) =>
        e.SqliteErrorCode switch
        {
            1 or 11 => Damaged(path, Describe(e)), // ERROR (no such table), CORRUPT
            3 or 8 or 23 => ReadOnly(path), // PERM, READONLY, AUTH
            5 or 6 => new UserError(path, "another program holds the journal; close it and try again"), // BUSY, LOCKED
            // IOERR: of its log's index SQLite does not say more, even if the disk is merely full.
            10 => new UserError(path, $"the disk failed ({Describe(e)}); check it and whether it is full, then try again"),
            13 => new UserError(path, "the disk is full; free some space and try again"), // FULL
            14 => new UserError(
                path,
                "the journal cannot be opened; check that its folder exists and that you may read and write there"
            ), // CANTOPEN
            26 => NoDatabase(path), // NOTADB
            _ => new UserError(
                path,
                $"the journal cannot be used ({Describe(e)}); check the disk, or run the sweep again in another folder (--out)"
            ),
        };

    /// <summary>The error as an exception, for a journal in use.</summary>
    public static IOException ToException(string path, SqliteException e) => new(ToUserError(path, e).ToString(), e);

    /// <summary>The journal may only be read.</summary>
    public static UserError ReadOnly(string path) =>
        new(
            path,
            "the journal cannot be written; make the file and its folder writable, or copy the run folder to a place that is"
        );

    /// <summary>The file is something else.</summary>
    public static UserError NoDatabase(string path) =>
        new(path, "this is no journal (not a SQLite database); restore it from a copy, or choose another folder (--out)");

    /// <summary>The file was a journal.</summary>
    public static UserError Damaged(string path, string why) =>
        new(path, $"the journal is damaged ({why}); restore it from a copy, or run the sweep again in another folder (--out)");

    private static string Describe(SqliteException e) => OneLine.Of(e.Message).TrimEnd('.');
}
