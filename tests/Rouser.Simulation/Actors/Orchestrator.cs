using Rouser.Cluster.Serving;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Results;
using Rouser.Simulation.Invariants;
using Rouser.Simulation.World;
using Rouser.Snn;
using Rouser.Storage.Checkpoints;
using Rouser.Sweeps;

namespace Rouser.Simulation.Actors;

/// <summary>
/// An orchestrator process: the product's service, with its mailbox and its machine, on a clock, a journal, checkpoints
/// and routes that can go wrong. It can be held up, or die, before, within and after each append and amid the effects.
/// </summary>
internal sealed class Orchestrator : IJournal, ICheckpointStore, IWorkerRoutes
{
    private const double TickSeconds = 1;

    private readonly Site _site;
    private readonly RandomStream _random;
    private readonly FileJournal _journal;
    private readonly SweepService _service;
    private readonly WatchedCoordinator _machine;
    private readonly StepChecks _checks;
    private readonly DefectLog _log = new();
    private bool _isBusy;

    // What is written behind the loop, and has not reached the disk yet.
    private readonly Queue<Action> _writes = new();

    // How many effects are still performed before the process dies; null if it does not.
    private int? _effectsLeft;

    // What a build that acts first has still to write down.
    private (IReadOnlyList<Event> Events, SnapshotDelta? Changes)? _owed;

    /// <summary>Opens the journal, and serves what it tells of.</summary>
    public Orchestrator(Site site, Seat seat, string name, RandomStream random)
    {
        (_site, Seat, Name, _random) = (site, seat, name, random);
        _journal = site.Build.Open(site.File);
        site.Truth.CheckRecovered(_journal.Events);
        Coordinator machine = Coordinator.Open(
            site.Build.PlanOf(site.Scenario.Plan),
            site.Build.SettingsOf(site.Scenario.Run),
            _journal
        );
        _machine = new WatchedCoordinator(machine, site.Build, Watch);
        _checks = new StepChecks(site.Scenario, site.Truth.Ledger);
        _checks.CheckStart(_machine.State);
        if (random.NextInt(4) == 0)
            CheckReplay();
        Told = _machine.State.At;
        SimulatedClock clock = new(site.Timeline, seat);
        _service = new SweepService(site.Scenario.Plan, _machine, new SweepResources(this, this), clock, _ => { }, _log, Write);
    }

    /// <summary>For the trace.</summary>
    public string Name { get; }

    /// <summary>The host that it runs on.</summary>
    public Seat Seat { get; }

    /// <summary>Whether the process is there.</summary>
    public bool IsUp { get; private set; } = true;

    /// <summary>Whether it stands still before a turn.</summary>
    public bool IsHeldUp { get; private set; }

    /// <summary>Whether it gives out nothing more.</summary>
    public bool IsDraining => _machine.State.IsDraining;

    /// <summary>The furthest time that its machine was told.</summary>
    public DateTimeOffset Told { get; private set; }

    /// <summary>Lets time pass for it.</summary>
    public void Start() =>
        _site.Timeline.After(
            TickSeconds,
            () =>
            {
                if (!IsUp)
                    return;
                Receive(new Tick(default));
                Start();
            }
        );

    /// <summary>Takes a message.</summary>
    public void Receive(Input input)
    {
        if (!IsUp)
            return;
        // csharpier-ignore
        switch (input)
        {
            case MessageReceived i: _service.Receive(i.From, this, [i.Message]); break;
            case WorkerGone i: _service.ReportGone(i.Worker, i.Reason); break;
            default: _service.Send(input); break;
        }
        if (_isBusy)
            return;
        _isBusy = true;
        // Now and then several messages come together, and are made durable together; or the process is held up.
        IsHeldUp = _random.NextDouble() < _site.Faults.Stall;
        if (IsHeldUp)
            _site.Timeline.After(_random.NextDouble() * _site.Faults.DawdleSeconds, Turn);
        else if (_random.NextInt(4) == 0)
            _site.Timeline.After(0.3 * _random.NextDouble(), Turn);
        else
            Turn();
    }

    /// <summary>Ends without a word.</summary>
    public void Kill(string why)
    {
        if (!IsUp)
            return;
        _site.Note(() => $"{Name} ends: {why}");
        IsUp = false;
        if (Seat.Process == this)
            Seat.Process = null;
    }

    /// <summary>Makes events durable, unless the process dies over it.</summary>
    void IJournal.Append(IReadOnlyList<Event> events, SnapshotDelta? changes)
    {
        if (_site.Build.PersistsBeforeActing)
            Append(events, changes);
        else
            _owed = (events, changes);
    }

    SweepSnapshot? IJournal.ReadSnapshot() => _journal.ReadSnapshot();

    SweepSummary? IJournal.ReadSummary() => _journal.ReadSummary();

    IEnumerable<Event> IJournal.Read(long after) => _journal.Read(after);

    void IDisposable.Dispose() => _journal.Dispose();

    void ICheckpointStore.Delete(TrialId trial)
    {
        if (MayAct())
            _site.Checkpoints.Delete(trial);
    }

    void ICheckpointStore.Save(Checkpoint checkpoint) => throw NotHere();

    Checkpoint? ICheckpointStore.Load(TrialId trial) => throw NotHere();

    void ICheckpointStore.SaveWeights(TrialId trial, int epoch, IReadOnlyList<float[]> weights) => throw NotHere();

    IReadOnlyList<float[]>? ICheckpointStore.LoadWeights(TrialId trial, int epoch) => throw NotHere();

    void ICheckpointStore.SaveNetwork(TrialId trial, int epoch, NetworkState state) => throw NotHere();

    NetworkState? ICheckpointStore.LoadNetwork(TrialId trial, int epoch) => throw NotHere();

    void ICheckpointStore.DeleteNetwork(TrialId trial, int epoch) => throw NotHere();

    void ICheckpointStore.SavePredictions(TrialPredictions predictions) => throw NotHere();

    TrialPredictions? ICheckpointStore.LoadPredictions(TrialId trial) => throw NotHere();

    void IWorkerRoutes.Deliver(WorkerId worker, WorkerCommand command)
    {
        if (MayAct() && _site.Build.Delivers(command))
            _site.ToWorker(this, worker, command);
    }

    private static InvalidOperationException NotHere() => new("An orchestrator only deletes checkpoints.");

    private bool MayAct()
    {
        if (_effectsLeft-- == 0)
            Kill("crash amid the effects");
        return IsUp;
    }

    private void Watch(Input input, Ready ready)
    {
        if (input.Now > Told)
            Told = input.Now; // By the clock; the machine's own time may be ahead of it.
        _site.NoteStep(this, input, ready);
        _checks.Check(input, ready, _machine.State);
    }

    private void Turn()
    {
        IsHeldUp = false;
        try
        {
            while (IsUp && _service.Loop.Turn())
            {
                if (_owed is var (events, changes))
                    Append(events, changes);
                _owed = null;
                if (_effectsLeft is not null)
                    Kill("crash after the append");
            }
        }
        catch (ProcessDiedException died)
        {
            Kill(died.Message);
        }
        catch (FencedOutException fenced)
        {
            Kill(fenced.Message);
        }
        _isBusy = false;
        if (_log.First is { } defect)
            throw new InvariantBrokenException($"{Name} logged a defect: {defect}");
    }

    // The disk is slower than the loop. Who dies first has not written it.
    private void Write(Action write)
    {
        _writes.Enqueue(write);
        if (_writes.Count == 1)
            WriteNext();
    }

    private void WriteNext() =>
        _site.Timeline.After(
            0.1 * _random.NextDouble(),
            () =>
            {
                if (!IsUp)
                    return;
                _writes.Peek()();
                _writes.Dequeue();
                if (_writes.Count > 0)
                    WriteNext();
                if (_isBusy)
                    return;
                _isBusy = true;
                Turn();
            }
        );

    private void Append(IReadOnlyList<Event> events, SnapshotDelta? changes)
    {
        Crash crash = _random.NextDouble() < _site.Faults.OrchestratorCrash ? (Crash)(1 + _random.NextInt(4)) : Crash.None;
        BeHeldUp();
        if (crash == Crash.BeforeAppend)
            throw new ProcessDiedException("crash before the append");
        if (crash == Crash.WithinAppend)
            _site.File.CutPower(_random.NextDouble(), leavesRubbish: _random.NextInt(2) == 0);
        try
        {
            _journal.Append(events, changes);
        }
        catch (PowerCutException cut)
        {
            if (cut.RecordIsWhole)
                _site.Truth.Append(events);
            throw new ProcessDiedException(cut.Message);
        }
        catch (FencedOutException)
        {
            _site.File.KeepPower();
            throw;
        }
        _site.Truth.Append(events);
        BeHeldUp();
        if (crash == Crash.AfterAppend)
            throw new ProcessDiedException("crash after the append");
        if (crash == Crash.AmidEffects)
            _effectsLeft = _random.NextInt(4);
    }

    // Stands still in the middle of a turn, while everything else goes on; and may not live to see the end of it.
    private void BeHeldUp()
    {
        if (_random.NextDouble() < _site.Faults.Stall)
        {
            double until = _site.Seconds + (_random.NextDouble() * _site.Faults.DawdleSeconds);
            while (_site.Seconds < until && IsUp && _site.Faults.Stall > 0)
                _site.Timeline.Advance();
        }
        if (!IsUp)
            throw new ProcessDiedException("it was ended while it was held up");
    }

    // A snapshot is a shortcut: it leads where all events lead.
    private void CheckReplay()
    {
        CoordinatorState replayed = new Coordinator(_site.Scenario.Plan, _site.Scenario.Run, _journal.Read()).State;
        foreach (TrialStatus trial in _machine.State.Trials)
        {
            var (bySnapshot, byEvents) = (All(trial), All(replayed.Trials[trial.PlanIndex]));
            Invariant.Demand(
                bySnapshot == byEvents,
                $"trial {trial.Planned.Id.Short} is by the snapshot {bySnapshot}, and by the events {byEvents}"
            );
        }

        static (TrialState, DateTimeOffset?, int, WorkerId?, int, EpochScore?, int, int, string?, TrialCheck?, string?) All(
            TrialStatus t
        ) =>
            (
                t.State,
                t.Since,
                t.Attempt,
                t.Worker,
                t.EpochsRecorded,
                t.LastScore,
                t.FailedAttempts,
                t.LostAttempts,
                t.Reason,
                t.Check,
                t.Alarm
            );
    }

    /// <summary>Where within a turn the process dies.</summary>
    private enum Crash
    {
        None,
        BeforeAppend,
        WithinAppend,
        AfterAppend,
        AmidEffects,
    }

    private sealed class ProcessDiedException(string message) : Exception(message);
}
