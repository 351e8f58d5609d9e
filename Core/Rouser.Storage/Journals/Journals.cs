using Rouser.Coordination;
using Rouser.Core;

namespace Rouser.Storage.Journals;

/// <summary>Opens journals, wherever they are kept.</summary>
public static class Journals
{
    /// <summary>
    /// Opens a journal to append to it, and makes it if it is missing. Whoever had it open for writing can append
    /// nothing more.
    /// </summary>
    /// <param name="address">Where it is.</param>
    /// <param name="fingerprint">The plan's: a database keeps a journal for each, unless the address names
    /// another.</param>
    /// <param name="folder">The run's folder, where it is noted how far a journal in a database has come.</param>
    public static Result<IJournal> Open(JournalAddress address, string fingerprint, string folder) =>
        address.IsDatabase
            ? PostgresJournal.Open(address, fingerprint, folder).Then<IJournal>(journal => journal)
            : SqliteJournal.Open(address.Text).Then<IJournal>(journal => journal);

    /// <summary>
    /// Opens a journal to read it, beside a writer if there is one. Its <see cref="IJournal.Append"/> throws.
    /// </summary>
    public static Result<IJournal> OpenReadOnly(JournalAddress address, string fingerprint) =>
        address.IsDatabase
            ? PostgresJournal.OpenReadOnly(address, fingerprint).Then<IJournal>(journal => journal)
            : SqliteJournal.OpenReadOnly(address.Text).Then<IJournal>(journal => journal);
}
