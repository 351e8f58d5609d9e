using Rouser.Coordination;
using Rouser.Storage.Journals;
using Rouser.Storage.Runs;

namespace Rouser.Orchestrator.Sessions;

/// <summary>The commands that go on with a run, as a user can paste them into a shell.</summary>
/// <param name="Folder">The run folder, as the user named it.</param>
/// <param name="Journal">The database of its journal, if the folder does not name it; else null.</param>
/// <param name="Store">The results store, if the user named one; else null.</param>
internal sealed record RunCommands(string Folder, string? Journal = null, string? Store = null)
{
    /// <summary>The commands of a run whose journal is there.</summary>
    public static RunCommands Of(RunDirectory folder, JournalAddress journal) =>
        new(
            folder.Paths.Folder,
            folder.Journal is { IsOk: true, Value.Text: var kept } && kept == journal.Text ? null : journal.Text
        );

    /// <summary>Trains what is left.</summary>
    public string Resume => Line("resume", []);

    /// <summary>Trains again what has ended in one of these states.</summary>
    public string Retry(IEnumerable<TrialState> states) => Line("retry", states.Select(state => $"--{state.ToName()}"));

    private string Line(string command, IEnumerable<string> options) =>
        RouserCommand.Line([
            command,
            RouserCommand.Path(Folder),
            .. options,
            .. Journal is null ? (string[])[] : ["--journal", Journal],
            .. Store is null ? (string[])[] : ["--store", RouserCommand.Path(Store)],
        ]);
}
