using Rouser.Core.Metrics;
using Rouser.Core.Sweeps;

namespace Rouser.Core.Coordination;

/// <summary>Where one trial stands, as the journal tells it.</summary>
public sealed class TrialStatus
{
    // Nearly all trials have one attempt; the list is made with the first.
    private List<WorkerId>? _workers;

    internal TrialStatus(PlannedTrial planned, int place) => (Planned, Place) = (planned, place);

    /// <summary>The trial.</summary>
    public PlannedTrial Planned { get; }

    /// <summary>Its place in the plan, from 0.</summary>
    public int Place { get; }

    /// <summary>Its state.</summary>
    public TrialState State { get; internal set; }

    /// <summary>Since when it is in that state; null for a trial that was never touched.</summary>
    public DateTimeOffset? Since { get; internal set; }

    /// <summary>The number of the latest attempt, which is how many there were.</summary>
    public int Attempt => _workers?.Count ?? 0;

    /// <summary>Who holds it, or held it last; null before the first attempt.</summary>
    public WorkerId? Worker => _workers is { Count: > 0 } ? _workers[^1] : null;

    /// <summary>Epochs recorded, which are 1 to this number, whatever attempts reported them.</summary>
    public int EpochsRecorded { get; private set; }

    /// <summary>How good it was after the last epoch recorded, or null.</summary>
    public EpochScore? LastScore { get; private set; }

    /// <summary>Why the last attempt that ended without a result did; null if none did.</summary>
    public string? Reason { get; internal set; }

    /// <summary>Attempts that failed since the user last asked for a retry.</summary>
    public int Failures { get; internal set; }

    /// <summary>Attempts that were lost since the user last asked for a retry.</summary>
    public int Losses { get; internal set; }

    /// <summary>Whether it has ended, with a result or without.</summary>
    public bool HasEnded => State is not (TrialState.Queued or TrialState.Running);

    /// <summary>The name of its latest attempt.</summary>
    internal LeaseKey Lease => new(Planned.Id, Attempt);

    /// <summary>Who was given that attempt, or null if there was none of that number.</summary>
    internal WorkerId? WorkerOf(int attempt) => _workers is not null && attempt >= 1 && attempt <= _workers.Count ? _workers[attempt - 1] : null;

    internal void AddAttempt(WorkerId worker) => (_workers ??= new(1)).Add(worker);

    internal void Record(EpochMetrics metrics) =>
        (EpochsRecorded, LastScore) = (metrics.Epoch, new EpochScore(metrics.TrainLoss, metrics.TrainAccuracy, metrics.TestAccuracy));

    /// <summary>All that the journal tells of it.</summary>
    internal TrialSnapshot ToSnapshot() =>
        new(Planned.Id, State, Since ?? default, _workers is null ? [] : [.. _workers], EpochsRecorded, LastScore, Failures, Losses, Reason);

    /// <summary>Takes over what was kept, all but the state, which others must hear of.</summary>
    internal void Restore(TrialSnapshot kept)
    {
        _workers = kept.Workers.Count == 0 ? null : [.. kept.Workers];
        (EpochsRecorded, LastScore, Reason) = (kept.EpochsRecorded, kept.LastScore, kept.Reason);
        (Failures, Losses) = (kept.Failures, kept.Losses);
    }
}
