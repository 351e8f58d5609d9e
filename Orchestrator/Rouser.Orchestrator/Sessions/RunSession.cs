using Rouser.Cluster.Serving;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Data;
using Rouser.Results;
using Rouser.Storage.Checkpoints;
using Rouser.Storage.Journals;
using Rouser.Storage.Models;
using Rouser.Storage.Parquet;
using Rouser.Storage.Predictions;
using Rouser.Storage.Runs;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Sessions;

/// <summary>A run folder with what is in it: the sweep, its plan, where it was started.</summary>
/// <param name="Spec">The sweep, as it was when the run was made.</param>
/// <param name="Origin">Where it was started.</param>
/// <param name="Journal">Where its journal is kept.</param>
internal sealed record RunSession(RunDirectory Folder, SweepSpec Spec, Plan Plan, RunOrigin Origin, JournalAddress Journal)
{
    /// <summary>Where the networks of completed trials are kept; null if the sweep keeps none.</summary>
    public ModelFolder? Models =>
        Spec.Run.Keep == KeptModels.None
            ? null
            : new ModelFolder(Folder.Paths.Models, ClassNamesOf)
            {
                Which = Spec.Run.Keep,
                Limit = Spec.Run.ModelsLimit,
                Trials = Spec.Run.MostTrials(Plan),
                Dropped = (Plan.History?.Dropped ?? []).ToHashSet(),
            };

    /// <summary>The names of the classes of a trial's data set, in their order; none where they are not known.</summary>
    public IReadOnlyList<string> ClassNamesOf(PlannedTrial trial) =>
        Origin.Classes?.GetValueOrDefault(trial.DataDigest) ?? DatasetCatalog.Find(trial.Settings.Dataset.Name)?.ClassNames ?? [];

    /// <summary>
    /// Has trials of more epochs go on from the shorter ones that the run had before it has grown; null if it has not.
    /// </summary>
    /// <param name="warn">Is told of a trial that cannot, in one line.</param>
    public ContinuedTrials? Continued(Action<string> warn) =>
        Plan.Revision == 0 ? null : new ContinuedTrials(new ModelFolder(Folder.Paths.Models), Spec.Run.Keep, warn);

    /// <summary>
    /// The trials that ask for more epochs of what the run has trained, each with why it is trained anew all the same;
    /// null for one that goes on.
    /// </summary>
    public Result<IReadOnlyList<(Continuation Trial, string? Lacks)>> Continuations() =>
        OpenJournalToRead()
            .Then(journal =>
            {
                using (journal)
                    return Result<IReadOnlyList<(Continuation, string?)>>.Of(
                        Continuations(Coordinator.Open(Plan, Spec.Run, journal).State, journal)
                    );
            });

    private IReadOnlyList<(Continuation Trial, string? Lacks)> Continuations(CoordinatorState state, IJournal journal) =>
        Continued(_ => { }) is { } continued
            ? [.. ContinuedTrials.Find(state, journal.Read()).Select(c => (c, continued.Lacks(c)))]
            : [];

    /// <summary>Where the predictions of completed trials are kept.</summary>
    public PredictionFolder Predictions => new(Folder.Paths.Predictions);

    /// <summary>Where the sweep keeps what it makes: in the folder, but what a results store keeps for it.</summary>
    /// <param name="journal">The journal, opened.</param>
    /// <param name="stored">The run before its results store; null for none.</param>
    /// <param name="warn">Is told of a checkpoint or a trial that is of no use, in one line.</param>
    public SweepResources Resources(IJournal journal, StoredTrials? stored, Action<string> warn) =>
        new(journal, new FolderCheckpointStore(Folder.Paths.Checkpoints, warn))
        {
            Models = stored?.Models ?? Models,
            Predictions = stored?.Predictions ?? Predictions,
            Stored = stored,
            Continued = Continued(warn),
        };

    /// <summary>Opens the folder of a run.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="journal">The database that keeps the journal, if the user named one; else what the folder
    /// says.</param>
    public static Result<RunSession> Open(string path, string? journal = null) =>
        RunDirectory
            .Open(path)
            .Then(folder => Read(folder, journal))
            .Then<RunSession>(run => run with { Spec = SweepFile.WithNotesShown(run.Spec) });

    /// <summary>
    /// Makes the run folder for a planned sweep, or opens the one that holds it already. One that holds another plan
    /// goes on with this one, if <paramref name="consent"/> is given to it.
    /// </summary>
    /// <param name="consent">Shows what would change, and says whether it may; asked only where other trials are
    /// planned than before.</param>
    public static Result<RunSession> Create(
        string path,
        SweepFile file,
        Plan plan,
        RunOrigin origin,
        string? journal,
        Func<RunSession, PlanGrowth, Result<bool>> consent
    ) =>
        File.Exists(new RunPaths(path).Run)
            ? Open(path, journal).Then(run => run.GoOnWith(file, plan, origin, journal, consent))
            : RunDirectory
                .Create(path, file.Text, file.Overrides, PlanJson.Write(plan), plan.Fingerprint, origin.ToJson())
                .Then(folder => Read(folder, journal));

    private Result<RunSession> GoOnWith(
        SweepFile file,
        Plan plan,
        RunOrigin origin,
        string? journal,
        Func<RunSession, PlanGrowth, Result<bool>> consent
    ) =>
        PlanGrowth.Of(Plan, plan) is not { } growth
            ? Folder.UpdateSweepFile(file.Text, file.Overrides).Then(folder => Read(folder, journal))
            : // What is left to train goes by the settings to come, which may defer seeds.
            (growth.ChangesTrials ? consent(this with { Spec = file.Spec }, growth) : true)
                .Then(_ => Folder.Lock())
                .Then(held =>
                {
                    using (held)
                        return Grow(file, growth.Plan, origin, journal);
                });

    private Result<RunSession> Grow(SweepFile file, Plan plan, RunOrigin origin, string? journal)
    {
        // Between the question and the lock another process may have come first.
        Result<RunSession> now = Open(Folder.Paths.Folder, journal);
        if (!now.IsOk)
            return now;
        if (now.Value.Plan.Revision != Plan.Revision)
            return new UserError(
                Folder.Paths.Folder,
                "another rouser has changed what the run trains at the same moment; repeat the command"
            );
        if (now.Value.Journal.IsDatabase && now.Value.HasWriter())
            return new UserError(Journal.Text, "another rouser trains this sweep and has the journal open; stop that one first");
        RunOrigin moved = now.Value.Origin with
        {
            WorkingFolder = origin.WorkingFolder,
            DataFolder = origin.DataFolder ?? now.Value.Origin.DataFolder,
            Data = origin.Data,
            Classes = origin.Classes,
        };
        return now
            .Value.Folder.Grow(file.Text, file.Overrides, PlanJson.Write(plan), plan.Fingerprint, moved.ToJson())
            .Then(folder => Read(folder, journal));
    }

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

    /// <summary>
    /// The trials that are still to be trained, each with the epochs that it lacks, and how many more results may ask
    /// for.
    /// </summary>
    public Result<(IReadOnlyList<PlannedTrial> Trials, int Deferred)> Left() =>
        OpenJournalToRead()
            .Then<(IReadOnlyList<PlannedTrial>, int)>(journal =>
            {
                using (journal)
                {
                    CoordinatorState state = Coordinator.Open(Plan, Spec.Run, journal).State;
                    Dictionary<TrialId, int> takenOver = Continuations(state, journal)
                        .Where(c => c.Lacks is null)
                        .ToDictionary(c => c.Trial.Trial.Id, c => c.Trial.Epochs);
                    PlannedTrial[] left =
                    [
                        .. state.Expected.Select(t =>
                            t.Planned with
                            {
                                Settings = t.Planned.Settings with
                                {
                                    Epochs =
                                        t.Planned.Settings.Epochs - t.EpochsRecorded - takenOver.GetValueOrDefault(t.Planned.Id),
                                },
                            }
                        ),
                    ];
                    int standIns = state.Expected.Count(t => t.State == TrialState.Deferred);
                    return (left, state.Count(TrialState.Deferred) - standIns);
                }
            });

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
                        Origin.Data,
                        Origin.Classes
                    );
            });

    /// <summary>The same with the layers in parts, for runs of any size.</summary>
    /// <param name="use">What is made of them; when it returns, the layers can be read no more.</param>
    public Result<T> ReadParts<T>(Func<ResultParts, Result<T>> use) =>
        OpenJournalToRead()
            .Then(journal =>
            {
                using (journal)
                    return use(Parts(journal));
            });

    private ResultParts Parts(IJournal journal) =>
        ResultParts.Project(
            Spec,
            Plan,
            journal.Read,
            Origin.Environment,
            SweepSource.Of(Folder.SpecText, Folder.Overrides),
            Origin.Data,
            Origin.Classes
        );

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
    /// <param name="read">Reads them, in the folder where they are; while it does, no other process replaces them.</param>
    public Result<T> TablesFromFiles<T>(Func<string, Result<T>> read) =>
        Folder
            .LockTables()
            .Then(held =>
            {
                using (held)
                    return Write().Then(folder => read(folder.Paths.Metrics));
            });

    /// <summary>
    /// Writes notes and tags to a run that no process trains or serves, and its tables anew.
    /// </summary>
    /// <param name="request">To what, and which.</param>
    /// <param name="now">The time that the journal shall say.</param>
    /// <returns>What came of it, in words; or why that cannot be.</returns>
    public Result<string> Annotate(ControlRequest.Annotate request, DateTimeOffset now) =>
        AnnotationRequests
            .InputOf(Plan, request)
            .Then(input =>
                Folder
                    .Lock()
                    .Then(held =>
                    {
                        using (held)
                            return Append(input with { Now = now }).Then(answer => WriteTables().Then<string>(_ => answer));
                    })
            );

    private Result<string> Append(AnnotateRequested input) =>
        OpenJournal(mayTakeOver: false)
            .Then(journal =>
            {
                using (journal)
                {
                    var coordinator = Coordinator.Open(Plan, Spec.Run, journal);
                    Ready ready = coordinator.Step(input);
                    journal.Append(ready.Events, coordinator.CollectChanges());
                    return AnnotationRequests.AnswerOf(coordinator.State, input, ready.Events);
                }
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

    // In parts, because the tables of a large sweep are more than fits into memory.
    private Result<RunDirectory> Write() =>
        OpenJournalToRead()
            .Then<RunDirectory>(journal =>
            {
                PredictionFolder kept = Predictions;
                string[] predictions = [.. Plan.Trials.Select(trial => kept.FileOf(trial.Id)).OfType<string>()];
                using (journal)
                {
                    foreach (UserError leftOut in TableFiles.Write(Folder.Paths.Metrics, Parts(journal), predictions))
                        Terminal.Warn(leftOut.Location, leftOut.Message);
                }
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
