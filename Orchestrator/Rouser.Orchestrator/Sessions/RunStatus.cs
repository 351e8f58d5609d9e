using System.Text.Json.Serialization;
using Rouser.Cluster.Serving;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Core.Parameters;
using Rouser.Reports.Model;
using Rouser.Storage.Journals;
using Rouser.Storage.Runs;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Sessions;

/// <summary>Where a run stands.</summary>
/// <param name="Sweep">The sweep's name.</param>
/// <param name="Standing">In a few words.</param>
/// <param name="Running">Whether a process trains it now.</param>
/// <param name="Trials">How many trials are in each state.</param>
/// <param name="Reused">How many of the completed ones were taken from a results store.</param>
/// <param name="EpochsRecorded">Epochs that are durable.</param>
/// <param name="EpochsPlanned">Epochs of the plan.</param>
/// <param name="Unfinished">Trials without a result, and those on whose result two workers disagree, in the order of
/// the plan.</param>
internal sealed record RunStatus(
    string Sweep,
    string Standing,
    bool Running,
    IReadOnlyDictionary<string, int> Trials,
    int Reused,
    long EpochsRecorded,
    long EpochsPlanned,
    IReadOnlyList<TrialWithoutResult> Unfinished
)
{
    private static readonly Parameter EpochsParameter = ParameterSchema.Declared("epochs");

    /// <summary>The note that users wrote to the sweep; left out where nobody did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Note { get; init; }

    /// <summary>The tags of the sweep; left out where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Of the studies whose priority a user has changed, by their names; left out where nobody did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, int>? Priorities { get; init; }

    /// <summary>
    /// The trials that users wrote a note or tags to, in the order of the plan; left out where there are none, and with the
    /// sums alone.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TrialWrittenTo>? Annotated { get; init; }

    /// <summary>The same with what users wrote.</summary>
    private RunStatus With(Annotation ofSweep, IReadOnlyList<TrialWrittenTo> ofTrials) =>
        this with
        {
            Note = ofSweep.Note.Length > 0 ? ofSweep.Note : null,
            Tags = ofSweep.Tags.Count > 0 ? ofSweep.Tags : null,
            Annotated = ofTrials.Count > 0 ? ofTrials : null,
        };

    /// <summary>
    /// How many trials <see cref="Unfinished"/> does not list, where an orchestrator elsewhere has more than it tells; null
    /// where it lists all.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Unlisted { get; init; }

    /// <summary>The workers that are there; null where only their orchestrator knows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PresentWorker>? Workers { get; init; }

    /// <summary>Where a sweep stands that an orchestrator elsewhere serves.</summary>
    public static RunStatus Of(SweepStatus status) =>
        new(
            status.Sweep,
            status.Standing
                + (status.Standing == SweepStatus.Finished && status.LacksResults ? ", some trials have no result" : ""),
            Running: !status.IsLast,
            status.Trials,
            status.Reused,
            status.EpochsRecorded,
            status.EpochsPlanned,
            status.Unfinished ?? []
        )
        {
            Workers = status.IsLast ? null : status.Workers,
            Note = status.Note.Length > 0 ? status.Note : null,
            Tags = status.Tags.Count > 0 ? status.Tags : null,
            Priorities = status.Priorities,
            Annotated = status.Annotated.Count > 0 ? status.Annotated : null,
            Unlisted = status.Unlisted > 0 ? status.Unlisted : null,
        };

    /// <summary>Where the run in a folder stands, or stood when the tables in it were written.</summary>
    /// <param name="path">What <see cref="RunResults"/> reads.</param>
    /// <param name="journal">The database of the journal, if the user named one.</param>
    /// <param name="eachTrial">Whether <see cref="Unfinished"/> is asked for: the sums alone need neither the plan nor
    /// the trials, which of a large sweep take seconds to read.</param>
    public static Result<RunStatus> Read(string path, string? journal, bool eachTrial)
    {
        if (RunResults.ReadAlone(path) is { } tables)
            return tables.Then<RunStatus>(run => Of(run.Model));
        Result<RunStatus?> sums = eachTrial ? (RunStatus?)null : OfSums(path, journal);
        return sums.Then(s => s ?? RunSession.Open(path, journal).Then(Of));
    }

    /// <summary>Where a run stood when its tables were written.</summary>
    private static RunStatus Of(ReportModel tables)
    {
        Replicate[] trials = [.. tables.Cells.DistinctBy(c => c.TrialId)];
        int left = trials.Count(t => t.State.IsLeft()),
            missing = trials.Count(t => t.State.EndedWithoutResult());
        return new RunStatus(
            tables.Run.SweepName,
            (left > 0 ? "not finished" : "finished")
                + (missing > 0 ? ", some trials have no result (--why says why)" : "")
                + ", as its tables say",
            Running: false,
            // Tables have no rows of deferred trials.
            Enum.GetValues<TrialState>()
                .Where(s => s != TrialState.Deferred)
                .ToDictionary(s => s.ToName(), s => trials.Count(t => t.State == s)),
            trials.Count(t => t.ReusedFrom is not null),
            trials.Sum(t => (long)t.History.Epochs),
            trials.Sum(t => (long)(t.Parameters.FindReal(EpochsParameter) ?? t.History.Epochs)),
            [
                .. tables
                    .Rows.SelectMany(row => row.Replicates.Select(trial => (Row: row, Trial: trial)))
                    .DistinctBy(cell => cell.Trial.TrialId)
                    .Where(cell => !cell.Trial.IsComplete)
                    .Select(cell => WithoutResult(cell.Row, cell.Trial)),
            ]
        ).With(
            tables.Run.Annotation,
            [
                .. trials
                    .Where(t => !t.Annotation.IsEmpty)
                    .Select(t => new TrialWrittenTo(t.TrialId, t.Annotation.Tags, t.Annotation.Note)),
            ]
        );
    }

    /// <summary>Where a run stands, each trial included.</summary>
    private static Result<RunStatus> Of(RunSession run) =>
        run.OpenJournalToRead()
            .Then<RunStatus>(journal =>
            {
                using (journal)
                    return Of(
                        run,
                        Coordinator.Open(run.Plan, run.Spec.Run, journal).State,
                        TrainerOf(run.Folder, journal),
                        TimeProvider.System.GetUtcNow()
                    );
            });

    /// <summary>
    /// Where a run stands in sums, at a cost that does not grow with the sweep; null if its journal keeps none yet.
    /// </summary>
    private static Result<RunStatus?> OfSums(string path, string? journal) =>
        RunDirectory
            .Open(path)
            .Then(folder =>
                RunSession
                    .JournalOf(folder, journal)
                    .Then(address =>
                        Journals
                            .OpenReadOnly(address, folder.Fingerprint)
                            .Then(opened =>
                            {
                                using (opened)
                                {
                                    SweepSummary? sums = opened.ReadSummary();
                                    if (sums is null)
                                        return (RunStatus?)null;
                                    return folder
                                        .ReadPlanHead(PlanJson.HeadLength)
                                        .Then<RunStatus?>(head =>
                                            Of(
                                                PlanJson.ReadSweepName(head),
                                                RunCommands.Of(folder, address),
                                                sums,
                                                TrainerOf(folder, opened),
                                                [],
                                                []
                                            )
                                        );
                                }
                            })
                    )
            );

    // On this machine the folder's lock tells; a database knows of others.
    private static Trainer TrainerOf(RunDirectory folder, IJournal journal) =>
        folder.IsLocked ? Trainer.Here
        : journal.HasWriter ? Trainer.Elsewhere
        : Trainer.None;

    private static RunStatus Of(RunSession run, CoordinatorState state, Trainer trainer, DateTimeOffset now)
    {
        RunCommands commands = RunCommands.Of(run.Folder, run.Journal);
        Dictionary<TrialId, Cell> cells = run.Plan.FirstCells();
        return Of(
            run.Spec.Name,
            commands,
            state.Summary,
            trainer,
            [
                .. state
                    .Trials.Where(t => t.State is not (TrialState.Completed or TrialState.Deferred) || t.Alarm is not null)
                    .Select(t =>
                        TrialWithoutResult.Of(t, cells[t.Planned.Id], Why(t, trainer != Trainer.None, state, now, commands))
                    ),
            ],
            [.. state.Trials.Where(t => !t.Annotation.IsEmpty).Select(TrialWrittenTo.Of)]
        );
    }

    private static RunStatus Of(
        string sweep,
        RunCommands commands,
        SweepSummary sums,
        Trainer trainer,
        IReadOnlyList<TrialWithoutResult> unfinished,
        IReadOnlyList<TrialWrittenTo> annotated
    ) =>
        new RunStatus(
            sweep,
            Describe(sums, trainer, commands),
            trainer != Trainer.None,
            sums.Trials.ToDictionary(t => t.Key.ToName(), t => t.Value),
            sums.Reused,
            sums.EpochsRecorded,
            sums.EpochsPlanned,
            unfinished
        )
        {
            Priorities = sums.Priorities,
        }.With(sums.Annotation ?? Annotation.None, annotated);

    private static string Describe(SweepSummary sums, Trainer trainer, RunCommands commands)
    {
        if (trainer != Trainer.None)
        {
            string now =
                sums.Left == 0 ? "finished"
                : sums.IsPaused ? "paused"
                : "running";
            return now + (trainer == Trainer.Elsewhere ? ", served from another folder" : "");
        }
        if (sums.Left > 0)
            return $"stopped{(sums.IsPaused ? " while paused" : "")}; go on with: {commands.Resume}";
        TrialState[] missing = [.. sums.Trials.Where(t => t.Value > 0 && t.Key.EndedWithoutResult()).Select(t => t.Key)];
        return missing.Length == 0
            ? "finished"
            : $"finished, some trials have no result (--why says why); retry them with: {commands.Retry(missing)}";
    }

    private static string Why(
        TrialStatus trial,
        bool running,
        CoordinatorState state,
        DateTimeOffset now,
        RunCommands commands
    ) =>
        running || trial.HasEnded
            ? (state.Why(trial, now) ?? "") + Remedy(trial, running, commands)
            : $"waits for the run to be resumed; {trial.EpochsRecorded} of {trial.Planned.Settings.Epochs} epochs recorded";

    // While a process trains the run, its folder is taken.
    private static string Remedy(TrialStatus trial, bool running, RunCommands commands) =>
        trial.State.EndedWithoutResult()
            ? $"; retry{(running ? " when the run has ended" : "")} with: {commands.Retry([trial.State])}"
            : "";

    // A trial as a table tells of it.
    private static TrialWithoutResult WithoutResult(ResultRow row, Replicate trial) =>
        new(
            trial.TrialId,
            row.Arm,
            row.Setting,
            trial.Seed,
            trial.State.ToName(),
            trial.Attempt,
            trial.History.Epochs,
            trial.WhyMissing
        );
}

/// <summary>Which process trains a run now.</summary>
internal enum Trainer
{
    /// <summary>None.</summary>
    None,

    /// <summary>One that has the run's folder.</summary>
    Here,

    /// <summary>One with a folder of its own, most likely on another machine, that writes the same journal.</summary>
    Elsewhere,
}

/// <summary>The JSON form of <see cref="RunStatus"/>.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RunStatus))]
[JsonSerializable(typeof(List<RunStatus>))]
internal sealed partial class RunStatusJson : JsonSerializerContext;
