using System.Globalization;

namespace Rouser.Coordination;

/// <summary>Why a trial has no result yet, in a line for the user (<c>rouser status --why</c>).</summary>
public static class Explanations
{
    /// <summary>
    /// The line, or null for a trial that is completed and raised no alarm. Costs O(log n), so that it can be asked
    /// of every trial of a large plan.
    /// </summary>
    public static string? Why(this CoordinatorState state, TrialStatus trial, DateTimeOffset now)
    {
        string? standing = WhyNoResult(state, trial, now);
        return trial.Alarm is null ? standing
            : standing is null ? $"ALARM: {trial.Alarm}"
            : $"{standing}; ALARM: {trial.Alarm}";
    }

    private static string? WhyNoResult(CoordinatorState state, TrialStatus trial, DateTimeOffset now) =>
        trial.State switch
        {
            TrialState.Queued => WhyQueued(state, trial),
            TrialState.Running => WhyRunning(state, trial, now),
            TrialState.Failed => $"failed: {trial.Reason}",
            TrialState.Lost => $"lost: {trial.Reason}",
            TrialState.Cancelled => "cancelled",
            TrialState.Deferred when state.Proposals?.Covers(trial.PlanIndex) == true =>
                "waits for a search to propose its setting",
            TrialState.Deferred => "waits for a comparison that needs its seed",
            TrialState.Pruned => $"pruned: {trial.Reason}",
            _ => null,
        };

    private static string WhyQueued(CoordinatorState state, TrialStatus trial)
    {
        string waits = WaitsForText(state, trial);
        return trial.Reason is null ? waits : $"{waits}; attempt {trial.Attempt} ended: {trial.Reason}";
    }

    private static string WaitsForText(CoordinatorState state, TrialStatus trial)
    {
        string data = trial.Planned.Settings.Dataset.Name;
        if (state.IsDraining)
            return "waits for the sweep to be resumed, as it stops";
        if (state.IsPaused)
            return "waits for the sweep to be continued, which is paused";
        if (state.IsLive && state.Workers.Count == 0)
            return "waits for a worker; none is there";
        if (state.Present.AllLackData(trial.Planned.DataDigest))
            return $"waits for a worker with data set {data}, which none of those there has";
        return $"waits for a free slot; {state.Queue.CountBefore(trial.PlanIndex)} before it";
    }

    private static string WhyRunning(CoordinatorState state, TrialStatus trial, DateTimeOffset now)
    {
        int epochs = trial.Planned.Settings.Epochs;
        string progress = trial.EpochsRecorded < epochs ? $"epoch {trial.EpochsRecorded + 1} of {epochs}" : "all epochs recorded";
        if (state.LeaseOf(trial) is not { } lease)
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{progress}; given to {trial.Worker} at {trial.Since:yyyy-MM-dd HH:mm:ss} UTC"
            );
        string silence = DurationText.Format(Positive(now - lease.HeardAt)),
            left = DurationText.Format(Positive(lease.Due - now));
        string end = lease.ExpiresAt <= lease.TimesOutAt ? "returns to the queue" : "runs out of time";
        return $"{progress}; lease of {trial.Worker}, silent for {silence}, {end} in {left}";
    }

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;
}
