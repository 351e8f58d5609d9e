using System.Text.Json.Serialization;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Storage.Journals;
using Rouser.Storage.Runs;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Sessions;

/// <summary>Where a run stands.</summary>
/// <param name="Sweep">The sweep's name.</param>
/// <param name="Standing">In a few words.</param>
/// <param name="Running">Whether a process trains it now.</param>
/// <param name="Trials">How many trials are in each state.</param>
/// <param name="EpochsRecorded">Epochs that are durable.</param>
/// <param name="EpochsPlanned">Epochs of the plan.</param>
/// <param name="Unfinished">Trials without a result, and those on whose result two workers disagree, in the order of
/// the plan.</param>
internal sealed record RunStatus(
    string Sweep,
    string Standing,
    bool Running,
    IReadOnlyDictionary<string, int> Trials,
    long EpochsRecorded,
    long EpochsPlanned,
    IReadOnlyList<TrialStanding> Unfinished
)
{
    /// <summary>Where a run stands, each trial included.</summary>
    public static Result<RunStatus> Of(RunSession run) =>
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
    public static Result<RunStatus?> OfSums(string path, string? journal) =>
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
                                            Of(PlanJson.ReadSweepName(head), folder, sums, TrainerOf(folder, opened), [])
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
        Dictionary<TrialId, Cell> cells = run.Plan.Cells.DistinctBy(c => c.Trial).ToDictionary(c => c.Trial);
        return Of(
            run.Spec.Name,
            run.Folder,
            state.Summary,
            trainer,
            [
                .. state
                    .Trials.Where(t => t.State != TrialState.Completed || t.Alarm is not null)
                    .Select(t => TrialStanding.Of(t, cells[t.Planned.Id], trainer != Trainer.None, state, now)),
            ]
        );
    }

    private static RunStatus Of(
        string sweep,
        RunDirectory folder,
        SweepSummary sums,
        Trainer trainer,
        IReadOnlyList<TrialStanding> unfinished
    ) =>
        new(
            sweep,
            Describe(sums, trainer, folder.Paths.Folder),
            trainer != Trainer.None,
            sums.Trials.ToDictionary(t => t.Key.ToName(), t => t.Value),
            sums.EpochsRecorded,
            sums.EpochsPlanned,
            unfinished
        );

    private static string Describe(SweepSummary sums, Trainer trainer, string folder)
    {
        bool isFinished = sums.Trials[TrialState.Queued] + sums.Trials[TrialState.Running] == 0;
        if (isFinished)
            return sums.Trials[TrialState.Failed] + sums.Trials[TrialState.Lost] > 0
                ? "finished, some trials have no result (--why says why)"
                : "finished";
        if (trainer != Trainer.None)
            return (sums.IsPaused ? "paused" : "running") + (trainer == Trainer.Elsewhere ? ", served from another folder" : "");
        return $"stopped; go on with: rouser resume {Orchestrator.DisplayText.Quote(folder)}";
    }
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

/// <summary>Where a trial without a result stands.</summary>
internal sealed record TrialStanding(
    string Trial,
    string Arm,
    string Setting,
    long Seed,
    string State,
    int Attempt,
    int EpochsRecorded,
    string Why
)
{
    public static TrialStanding Of(TrialStatus trial, Cell cell, bool running, CoordinatorState state, DateTimeOffset now) =>
        new(
            trial.Planned.Id.Value,
            cell.Arm,
            cell.Setting,
            cell.Seed,
            trial.State.ToName(),
            trial.Attempt,
            trial.EpochsRecorded,
            running || trial.HasEnded
                ? state.Why(trial, now) ?? ""
                : $"waits for rouser resume; {trial.EpochsRecorded} of {trial.Planned.Settings.Epochs} epochs recorded"
        );
}

/// <summary>The JSON form of <see cref="RunStatus"/>.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RunStatus))]
internal sealed partial class RunStatusJson : JsonSerializerContext;
