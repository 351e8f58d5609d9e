using System.Globalization;
using Rouser.Coordination;
using Rouser.Snn;
using Rouser.Sweeps;

namespace Rouser.Results;

/// <summary>All that a journal says of one trial.</summary>
internal sealed class TrialRecord(TrialStatus status)
{
    private string? _leftOut;

    public TrialStatus Status { get; } = status;

    public PlannedTrial Planned => Status.Planned;

    /// <summary>When its latest attempt was given out.</summary>
    public DateTimeOffset? AssignedAt { get; private set; }

    /// <summary>The run that it was taken over from; null if it was trained in this one.</summary>
    public string? ReusedFrom { get; private set; }

    /// <summary>The recorded epochs, from 1, without gaps.</summary>
    public List<EpochMetrics> Epochs { get; } = [];

    /// <summary><c>[epoch − 1][layer]</c>; null until the trial is completed.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? WeightDistancesFinal { get; private set; }

    /// <summary>Whether it has a result.</summary>
    public bool IsCompleted => State == TrialState.Completed;

    /// <summary>
    /// Its state in the tables: a trial that the journal calls completed, and of which an epoch cannot be used, has
    /// failed.
    /// </summary>
    public TrialState State => _leftOut is null ? Status.State : TrialState.Failed;

    /// <summary>Why it has no result; null if nothing kept it from one.</summary>
    public string? Reason => _leftOut ?? Status.Reason;

    private void TakeOver(TrialReused e) => (AssignedAt, ReusedFrom) = (e.At, e.From);

    // One such epoch, recorded before reports were checked, would else keep a whole run from its report.
    private void LeaveOutWhatCannotBeUsed()
    {
        foreach (EpochMetrics epoch in Epochs)
        {
            if (ReportCheck.FindInvalidNumber(Planned, epoch) is not { } fault)
                continue;
            _leftOut = $"left out: epoch {epoch.Epoch.ToString(CultureInfo.InvariantCulture)} was reported as {fault}";
            Epochs.Clear();
            return;
        }
    }

    /// <summary>One record per trial, in the order of the plan.</summary>
    public static IReadOnlyList<TrialRecord> Project(Plan plan, RunSettings run, IEnumerable<Event> journal)
    {
        CoordinatorState state = new(plan, run);
        TrialRecord[] records = [.. state.Trials.Select(t => new TrialRecord(t))];
        foreach (Event happened in journal)
        {
            // The state checks that the event fits; what it does not keep is kept here.
            state.Apply(happened);
            switch (happened)
            {
                case TrialAssigned e:
                    Of(e.Trial)?.AssignedAt = e.At;
                    break;
                case TrialReused e:
                    Of(e.Trial)?.TakeOver(e);
                    break;
                case EpochRecorded e:
                    Of(e.Trial)?.Epochs.Add(e.Metrics);
                    break;
                case TrialCompleted e:
                    Of(e.Trial)?.WeightDistancesFinal = e.WeightDistancesFinal;
                    break;
            }
        }
        foreach (TrialRecord record in records)
            record.LeaveOutWhatCannotBeUsed();
        return records;

        // The state has none for a trial that the plan has dropped.
        TrialRecord? Of(TrialId trial) => state.Find(trial) is { } status ? records[status.PlanIndex] : null;
    }
}
