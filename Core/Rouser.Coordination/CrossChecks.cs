using Rouser.Snn;
using Rouser.Sweeps;

namespace Rouser.Coordination;

/// <summary>
/// The second trainings (<c>run.cross_check</c>): who may take one, whether what it tells agrees with what is on
/// record, and when it is given up. A part of the <see cref="Coordinator"/>.
/// </summary>
internal sealed class CrossChecks(CoordinatorState state, RunSettings settings, Decisions decisions)
{
    // Of each check that runs, by plan index: how many epochs agree so far. Not in the journal: after a restart the
    // worker is asked for them again.
    private readonly Dictionary<int, int> _agreed = [];

    // Since when nothing is left but second trainings that nobody there may take; null if it is otherwise.
    private DateTimeOffset? _withoutWitnessSince;

    /// <summary>The first one that this worker may take, or null.</summary>
    public TrialStatus? Next(WorkerId worker, WorkerStatus status)
    {
        if (state.Checks.Count == 0)
            return null;
        int? first = state.Checks.First(
            worker,
            index => status.MissingData?.Contains(state.Trials[index].Planned.DataDigest) != true
        );
        return first is { } index ? state.Trials[index] : null;
    }

    /// <summary>How many epochs of the trial's check agree so far.</summary>
    public int Agreed(TrialStatus trial) => _agreed.GetValueOrDefault(trial.PlanIndex);

    /// <summary>The lease has ended: the next attempt is compared from its first epoch.</summary>
    public void Forget(TrialStatus trial) => _agreed.Remove(trial.PlanIndex);

    /// <summary>
    /// An epoch that is recorded already: a repeated message, a later attempt that trains it again, or a check. The
    /// values must be the same.
    /// </summary>
    public void CompareEpoch(TrialStatus trial, WorkerId worker, EpochMetrics metrics)
    {
        if (trial.MarkOf(metrics.Epoch) is { } mark && mark.Digest != ResultDigest.Of(metrics))
            Disagree(
                trial,
                trial.WorkerOf(mark.Attempt) ?? worker,
                worker,
                metrics.Epoch,
                $"epoch {metrics.Epoch} was told with other numbers"
            );
        else if (trial.IsBeingChecked && metrics.Epoch == Agreed(trial) + 1)
            _agreed[trial.PlanIndex] = metrics.Epoch;
    }

    /// <summary>A second training has finished: the verdict.</summary>
    public void CompareResult(TrialStatus trial, WorkerId worker, IReadOnlyList<IReadOnlyList<double>> distances)
    {
        if (trial.ResultMark is { } mark && mark != ResultDigest.Of(distances))
            Disagree(trial, worker, "the distances to the final weights were told with other numbers");
        else
            End(trial, new CheckPassed(decisions.Now, trial.Planned.Id, trial.Lease.Attempt));
    }

    /// <summary>A second training did not come to the result that its trial has.</summary>
    public void Disagree(TrialStatus trial, WorkerId worker, string what) =>
        Disagree(trial, trial.Worker!.Value, worker, epoch: 0, what);

    /// <summary>
    /// An attempt at a second training ends without a verdict. A check that fails again and again is no reason to keep
    /// a sweep from its end.
    /// </summary>
    public void ReturnToQueue(TrialStatus trial, string reason, bool failed)
    {
        End(trial, new CheckReturned(decisions.Now, trial.Planned.Id, trial.Lease.Attempt, reason, failed));
        if (failed && trial.Check!.FailedAttempts > settings.LostRetries)
            decisions.Record(new CheckAbandoned(decisions.Now, trial.Planned.Id, reason));
    }

    /// <summary>A sweep that has all its results does not wait for ever for a second worker.</summary>
    public void AbandonWithoutSecondWorker()
    {
        bool isAlone =
            state.WaitsForChecksAlone
            && !state.IsPaused
            && !state.IsDraining
            && !state.Present.All.Any(worker => Next(worker.Key, worker.Value) is not null);
        _withoutWitnessSince = isAlone ? _withoutWitnessSince ?? decisions.Now : null;
        if (_withoutWitnessSince is not { } since || decisions.Now - since < settings.Lease)
            return;
        foreach (int index in state.Checks.All())
            decisions.Record(
                new CheckAbandoned(
                    decisions.Now,
                    state.Trials[index].Planned.Id,
                    "no worker is there but the one that trained it"
                )
            );
    }

    // One alarm for a trial is enough: whoever goes on to tell other numbers must not fill the journal.
    private void Disagree(TrialStatus trial, WorkerId first, WorkerId second, int epoch, string what)
    {
        bool endsCheck = trial.IsBeingChecked;
        if (trial.Alarm is not null && !endsCheck)
            return;
        LeaseKey lease = trial.Lease;
        ResultsDisagreed alarm = new(decisions.Now, trial.Planned.Id, lease.Attempt, epoch, first, second, what);
        if (!endsCheck)
        {
            decisions.Record(alarm);
            return;
        }
        End(trial, alarm);
        decisions.Send(second, new WorkerCommand.Revoke(lease, $"{first} and {second} disagree: {what}"));
    }

    private void End(TrialStatus trial, Event ending)
    {
        state.Leases.Close(trial.PlanIndex);
        Forget(trial);
        decisions.Record(ending);
    }
}
