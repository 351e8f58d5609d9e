using Rouser.Coordination;
using Rouser.Core;
using Rouser.Simulation.Invariants;
using Rouser.Simulation.World;

namespace Rouser.Simulation.Actors;

/// <summary>
/// An orchestrator process: the real machine behind a mailbox, as <c>CoordinatorLoop</c> and <c>SweepService</c> put
/// it. A turn takes what has arrived, steps the machine through it, makes the events durable, and only then performs
/// the effects; it can be held up, or die, at each of these points.
/// </summary>
internal sealed class Orchestrator
{
    private const double TickSeconds = 1;

    private readonly Site _site;
    private readonly RandomStream _random;
    private readonly FileJournal _journal;
    private readonly Coordinator _machine;
    private readonly StepChecks _checks;
    private readonly Queue<Input> _mailbox = [];
    private readonly List<WorkerId> _joined = [];
    private bool _isBusy;

    /// <summary>Opens the journal, and serves what it tells of.</summary>
    public Orchestrator(Site site, Seat seat, string name, RandomStream random)
    {
        (_site, Seat, Name, _random) = (site, seat, name, random);
        _journal = site.Build.Open(site.File);
        site.Truth.CheckRecovered(_journal.Events);
        _machine = Coordinator.Open(site.Scenario.Plan, site.Build.SettingsOf(site.Scenario.Run), _journal);
        _checks = new StepChecks(site.Scenario, site.Truth.Ledger);
        _checks.CheckStart(_machine.State);
        if (random.NextInt(4) == 0)
            CheckReplay();
        Told = _machine.State.At;
        foreach (Account done in _checks.Ledger.Accounts)
        {
            if (done.State == TrialState.Completed)
                site.Checkpoints.Delete(done.Planned.Id);
        }
    }

    /// <summary>For the trace.</summary>
    public string Name { get; }

    /// <summary>The host that it runs on.</summary>
    public Seat Seat { get; }

    /// <summary>Whether the process is there.</summary>
    public bool IsUp { get; private set; } = true;

    /// <summary>Whether it stands still in the middle of a turn.</summary>
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

    /// <summary>Takes a message, and stamps it with the time as this host has it.</summary>
    public void Receive(Input message)
    {
        if (!IsUp)
            return;
        _mailbox.Enqueue(message);
        if (_isBusy)
            return;
        _isBusy = true;
        // Now and then several messages come together, and are made durable together.
        if (_random.NextInt(4) == 0)
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

    // A snapshot is a shortcut: it leads where all events lead.
    private void CheckReplay()
    {
        CoordinatorState replayed = new Coordinator(_site.Scenario.Plan, _site.Scenario.Run, _journal.Read()).State;
        foreach (TrialStatus trial in _machine.State.Trials)
        {
            var (bySnapshot, byEvents) = (All(trial), All(replayed.Trials[trial.Place]));
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

    private void Turn()
    {
        if (!IsUp)
            return;
        List<Event> events = [];
        List<Effect> effects = [];
        while (_mailbox.TryDequeue(out Input? message))
        {
            Input input = message with { Now = _site.Timeline.Now + Seat.ClockError };
            if (input.Now > Told)
                Told = input.Now; // By the clock; the machine's own time may be ahead of it.
            if (input is WorkerJoined joined && !_joined.Contains(joined.Worker))
                _joined.Add(joined.Worker);
            Ready ready = _site.Build.Step(_machine, input);
            _site.NoteStep(this, input, ready);
            _checks.Check(input, ready, _machine.State);
            events.AddRange(ready.Events);
            effects.AddRange(ready.Effects);
        }
        Crash crash = _random.NextDouble() < _site.Faults.OrchestratorCrash ? (Crash)(1 + _random.NextInt(4)) : Crash.None;
        Action persist = () => Persist(events, crash),
            act = () => Act(effects, events, crash);
        (Action first, Action second) = _site.Build.PersistsBeforeActing ? (persist, act) : (act, persist);
        AfterStall(() =>
        {
            first();
            AfterStall(() =>
            {
                second();
                Finish();
            });
        });
    }

    private void Persist(List<Event> events, Crash crash)
    {
        if (!IsUp)
            return;
        if (crash == Crash.BeforeAppend)
            Kill("crash before the append");
        if (events.Count == 0 || !IsUp)
            return;
        if (crash == Crash.WithinAppend)
            _site.File.CutPower(_random.NextDouble(), leavesRubbish: _random.NextInt(2) == 0);
        // A delta may be kept with each append or every now and then.
        SnapshotDelta? changes = _random.NextInt(2) == 0 ? _machine.TakeChanges() : null;
        try
        {
            _journal.Append(events, changes);
            _site.Truth.Append(events);
        }
        catch (PowerCutException cut)
        {
            if (cut.RecordIsWhole)
                _site.Truth.Append(events);
            Kill(cut.Message);
        }
        catch (FencedOutException fenced)
        {
            _site.File.KeepPower();
            Kill(fenced.Message);
        }
    }

    private void Act(List<Effect> effects, List<Event> events, Crash crash)
    {
        if (!IsUp)
            return;
        if (crash == Crash.AfterAppend)
            effects.Clear();
        if (crash == Crash.AmidEffects)
            effects.RemoveRange(0, effects.Count - _random.NextInt(effects.Count + 1));
        foreach (Effect effect in effects)
            Perform(effect);
        if (crash is Crash.AfterAppend or Crash.AmidEffects)
        {
            Kill("crash after the append");
            return;
        }
        foreach (Event happened in events)
        {
            if (happened is TrialCompleted done)
                _site.Checkpoints.Delete(done.Trial);
            if (happened is CheckPassed passed)
                _site.Checkpoints.Delete(passed.Trial);
        }
    }

    private void Finish()
    {
        if (!IsUp)
            return;
        if (_mailbox.Count > 0)
            Turn();
        else
            _isBusy = false;
    }

    private void Perform(Effect effect)
    {
        // csharpier-ignore
        switch (effect)
        {
            case AssignTrial e:
                if (e.FromStart) _site.Checkpoints.Delete(e.Lease.Trial);
                _site.ToWorker(this, e.Worker, effect);
                break;
            case RevokeLease e: _site.ToWorker(this, e.Worker, effect); break;
            case ResendEpochs e: _site.ToWorker(this, e.Worker, effect); break;
            case AcknowledgeEnding e: _site.ToWorker(this, e.Worker, effect); break;
            case RequestJoin e: _site.ToWorker(this, e.Worker, effect); break;
            case DrainWorker e: _site.ToWorker(this, e.Worker, effect); break;
            case EndSweep: foreach (WorkerId worker in _joined) _site.ToWorker(this, worker, effect); break;
            default: throw new InvariantBrokenException($"the simulator knows no effect like {effect}");
        }
    }

    private void AfterStall(Action happens)
    {
        if (_random.NextDouble() >= _site.Faults.Stall)
        {
            happens();
            return;
        }
        IsHeldUp = true;
        _site.Timeline.After(
            _random.NextDouble() * _site.Faults.DawdleSeconds,
            () =>
            {
                IsHeldUp = false;
                happens();
            }
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
}
