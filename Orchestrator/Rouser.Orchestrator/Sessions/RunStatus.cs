using System.Text.Json.Serialization;
using Rouser.Core.Coordination;
using Rouser.Core.Sweeps;

namespace Rouser.Orchestrator.Sessions;

/// <summary>Where a run stands.</summary>
/// <param name="Sweep">The sweep's name.</param>
/// <param name="Standing">In a few words.</param>
/// <param name="Running">Whether a process trains it now.</param>
/// <param name="Trials">How many trials are in each state.</param>
/// <param name="EpochsRecorded">Epochs that are durable.</param>
/// <param name="EpochsPlanned">Epochs of the plan.</param>
/// <param name="Unfinished">Trials without a result, in the order of the plan.</param>
internal sealed record RunStatus(
    string Sweep, string Standing, bool Running, IReadOnlyDictionary<string, int> Trials, int EpochsRecorded, int EpochsPlanned, IReadOnlyList<TrialStanding> Unfinished)
{
    public static RunStatus Of(RunSession run, CoordinatorState state, DateTimeOffset now)
    {
        bool running = run.Folder.IsLocked;
        Dictionary<TrialId, Cell> cells = run.Plan.Cells.DistinctBy(c => c.Trial).ToDictionary(c => c.Trial);
        return new RunStatus(
            run.Spec.Name,
            Words(state, running, run.Folder.Paths.Folder),
            running,
            Enum.GetValues<TrialState>().ToDictionary(s => s.Word(), state.Count),
            state.Trials.Sum(t => t.EpochsRecorded),
            state.Trials.Sum(t => t.Planned.Settings.Epochs),
            [.. state.Trials.Where(t => t.State != TrialState.Completed).Select(t => TrialStanding.Of(t, cells[t.Planned.Id], running, state, now))]);
    }

    private static string Words(CoordinatorState state, bool running, string folder) => (state.IsFinished, running) switch
    {
        (true, _) => state.HasFailures ? "finished, some trials have no result (--why says why)" : "finished",
        (_, true) => "running",
        _ => $"stopped; go on with: rouser resume {Orchestrator.Words.Quote(folder)}",
    };
}

/// <summary>Where a trial without a result stands.</summary>
internal sealed record TrialStanding(string Trial, string Arm, string Setting, long Seed, string State, int Attempt, int EpochsRecorded, string Why)
{
    public static TrialStanding Of(TrialStatus trial, Cell cell, bool running, CoordinatorState state, DateTimeOffset now) => new(
        trial.Planned.Id.Value,
        cell.Arm,
        cell.Setting,
        cell.Seed,
        trial.State.Word(),
        trial.Attempt,
        trial.EpochsRecorded,
        running || trial.HasEnded ? state.Why(trial, now) ?? "" : $"waits for rouser resume; {trial.EpochsRecorded} of {trial.Planned.Settings.Epochs} epochs recorded");
}

/// <summary>The JSON form of <see cref="RunStatus"/>.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RunStatus))]
internal sealed partial class RunStatusJson : JsonSerializerContext;
