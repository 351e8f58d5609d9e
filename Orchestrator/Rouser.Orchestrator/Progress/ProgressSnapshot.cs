using Rouser.Cluster;
using Rouser.Cluster.Serving;
using Rouser.Coordination;
using Rouser.Sweeps;
using Rouser.Worker;

namespace Rouser.Orchestrator.Progress;

/// <summary>A trial that is in work.</summary>
/// <param name="Trial">Its identity.</param>
/// <param name="Epoch">The epoch in work, from 1; 0 while its data is loaded.</param>
/// <param name="Share">How much of that epoch is done, from 0 to 1.</param>
/// <param name="TestAccuracy">After the last epoch; null before the first has ended.</param>
internal sealed record RunningTrial(TrialId Trial, int Epoch, int Epochs, double Share, double? TestAccuracy);

/// <summary>How far a sweep is, at one moment.</summary>
/// <param name="Counts">Trials by state.</param>
/// <param name="EpochsDone">Epochs done in the whole sweep, the ones in work by their share.</param>
/// <param name="EpochsTotal">Epochs of the plan that are or may still be trained.</param>
/// <param name="Running">The trials in work, in the order of the plan.</param>
/// <param name="IsPaused">Whether nothing more is handed out, at the user's wish.</param>
internal sealed record ProgressSnapshot(
    IReadOnlyDictionary<TrialState, int> Counts,
    double EpochsDone,
    int EpochsTotal,
    IReadOnlyList<RunningTrial> Running,
    bool IsPaused = false
)
{
    /// <summary>How many trials are in work, also those that are not listed.</summary>
    public int RunningCount => Math.Max(Running.Count, Counts.GetValueOrDefault(TrialState.Running));

    public int Ended => Counts.Where(c => c.Key.HasEnded()).Sum(c => c.Value);

    public int Total => Counts.Values.Sum() - Counts[TrialState.Deferred];

    /// <summary>The same as an orchestrator elsewhere tells it.</summary>
    public static ProgressSnapshot Of(SweepStatus status) =>
        new(
            Enum.GetValues<TrialState>().ToDictionary(s => s, s => status.Trials.GetValueOrDefault(s.ToName())),
            status.EpochsRecorded,
            (int)Math.Min(status.EpochsExpected, int.MaxValue),
            [.. status.Running.Select(t => new RunningTrial(new TrialId(t.Trial), t.Epoch, t.Epochs, 0, t.TestAccuracy))],
            status.Standing == SweepStatus.Paused
        );

    public static async Task<ProgressSnapshot> TakeAsync(ISweepView sweep)
    {
        IReadOnlyDictionary<LeaseKey, TrialProgress>? within = sweep.Progress;
        return await sweep.Query(state => Of(state, within)).ConfigureAwait(false);
    }

    private static ProgressSnapshot Of(CoordinatorState state, IReadOnlyDictionary<LeaseKey, TrialProgress>? within)
    {
        double done = 0;
        int total = 0;
        var running = new List<RunningTrial>();
        foreach (TrialStatus trial in state.Trials)
        {
            if (trial.State == TrialState.Deferred)
                continue;
            int epochs = trial.Planned.Settings.Epochs;
            done += trial.EpochsRecorded;
            total += trial.HasEnded ? trial.EpochsRecorded : epochs;
            if (trial.State != TrialState.Running)
                continue;
            TrialProgress progress = within is null
                ? new TrialProgress(Math.Min(trial.EpochsRecorded + 1, epochs), 0, 0)
                : within.GetValueOrDefault(new LeaseKey(trial.Planned.Id, trial.Attempt));
            double share =
                progress.SamplesTotal == 0 || progress.Epoch != trial.EpochsRecorded + 1
                    ? 0
                    : (double)progress.SamplesDone / progress.SamplesTotal;
            done += share;
            running.Add(new RunningTrial(trial.Planned.Id, progress.Epoch, epochs, share, trial.LastScore?.TestAccuracy));
        }
        return new ProgressSnapshot(
            Enum.GetValues<TrialState>().ToDictionary(s => s, state.Count),
            done,
            total,
            running,
            state.IsPaused
        );
    }
}
