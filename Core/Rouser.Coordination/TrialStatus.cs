using Rouser.Snn;
using Rouser.Sweeps;

namespace Rouser.Coordination;

/// <summary>Where one trial stands, as the journal tells it.</summary>
public sealed class TrialStatus
{
    // Nearly all trials have one attempt; the list is made with the first.
    private List<WorkerId>? _workers;
    private List<EpochMark>? _marks;

    internal TrialStatus(PlannedTrial planned, int planIndex) => (Planned, PlanIndex) = (planned, planIndex);

    /// <summary>The trial.</summary>
    public PlannedTrial Planned { get; }

    /// <summary>Its index in the plan, from 0.</summary>
    public int PlanIndex { get; }

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
    public int FailedAttempts { get; internal set; }

    /// <summary>Attempts that were lost since the user last asked for a retry.</summary>
    public int LostAttempts { get; internal set; }

    /// <summary>Its second training; null if none is wanted, or not yet.</summary>
    public TrialCheck? Check { get; internal set; }

    /// <summary>
    /// The first report of it that disagreed with what is recorded, in words for the user; null if none did.
    /// </summary>
    public string? Alarm { get; internal set; }

    /// <summary>What users wrote to it.</summary>
    public Annotation Annotation { get; internal set; } = Annotation.None;

    /// <summary>Whether its result was found in a results store, and not trained in this run.</summary>
    public bool IsReused => State == TrialState.Completed && Worker == WorkerId.ResultsStore;

    /// <summary>Whether a worker holds a lease on it: it runs, or is checked.</summary>
    public bool IsHeld => State == TrialState.Running || IsBeingChecked;

    /// <summary>Whether it has ended, with a result or without.</summary>
    public bool HasEnded => State.HasEnded();

    /// <summary>Whether its second training runs.</summary>
    internal bool IsBeingChecked => Check is { State: CheckState.Running };

    /// <summary>Who holds the lease on it; null if nobody does.</summary>
    public WorkerId? Holder =>
        State == TrialState.Running ? Worker
        : IsBeingChecked ? Check!.Worker
        : null;

    /// <summary>The name of its latest attempt, that of a check included.</summary>
    public LeaseKey Lease => new(Planned.Id, Attempt + (Check?.Attempts ?? 0));

    /// <summary>
    /// The <see cref="ResultDigest"/> of its distances from the final weights; null until it is completed.
    /// </summary>
    internal uint? ResultMark { get; set; }

    /// <summary>
    /// Who was given that attempt, or null if there was none of that number. Of its checks the latest alone is known.
    /// </summary>
    internal WorkerId? WorkerOf(int attempt)
    {
        if (attempt < 1)
            return null;
        if (attempt <= Attempt)
            return _workers![attempt - 1];
        return Check is { } check && attempt == Attempt + check.Attempts ? check.Worker : null;
    }

    /// <summary>
    /// What is remembered of a recorded epoch; null for one that is not recorded, or was before marks were kept.
    /// </summary>
    internal EpochMark? MarkOf(int epoch) => _marks is not null && epoch >= 1 && epoch <= _marks.Count ? _marks[epoch - 1] : null;

    internal void AddAttempt(WorkerId worker) => (_workers ??= new(1)).Add(worker);

    internal void Record(EpochMetrics metrics, bool isForShow)
    {
        // Marks without a gap, or none: a snapshot of before they were kept has none.
        if (!isForShow && EpochsRecorded == (_marks?.Count ?? 0))
            (_marks ??= new(1)).Add(new EpochMark(ResultDigest.Of(metrics), Attempt));
        (EpochsRecorded, LastScore) = (
            metrics.Epoch,
            new EpochScore(metrics.TrainLoss, metrics.TrainAccuracy, metrics.TestAccuracy)
        );
    }

    /// <summary>All that the journal tells of it.</summary>
    internal TrialSnapshot ToSnapshot() =>
        new(
            Planned.Id,
            State,
            Since ?? default,
            _workers is null ? [] : [.. _workers],
            EpochsRecorded,
            LastScore,
            FailedAttempts,
            LostAttempts,
            Reason,
            _marks is null ? null : EpochMarks.Write(_marks),
            ResultMark,
            Check,
            Alarm,
            Annotation.IsEmpty ? null : Annotation
        );

    /// <summary>Takes over what was kept, all but the state, which others must hear of.</summary>
    internal void Restore(TrialSnapshot kept)
    {
        _workers = kept.Workers.Count == 0 ? null : [.. kept.Workers];
        (EpochsRecorded, LastScore, Reason) = (kept.EpochsRecorded, kept.LastScore, kept.Reason);
        (FailedAttempts, LostAttempts) = (kept.FailedAttempts, kept.LostAttempts);
        (ResultMark, Check, Alarm) = (kept.ResultMark, kept.Check, kept.Alarm);
        Annotation = kept.Annotation ?? Annotation.None;
        _marks = kept.EpochMarks is null ? null : EpochMarks.Read(kept.EpochMarks);
    }
}
