using System.Globalization;
using Rouser.Coordination;
using Rouser.Snn;
using Rouser.Sweeps;

namespace Rouser.Results;

/// <summary>All that a journal says of one trial.</summary>
internal sealed class TrialRecord(TrialStatus status)
{
    private string? _leftOut;
    private long _firstLayers,
        _lastLayers;

    public TrialStatus Status { get; } = status;

    public PlannedTrial Planned => Status.Planned;

    /// <summary>When its latest attempt was given out.</summary>
    public DateTimeOffset? AssignedAt { get; private set; }

    /// <summary>The run that it was taken over from; null if it was trained in this one.</summary>
    public string? ReusedFrom { get; private set; }

    /// <summary>
    /// The recorded epochs, from 1, without gaps and without their layers, which are most of a journal: these are read
    /// from it a second time (<see cref="LayersTable"/>).
    /// </summary>
    public List<EpochMetrics> Epochs { get; } = [];

    /// <summary>Where the journal says something of its layers; null if it does nowhere.</summary>
    public LayerSpan? Layers => Epochs.Count == 0 ? null : new(Planned.Id, Epochs.Count, _firstLayers, _lastLayers);

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

    private void Add(EpochMetrics epoch, long number)
    {
        if (_leftOut is not null)
            return;
        // One such epoch, recorded before reports were checked, would else keep a whole run from its report.
        if (ReportCheck.FindInvalidNumber(Planned, epoch) is { } fault)
        {
            _leftOut = $"left out: epoch {epoch.Epoch.ToString(CultureInfo.InvariantCulture)} was reported as {fault}";
            Epochs.Clear();
            return;
        }
        if (Epochs.Count == 0)
            _firstLayers = number;
        _lastLayers = number;
        Epochs.Add(epoch with { Layers = [] });
    }

    /// <summary>One record per trial, in the order of the plan, and what users wrote to the sweep.</summary>
    public static (IReadOnlyList<TrialRecord> Trials, Annotation OfSweep) Project(
        Plan plan,
        RunSettings run,
        IEnumerable<Event> journal
    )
    {
        CoordinatorState state = new(plan, run, isForShow: true);
        TrialRecord[] records = [.. state.Trials.Select(t => new TrialRecord(t))];
        long number = 0;
        foreach (Event happened in journal)
        {
            number++;
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
                    Of(e.Trial)?.Add(e.Metrics, number);
                    break;
                case TrialCompleted e:
                    Of(e.Trial)?._lastLayers = number;
                    break;
            }
        }
        return (records, state.Annotation);

        // The state has none for a trial that the plan has dropped.
        TrialRecord? Of(TrialId trial) => state.Find(trial) is { } status ? records[status.PlanIndex] : null;
    }
}
