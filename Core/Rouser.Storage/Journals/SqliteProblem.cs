using Microsoft.Data.Sqlite;
using Rouser.Core;

namespace Rouser.Storage.Journals;

/// <summary>SQLite's errors in words that name the file and the remedy. Codes: https://sqlite.org/rescode.html.</summary>
internal static class SqliteProblem
{
    /// <summary>The error as a mistake, for opening a journal.</summary>
    public static Mistake ToMistake(string path, SqliteException e) => e.SqliteErrorCode is 3 or 8 or 23 ? ReadOnly(path) : new(path, e.SqliteErrorCode switch
    {
        5 or 6 => "another program holds the journal; close it and try again", // BUSY, LOCKED
        10 => $"the disk failed ({e.Message}); check it, then continue with `rouser resume`", // IOERR
        11 => "the journal is damaged; restore it from a copy, or run the sweep again in another folder (--out)", // CORRUPT
        13 => "the disk is full; free some space, then continue with `rouser resume`", // FULL
        14 => "the journal cannot be opened; check that its folder exists and that you may read and write there", // CANTOPEN
        26 => "this is no journal (not a SQLite database); restore it from a copy, or choose another folder (--out)", // NOTADB
        _ => $"the journal cannot be used ({e.Message})",
    });

    /// <summary>The journal may be read only: PERM, READONLY, AUTH.</summary>
    public static Mistake ReadOnly(string path) =>
        new(path, "the journal cannot be written; make the file and its folder writable, or copy the run folder to a place that is");

    /// <summary>The error as an exception, for a journal in use.</summary>
    public static IOException ToException(string path, SqliteException e) => new(ToMistake(path, e).ToString(), e);
}
