using Rouser.Core.Coordination;
using Rouser.Core.Sweeps;

namespace Rouser.Core.Tests.Coordination.Simulation;

/// <summary>
/// Coordinator, workers, journal and network in one thread under virtual time; everything random comes from the seed. The shell around the
/// machine is as the real ones are to be: it persists, then performs, and may die at any point.
/// </summary>
internal sealed class Simulation
{
    private static readonly TimeSpan[] Jumps = [TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(200), TimeSpan.FromHours(2), TimeSpan.FromSeconds(-90), TimeSpan.FromHours(-1)];

    private readonly RandomStream _random;
    private readonly RunSettings _settings;
    private readonly Network _network;
    private readonly Invariants _invariants;
    private readonly Dictionary<TrialId, int> _checkpoints = [];
    private readonly List<Worker> _workers = [];
    private readonly List<Event> _journal = [];
    private readonly Queue<string> _trace = [];
    private Faults _faults;
    private Coordinator _machine;
    private DateTimeOffset _now = Samples.Start;
    private TimeSpan _clockError = TimeSpan.Zero;
    private string _stateBefore = "";
    private int _workersMade;

    public Simulation(long seed)
    {
        _random = new RandomStream(seed, "simulation");
        Plan = Samples.Plan(trials: 1 + _random.NextInt(8), epochs: 1 + _random.NextInt(4));
        _settings = Samples.Run with { LostRetries = _random.NextInt(4), FailedRetries = _random.NextInt(3), Timeout = TimeSpan.FromMinutes(10 + _random.NextInt(100)) };
        _faults = Faults.Draw(_random);
        _network = new Network(_random, _settings.Lease);
        _invariants = new Invariants(Plan, _settings);
        _machine = new Coordinator(Plan, _settings, _journal);
        for (int workers = 1 + _random.NextInt(4); workers > 0; workers--) Hire();
    }

    public Plan Plan { get; }

    public IReadOnlyList<Event> Journal => _journal;

    public int Inputs { get; private set; }

    /// <summary>The last inputs and what came of them.</summary>
    public string Trace => string.Join('\n', _trace);

    /// <summary>Runs under faults for so many inputs, then without until every trial is completed.</summary>
    public void Run(int inputs)
    {
        while (Inputs < inputs) Advance();
        Heal();
        int limit = Inputs + 20_000;
        while (_machine.State.Count(TrialState.Completed) < Plan.Trials.Count)
        {
            if (Inputs > limit) throw new InvalidOperationException($"the sweep does not end: {Describe(_machine.State)}");
            if (_machine.State.IsFinished) Retry();
            Advance();
        }
    }

    private void Heal()
    {
        _faults = Faults.None;
        // The machine takes no clock that runs backwards; the true one has to pass the furthest that it was told.
        _now += TimeSpan.FromHours(48);
        if (_clockError < TimeSpan.Zero) _clockError = TimeSpan.Zero;
        if (_machine.State.IsDraining) Restart();
    }

    private void Advance()
    {
        _now = _now.AddSeconds(_random.NextDouble() * 4);
        while (_network.Next(_now) is { } arrive) arrive();
        int choice = _random.NextInt(100);
        if (choice < 15) Receive(now => new Tick(now));
        else if (choice < 17 && _faults != Faults.None) Disturb();
        else _workers[_random.NextInt(_workers.Count)].Act(_faults);
        if (_random.NextDouble() < _faults.WorkerCrash) Crash(_random.NextInt(_workers.Count));
        if (_random.NextDouble() < _faults.ClockJump) _clockError += Jumps[_random.NextInt(Jumps.Length)];
    }

    // What a user or a service manager does now and then.
    private void Disturb()
    {
        switch (_random.NextInt(12))
        {
            case 0: Receive(now => new DrainRequested(now)); break;
            case 1 or 2 or 3: Retry(); break;
            case 4 or 5 when _machine.State.IsDraining: Restart(); break;
            case 6: RestartWithWorkers(); break;
            case 7: Receive(now => new EpochReported(now, new LeaseKey(Plan.Trials[0].Id, 99), Samples.Epoch(0, 1))); break;
            case 8: Receive(now => new HeartbeatReceived(now, _workers[0].Id, [.. Plan.Trials.Select(t => new LeaseKey(t.Id, 1))])); break;
        }
    }

    private void Retry()
    {
        Receive(now => new RetryRequested(now, TrialState.Failed));
        Receive(now => new RetryRequested(now, TrialState.Lost));
    }

    private void Hire(WorkerId? name = null)
    {
        WorkerId id = name ?? new WorkerId($"worker-{++_workersMade}");
        Worker worker = new(id, 1 + _random.NextInt(3), Plan, _random, _checkpoints, make => _network.Send(_now, _faults, () => Receive(make)));
        _workers.Add(worker);
        worker.Join();
    }

    // It is gone without a word, unless someone notices; another takes its place, under its name or a new one.
    private void Crash(int index)
    {
        WorkerId id = _workers[index].Id;
        _workers.RemoveAt(index);
        if (_random.NextInt(2) == 0) _network.Send(_now, _faults, () => Receive(now => new WorkerLeft(now, id, $"{id} was removed")));
        Hire(_random.NextInt(2) == 0 ? id : null);
    }

    private void Receive(Func<DateTimeOffset, Input> make)
    {
        Input input = make(_now + _clockError);
        Inputs++;
        Ready ready = _machine.Step(input);
        Note(input, ready);
        _invariants.Check(input, ready, _machine.State);
        if (_random.NextDouble() < _faults.CrashBeforePersisting)
        {
            Restart();
            return;
        }
        _journal.AddRange(ready.Events);
        CheckReplay(ready);
        bool dies = _random.NextDouble() < _faults.CrashBeforeEffects;
        foreach (Effect effect in dies ? ready.Effects.Take(_random.NextInt(ready.Effects.Count + 1)) : ready.Effects) Perform(effect);
        if (dies) Restart();
    }

    private void Perform(Effect effect)
    {
        WorkerId? to = effect switch
        {
            AssignTrial e => e.Worker,
            RevokeLease e => e.Worker,
            ResendEpochs e => e.Worker,
            DrainWorker e => e.Worker,
            AcknowledgeEnding e => e.Worker,
            RequestJoin e => e.Worker,
            _ => null,
        };
        _network.Send(_now, _faults, () =>
        {
            if (effect is AssignTrial e) _invariants.CheckReceiver(e.Worker, e.Lease);
            _workers.Find(w => w.Id == to)?.Receive(effect, _faults);
        });
    }

    private void Restart()
    {
        Note("the orchestrator restarts");
        _machine = new Coordinator(Plan, _settings, _journal);
        _invariants.Restart(_journal);
        _stateBefore = Describe(_machine.State);
    }

    // A run on one machine: the workers die with it.
    private void RestartWithWorkers()
    {
        for (int count = _workers.Count; count > 0; count--)
        {
            _workers.RemoveAt(0);
            Hire();
        }
        Restart();
        Receive(now => new SweepResumed(now));
    }

    private void CheckReplay(Ready ready)
    {
        string state = Describe(_machine.State);
        string expected = ready.Events.Count == 0 ? _stateBefore : Describe(new Coordinator(Plan, _settings, _journal).State);
        if (_stateBefore.Length > 0 && state != expected) throw new InvalidOperationException($"replay gives\n{expected}\nbut the state is\n{state}");
        _stateBefore = state;
    }

    /// <summary>All that the journal tells of the state.</summary>
    private static string Describe(CoordinatorState state) => string.Join('\n', state.Trials.Select(t =>
        $"{t.Planned.Id.Short} {t.State} since {t.Since:O} attempt {t.Attempt} on {t.Worker}, {t.EpochsRecorded} epochs, {t.Failures} failures, {t.Losses} losses, {t.Reason}"));

    private void Note(Input input, Ready ready) => Note($"{input}{string.Concat(ready.Events.Select(e => $"\n    {e}"))}{string.Concat(ready.Effects.Select(e => $"\n    → {e}"))}");

    private void Note(string line)
    {
        if (_trace.Count == 12) _trace.Dequeue();
        _trace.Enqueue(line);
    }
}
