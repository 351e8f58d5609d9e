using Rouser.Coordination;
using Rouser.Simulation.Scenarios;
using Rouser.Storage.Journals;
using Rouser.Sweeps;
using static Rouser.Simulation.Invariants.Invariant;

namespace Rouser.Simulation.Invariants;

/// <summary>
/// What is on record for good, whichever coordinator wrote it, and what the world was told of it. What an append has
/// returned for must be there after every restart, and nobody may be told what is not on record.
/// </summary>
internal sealed class DurableHistory(Scenario first)
{
    private Scenario _scenario = first;
    private readonly List<Event> _events = [];
    private readonly List<byte[]> _written = [];
    private readonly Dictionary<LeaseKey, WorkerId> _receivers = [];

    /// <summary>The sweep by the events on record.</summary>
    public Ledger Ledger { get; } = new(first);

    /// <summary>The user has changed the sweep file, and the run goes on by another plan.</summary>
    public void Grow(Scenario grown)
    {
        _scenario = grown;
        Ledger.Grow(grown);
    }

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
            Ledger.FindEver(lease.Trial) is { } trial && trial.Lease.Attempt >= lease.Attempt,
            $"{worker} was given {lease}, which is not on record"
        );
        if (!_receivers.TryAdd(lease, worker))
            Demand(_receivers[lease] == worker, $"{lease} reached both {_receivers[lease]} and {worker}");
    }

    /// <summary>An acknowledgement has reached a worker: the end of that attempt is on record.</summary>
    public void CheckAcknowledgement(WorkerId worker, LeaseKey lease) =>
        Demand(
            Ledger.FindEver(lease.Trial) is { } trial && trial.Lease.Attempt >= lease.Attempt && Ledger.HolderOf(lease) is null,
            $"{worker} was told that the end of {lease} is on record, and it is not"
        );

    /// <summary>
    /// The sweep has ended. Its tables must be those of a run that nothing disturbed, attempts, workers and times
    /// aside. When a trial was cancelled or pruned depends on what came first; of those, what was recorded must be
    /// what the undisturbed run would have recorded by then.
    /// </summary>
    public void CheckTables()
    {
        if (_scenario.Faults.BadMemory == 0)
            TableComparison.Check(_scenario.Tables(_events), _scenario.Tables(Undisturbed()));
    }

    /// <summary>
    /// What a search proposes is a function of the results and of the order in which trainings ended. A machine that
    /// reads one trial after the other, each at its end, must propose the same, whoever trained them side by side.
    /// </summary>
    public void CheckProposals()
    {
        if (_scenario.Run.Searches is null)
            return;
        List<Event> inOrder = [];
        Dictionary<TrialId, List<Event>> open = [];
        foreach (Event happened in _events)
        {
            switch (happened)
            {
                case SettingProposed e:
                    Coordinator machine = new(_scenario.Plan, _scenario.Run, inOrder);
                    SettingProposed? other = machine.Step(new Tick(e.At)).Events.OfType<SettingProposed>().FirstOrDefault();
                    Demand(
                        other is not null && (other.Setting, other.Reason) == (e.Setting, e.Reason),
                        $"{e} was proposed, and by the endings before it {other?.ToString() ?? "nothing"}"
                    );
                    inOrder.Add(e);
                    break;
                case TrialsOpened:
                    inOrder.Add(happened);
                    break;
                case ITrialEvent { Trial: var trial }:
                    if (!open.TryGetValue(trial, out List<Event>? of))
                        open.Add(trial, of = []);
                    of.Add(happened);
                    if (happened is TrialCompleted or TrialCancelled or TrialRequeued or AttemptFailed or AttemptLost)
                    {
                        inOrder.AddRange(of);
                        of.Clear();
                    }
                    break;
            }
        }
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
            int failsAt = _scenario.FailsAt[trial.Place];
            bool isWhole = trial.State is TrialState.Completed;
            int epochs = isWhole ? trial.Epochs : trial.Recorded;
            if (trial.State == TrialState.Cancelled && epochs == 0)
            {
                events.Add(new TrialCancelled(at, trial.Planned.Id));
                continue;
            }
            events.Add(new TrialAssigned(at, trial.Planned.Id, 1, worker));
            for (int epoch = 1; epoch <= epochs; epoch++)
                events.Add(new EpochRecorded(at, trial.Planned.Id, 1, Training.Measure(trial.Place, epoch, 1)));
            events.Add(
                trial.State switch
                {
                    TrialState.Cancelled => new TrialCancelled(at, trial.Planned.Id),
                    TrialState.Pruned => new TrialPruned(at, trial.Planned.Id, 1, "pruned"),
                    TrialState.Failed => new AttemptFailed(at, trial.Planned.Id, 1, "the loss is not finite", Final: true),
                    TrialState.Lost => new AttemptLost(at, trial.Planned.Id, 1, "nobody was there", Final: true),
                    _ => new TrialCompleted(at, trial.Planned.Id, 1, Training.DistancesToFinal(trial.Place, trial.Epochs)),
                }
            );
        }
        return events;
    }
}
