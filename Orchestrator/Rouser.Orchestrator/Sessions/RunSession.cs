using Rouser.Core;
using Rouser.Core.Coordination;
using Rouser.Core.Metrics;
using Rouser.Core.Sweeps;
using Rouser.Storage.Journals;
using Rouser.Storage.Parquet;
using Rouser.Storage.Runs;

namespace Rouser.Orchestrator.Sessions;

/// <summary>A run folder with what is in it: the sweep, its plan, where it was started.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Spec">The sweep, as it was when the run was made.</param>
/// <param name="Plan">Its plan.</param>
/// <param name="Origin">Where it was started.</param>
internal sealed record RunSession(RunDirectory Folder, SweepSpec Spec, Plan Plan, RunOrigin Origin)
{
    public static Result<RunSession> Open(string path) => RunDirectory.Open(path).Then(Read);

    /// <summary>Makes the run folder for a planned sweep, or opens the one that holds it already.</summary>
    public static Result<RunSession> Create(string path, SweepFile file, Plan plan, RunOrigin origin) =>
        RunDirectory.Create(path, file.Text, file.Overrides, PlanJson.Write(plan), plan.Fingerprint, origin.ToJson())
            .Then(folder => folder.Adopt(file.Text, file.Overrides))
            .Then(Read);

    /// <summary>The events so far, by a reader of its own beside any writer.</summary>
    public Result<IReadOnlyList<Event>> ReadJournal() => SqliteJournal.OpenReadOnly(Folder.Paths.Journal).Then(journal =>
    {
        using (journal) return (Result<IReadOnlyList<Event>>)journal.Read().ToList();
    });

    /// <summary>Writes the tables of the journal as it is now.</summary>
    public Result<ResultTables> WriteTables() => ReadJournal().Then<ResultTables>(events =>
    {
        ResultTables tables = ResultTables.Build(Spec, Plan, events, Origin.Environment);
        new TableFiles().Write(Folder.Paths.Metrics, tables);
        return tables;
    });

    private static Result<RunSession> Read(RunDirectory folder) =>
        SpecReader.Read(folder.Paths.Spec, folder.SpecText, folder.Overrides).Then(spec =>
            PlanJson.Read(folder.Paths.Plan, folder.PlanJson).Then(plan =>
                RunOrigin.FromJson(folder.Paths.Environment, folder.EnvironmentJson).Then<RunSession>(origin => new RunSession(folder, spec, plan, origin))));
}
