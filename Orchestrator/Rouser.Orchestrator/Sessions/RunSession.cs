using Rouser.Coordination;
using Rouser.Core;
using Rouser.Results;
using Rouser.Storage.Journals;
using Rouser.Storage.Parquet;
using Rouser.Storage.Runs;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Sessions;

/// <summary>A run folder with what is in it: the sweep, its plan, where it was started.</summary>
/// <param name="Spec">The sweep, as it was when the run was made.</param>
/// <param name="Origin">Where it was started.</param>
/// <param name="Journal">Where its journal is kept.</param>
internal sealed record RunSession(RunDirectory Folder, SweepSpec Spec, Plan Plan, RunOrigin Origin, JournalAddress Journal)
{
    /// <summary>Opens the folder of a run.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="journal">The database that keeps the journal, if the user named one; else what the folder
    /// says.</param>
    public static Result<RunSession> Open(string path, string? journal = null) =>
        RunDirectory
            .Open(path)
            .Then(folder => Read(folder, journal))
            .Then<RunSession>(run => run with { Spec = SweepFile.WithNotesShown(run.Spec) });

    /// <summary>Makes the run folder for a planned sweep, or opens the one that holds it already.</summary>
    public static Result<RunSession> Create(string path, SweepFile file, Plan plan, RunOrigin origin, string? journal = null) =>
        OtherSweep(path, plan) is UserError other
            ? other
            : RunDirectory
                .Create(path, file.Text, file.Overrides, PlanJson.Write(plan), plan.Fingerprint, origin.ToJson())
                .Then(folder => folder.UpdateSweepFile(file.Text, file.Overrides))
                .Then(folder => Read(folder, journal));

    /// <summary>What is said where the folder holds the run of another sweep; null if it does not, as far as can be read.</summary>
    private static UserError? OtherSweep(string path, Plan plan) =>
        File.Exists(new RunPaths(path).Run)
        && RunDirectory.Open(path) is { IsOk: true, Value: { } folder }
        && folder.Fingerprint != plan.Fingerprint
        && folder.ReadPlan().Then(text => PlanJson.Read(folder.Paths.Plan, text)) is { IsOk: true, Value: { } kept }
            ? new UserError(path, PlanDifference.Describe(DisplayText.Quote(path), kept, plan))
            : null;

    /// <summary>Where the journal of a run is kept.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="named">The database that the user named, or null.</param>
    public static Result<JournalAddress> JournalOf(RunDirectory folder, string? named) =>
        named is null ? folder.Journal : JournalAddress.OfDatabase(named);

    /// <summary>Opens the journal to append to it; from now on the folder says where it is.</summary>
    /// <param name="mayTakeOver">Whether one that another process has open is taken from it, as orchestrators of a
    /// cluster do. Else it is a mistake, as far as the journal can tell.</param>
    public Result<IJournal> OpenJournal(bool mayTakeOver) =>
        !mayTakeOver && Journal.IsDatabase && HasWriter()
            ? new UserError(
                Journal.Text,
                "another rouser trains this sweep and has the journal open; stop that one first (once its machine has died, "
                    + "the database knows within half a minute)"
            )
            : (Journal.IsDatabase ? Folder.KeepJournalIn(Journal) : Folder).Then(folder =>
                Journals.Open(Journal, folder.Fingerprint, folder.Paths.Folder)
            );

    // A journal that cannot be read yet is made by opening it, or says then what is wrong with it.
    private bool HasWriter()
    {
        if (OpenJournalToRead() is not { IsOk: true } opened)
            return false;
        using IJournal journal = opened.Value;
        return journal.HasWriter;
    }

    /// <summary>Opens the journal to read it, beside any writer.</summary>
    public Result<IJournal> OpenJournalToRead() => Journals.OpenReadOnly(Journal, Folder.Fingerprint);

    /// <summary>The tables of the journal as it is now.</summary>
    public Result<ResultTables> ReadTables() =>
        OpenJournalToRead()
            .Then<ResultTables>(journal =>
            {
                using (journal)
                    return ResultTables.Build(
                        Spec,
                        Plan,
                        journal.Read(),
                        Origin.Environment,
                        SweepSource.Of(Folder.SpecText, Folder.Overrides),
                        Origin.Data
                    );
            });

    /// <summary>Writes the tables of the journal as it is now.</summary>
    public Result<RunDirectory> WriteTables() =>
        Folder
            .LockTables()
            .Then(held =>
            {
                using (held)
                    return Write();
            });

    /// <summary>Writes them and reads the files back, which are what a report is made of.</summary>
    public Result<ResultTables> TablesFromFiles() =>
        Folder
            .LockTables()
            .Then(held =>
            {
                using (held)
                    return Write().Then(folder => TableFiles.Read(folder.Paths.Metrics));
            });

    /// <summary>The run with its data in another folder, if the user named one.</summary>
    public RunSession WithData(string? dataFolder) =>
        dataFolder is null ? this : this with { Origin = Origin with { DataFolder = Path.GetFullPath(dataFolder) } };

    /// <summary>
    /// Has the folder say where the data is, once that has proved right, so that the next resume finds it unasked.
    /// </summary>
    public Result<RunDirectory> KeepOrigin() =>
        RunOrigin
            .FromJson(Folder.Paths.Environment, Folder.EnvironmentJson)
            .Then(kept =>
                kept.DataFolder == Origin.DataFolder
                    ? Folder
                    : Folder.KeepEnvironment((kept with { DataFolder = Origin.DataFolder }).ToJson())
            );

    // The tables are not returned, because those of a large sweep take a few hundred megabytes.
    private Result<RunDirectory> Write() =>
        ReadTables()
            .Then<RunDirectory>(tables =>
            {
                TableFiles.Write(Folder.Paths.Metrics, tables);
                return Folder;
            });

    // The plan before the sweep file: it names a plug-in that is missing, where the file has only unknown words.
    private static Result<RunSession> Read(RunDirectory folder, string? journal) =>
        folder
            .ReadPlan()
            .Then(text => PlanJson.Read(folder.Paths.Plan, text))
            .Then(plan =>
                SpecReader
                    .Read(folder.Paths.Spec, folder.SpecText, folder.Overrides)
                    .Then(spec =>
                        RunOrigin
                            .FromJson(folder.Paths.Environment, folder.EnvironmentJson)
                            .Then(origin =>
                                JournalOf(folder, journal)
                                    .Then<RunSession>(address => new RunSession(folder, spec, plan, origin, address))
                            )
                    )
            );
}
