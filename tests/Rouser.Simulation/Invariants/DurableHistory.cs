using Rouser.Coordination;
using Rouser.Simulation.Scenarios;
using Rouser.Storage.Journals;
using static Rouser.Simulation.Invariants.Invariant;

namespace Rouser.Simulation.Invariants;

/// <summary>
/// What is on record for good, whichever coordinator wrote it, and what the world was told of it. What an append has
/// returned for must be there after every restart, and nobody may be told what is not on record.
/// </summary>
internal sealed class DurableHistory(Scenario scenario)
{
    private readonly List<Event> _events = [];
    private readonly List<byte[]> _written = [];
    private readonly Dictionary<LeaseKey, WorkerId> _receivers = [];

    /// <summary>The sweep by the events on record.</summary>
    public Ledger Ledger { get; } = new(scenario);

    /// <summary>The events on record.</summary>
    public IReadOnlyList<Event> Events => _events;

    /// <summary>An append has returned.</summary>
    public void Append(IReadOnlyList<Event> events)
    {
        foreach (Event happened in events)
        {
            Ledger.Apply(happened);
            _events.Add(happened);
            _written.Add(EventJson.Write(happened));
        }
    }

    /// <summary>A journal was opened: it must hold what was appended, byte for byte, no less and no more.</summary>
    public void CheckRecovered(IReadOnlyList<ReadOnlyMemory<byte>> found)
    {
        int lost = _written.Count - found.Count;
        Demand(
            lost <= 0,
            $"the journal has lost {lost} of {_written.Count} events, the first of them {_events[found.Count].GetType().Name}"
        );
        Demand(lost == 0, $"the journal has {-lost} events that nobody appended");
        for (int i = 0; i < found.Count; i++)
            Demand(found[i].Span.SequenceEqual(_written[i]), $"event {i + 1} of the journal has changed; it was {_events[i]}");
    }

    /// <summary>
    /// An assignment has reached a worker: it is on record, and no other worker ever gets the same lease.
    /// </summary>
    public void CheckAssignment(WorkerId worker, LeaseKey lease)
    {
        Demand(
            Ledger.Find(lease.Trial) is { } trial && trial.Lease.Attempt >= lease.Attempt,
            $"{worker} was given {lease}, which is not on record"
        );
        if (!_receivers.TryAdd(lease, worker))
            Demand(_receivers[lease] == worker, $"{lease} reached both {_receivers[lease]} and {worker}");
    }

    /// <summary>An acknowledgement has reached a worker: the end of that attempt is on record.</summary>
    public void CheckAcknowledgement(WorkerId worker, LeaseKey lease) =>
        Demand(
            Ledger.Find(lease.Trial) is { } trial && trial.Lease.Attempt >= lease.Attempt && Ledger.HolderOf(lease) is null,
            $"{worker} was told that the end of {lease} is on record, and it is not"
        );

    /// <summary>
    /// The sweep has ended. Its tables must be those of a run that nothing disturbed, attempts, workers and times
    /// aside. When a trial was cancelled or pruned depends on what came first; of those, what was recorded must be
    /// what the undisturbed run would have recorded by then.
    /// </summary>
    public void CheckTables()
    {
        if (scenario.Faults.BadMemory == 0)
            TableComparison.Check(scenario.Tables(_events), scenario.Tables(Undisturbed()));
    }

    // A run of one worker that nothing happens to, one trial after the other.
    private List<Event> Undisturbed()
    {
        List<Event> events = [];
        WorkerId worker = new("undisturbed");
        foreach (Account trial in Ledger.Accounts)
        {
            if (trial.State == TrialState.Deferred)
                continue;
            DateTimeOffset at = DateTimeOffset.UnixEpoch;
            int failsAt = scenario.FailsAt[trial.PlanIndex];
            bool isWhole = trial.State is TrialState.Completed;
            int epochs = isWhole ? trial.Epochs : trial.Recorded;
            if (trial.State == TrialState.Cancelled && epochs == 0)
            {
                events.Add(new TrialCancelled(at, trial.Planned.Id));
                continue;
            }
            events.Add(new TrialAssigned(at, trial.Planned.Id, 1, worker));
            for (int epoch = 1; epoch <= epochs; epoch++)
                events.Add(new EpochRecorded(at, trial.Planned.Id, 1, Training.Measure(trial.PlanIndex, epoch, 1)));
            events.Add(
                trial.State switch
                {
                    TrialState.Cancelled => new TrialCancelled(at, trial.Planned.Id),
                    TrialState.Pruned => new TrialPruned(at, trial.Planned.Id, 1, "pruned"),
                    TrialState.Failed => new AttemptFailed(at, trial.Planned.Id, 1, "the loss is not finite", Final: true),
                    TrialState.Lost => new AttemptLost(at, trial.Planned.Id, 1, "nobody was there", Final: true),
                    _ => new TrialCompleted(at, trial.Planned.Id, 1, Training.DistancesToFinal(trial.PlanIndex, trial.Epochs)),
                }
            );
        }
        return events;
    }
}
