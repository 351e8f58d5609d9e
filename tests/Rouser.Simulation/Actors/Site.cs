using Rouser.Coordination;
using Rouser.Core;
using Rouser.Simulation.Defects;
using Rouser.Simulation.Invariants;
using Rouser.Simulation.Scenarios;
using Rouser.Simulation.World;
using static Rouser.Simulation.Invariants.Invariant;

namespace Rouser.Simulation.Actors;

/// <summary>
/// Where a sweep runs: two hosts for orchestrators, some for workers, the network between them, the journal's file
/// and the checkpoints' folder, and a service manager that starts again what has died. One thread, and virtual time.
/// </summary>
internal sealed class Site
{
    /// <summary>No sweep comes near so many inputs unless something goes round in circles.</summary>
    private const int MostInputs = 200_000;

    // The network's end that is no host of the sweep.
    private const int HostOutside = 63;

    private readonly Action<string>? _trace;
    private readonly RandomStream _random;
    private readonly RandomStream _actors;
    private readonly Network _network;
    private readonly Seat[] _seats = [new(0), new(1)];
    private readonly List<WorkerProcess> _workers = [];
    private int _orchestratorsStarted,
        _workersStarted;

    /// <summary>Sets it up; nothing has happened yet.</summary>
    /// <param name="scenario">The sweep, and what goes wrong.</param>
    /// <param name="seed">All else that is random comes from it.</param>
    /// <param name="name">Which of the seed's sweeps it is.</param>
    /// <param name="build">How the orchestrator is put together.</param>
    /// <param name="trace">Takes a line for everything that happens; null for no trace.</param>
    public Site(Scenario scenario, long seed, string name, Build build, Action<string>? trace = null)
    {
        (Scenario, _trace, Build) = (scenario, trace, build);
        _random = new RandomStream(seed, $"{name}/circumstances");
        _actors = new RandomStream(seed, $"{name}/actors");
        Faults = Scenario.Faults;
        Truth = new DurableHistory(Scenario);
        _network = new Network(Timeline, new RandomStream(seed, $"{name}/network")) { Faults = Faults };
    }

    /// <summary>The sweep, as the run goes by it now.</summary>
    public Scenario Scenario { get; private set; }

    public Build Build { get; }

    /// <summary>What goes wrong now.</summary>
    public Faults Faults { get; private set; }

    public Timeline Timeline { get; } = new();

    /// <summary>Seconds since the start.</summary>
    public double Seconds => Timeline.Seconds;

    public JournalFile File { get; } = new();

    public CheckpointShelf Checkpoints { get; } = new();

    public DurableHistory Truth { get; }

    /// <summary>The orchestrator that opened the journal last, if it is there.</summary>
    public Orchestrator? Leader { get; private set; }

    /// <summary>Whether the user has stopped the sweep, to resume it later.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>The worker processes that are there.</summary>
    public IReadOnlyList<WorkerProcess> Workers => _workers;

    /// <summary>How many inputs machines have taken.</summary>
    public int Inputs { get; private set; }

    /// <summary>How many of them were not the clock's.</summary>
    public int Messages { get; private set; }

    /// <summary>
    /// Carries a message from a worker to whoever sits where the worker believes the orchestrator to be.
    /// </summary>
    public void ToCoordinator(WorkerProcess from, WorkerMessage message)
    {
        Seat seat = from.Seat;
        MessageReceived received = new(default, from.Id, message);
        _network.Send(from.Host, seat.Host, () => seat.Process?.Receive(received));
    }

    /// <summary>Carries a command to the worker of that name.</summary>
    public void ToWorker(Orchestrator from, WorkerId worker, WorkerCommand command) =>
        _network.Send(
            from.Seat.Host,
            HostOf(worker),
            () =>
            {
                if (_workers.Find(w => w.Id == worker && w.IsUp) is not { } receiver)
                    return;
                Note(() => $"{worker} gets {TraceText.Of(command)}");
                receiver.Handle(command);
            }
        );

    /// <summary>Carries a message of the cluster's own, or of nobody.</summary>
    public void ToLeader(Input message) => _network.Send(HostOutside, Leader?.Seat.Host ?? 0, () => Leader?.Receive(message));

    /// <summary>
    /// A standby takes over, whether the other one is dead or only thought to be. Workers find out one after the
    /// other.
    /// </summary>
    public void StartOrchestrator(Seat? seat = null)
    {
        seat ??= _seats[_random.NextInt(2)];
        seat.Process?.Kill("the service manager replaces it");
        Orchestrator started = new(this, seat, $"orchestrator-{++_orchestratorsStarted}", _actors);
        Note(() => $"{started.Name} opens the journal on {seat}");
        (seat.Process, Leader) = (started, started);
        started.Start();
        foreach (WorkerProcess worker in _workers)
        {
            double noticesAfter = _random.NextInt(4) == 0 ? 30 * _random.NextDouble() : 3 * _random.NextDouble();
            Timeline.After(
                noticesAfter,
                () =>
                {
                    // Whoever notices late learns of the latest.
                    if (Leader == started)
                        worker.Seat = seat;
                }
            );
        }
    }

    /// <summary>The other one of the two hosts for orchestrators.</summary>
    public Seat Other(Seat seat) => seat == _seats[0] ? _seats[1] : _seats[0];

    /// <summary>Cuts some hosts off from the others, for a while.</summary>
    public void CutNetwork(ulong island, double seconds)
    {
        Note(() => $"the hosts {island:b} are cut off for {seconds:0.0} s");
        _network.Cut(island, seconds);
    }

    /// <summary>Everything ends, as the user wishes: the orchestrator and, with it, the workers.</summary>
    public void Stop()
    {
        IsStopped = true;
        foreach (Seat seat in _seats)
            seat.Process?.Kill("the user stops the sweep");
        foreach (WorkerProcess worker in _workers)
            worker.Kill();
        _workers.Clear();
    }

    /// <summary>The user changes the sweep file of a run that is stopped, which goes on by another plan.</summary>
    public void GrowPlan()
    {
        if (!Scenario.MayGrow)
            return;
        Demand(IsStopped, $"a run grows while nobody trains");
        Scenario = Scenario.Grow(_random);
        Note(() => $"the run has plan {Scenario.Plan.Revision}, of {Scenario.Plan.Trials.Count} trials");
        Truth.Grow(Scenario);
    }

    /// <summary>Everything starts again.</summary>
    /// <param name="knowsAllAreGone">Whether the orchestrator may rely on it that no worker outlived the stop.</param>
    public void Resume(bool knowsAllAreGone)
    {
        IsStopped = false;
        StartOrchestrator();
        if (knowsAllAreGone)
            Leader!.Receive(new SweepResumed(default));
        FillHosts();
    }

    /// <summary>
    /// All faults stop: the network is whole, everyone goes on at an ordinary speed, and the cluster has settled on
    /// one orchestrator, whose clock is right.
    /// </summary>
    public void Heal()
    {
        Note(() => "all faults stop");
        Faults = Faults.None;
        _network.Faults = Faults.None;
        _network.Heal();
        if (IsStopped)
            Resume(knowsAllAreGone: false);
        foreach (Seat seat in _seats)
        {
            if (seat.Process is { } old && old != Leader)
                old.Kill("the cluster has settled on one");
        }
        if (Leader is not { IsUp: true } || Leader.IsDraining)
            StartOrchestrator();
        while (Leader!.IsHeldUp)
        {
            Timeline.Advance();
            if (!Leader.IsUp)
                StartOrchestrator();
        }

        // A machine takes no clock that runs backwards: the true one would have to pass the furthest that it was
        // told. It is as if it had.
        DateTimeOffset told = _seats.Select(s => Timeline.Now + s.ClockError).Append(Leader.Told).Max();
        foreach (Seat seat in _seats)
            seat.ClockError = told - Timeline.Now;
        foreach (WorkerProcess worker in _workers)
        {
            worker.Thaw();
            worker.Slowness = 1;
            worker.FindData();
            worker.Seat = Leader.Seat;
            if (!worker.IsLeaving)
                worker.Handle(new WorkerCommand.Join());
        }
        FillHosts();
    }

    /// <summary>The service manager: looks now and then, and starts again what is gone.</summary>
    public void Supervise()
    {
        if (!IsStopped)
        {
            if (!_seats.Any(s => s.Process is { IsUp: true }))
                StartOrchestrator();
            FillHosts();
        }
        Timeline.After(3, Supervise);
    }

    /// <summary>Writes a line of the trace, if there is one.</summary>
    public void Note(Func<string> line) => _trace?.Invoke($"{Seconds, 9:0.000}  {line()}");

    /// <summary>Counts a step of a machine, and writes it into the trace.</summary>
    public void NoteStep(Orchestrator by, Input input, Ready ready)
    {
        Inputs++;
        if (input is not Tick)
            Messages++;
        Demand(Inputs < MostInputs, $"the sweep has taken {Inputs} inputs and goes on: messages breed messages");
        if (_trace is null || (input is Tick && ready.Events.Count + ready.Effects.Count == 0))
            return;
        IEnumerable<string> decided = ready
            .Events.Select(e => $"! {TraceText.Of(e)}")
            .Concat(ready.Effects.Select(e => $"→ {TraceText.Of(e)}"));
        Note(() => $"{by.Name} takes {TraceText.Of(input)}{string.Concat(decided.Select(line => $"\n{"", 15}{line}"))}");
    }

    private int HostOf(WorkerId worker) => _workers.Find(w => w.Id == worker)?.Host ?? HostOutside;

    private void FillHosts()
    {
        _workers.RemoveAll(w => !w.IsUp);
        for (int host = _seats.Length; host < _seats.Length + Scenario.Workers; host++)
        {
            if (_workers.Exists(w => w.Host == host))
                continue;
            // A pod of a set keeps its name; a job of a scheduler gets a new one.
            WorkerId id = new(_random.NextInt(2) == 0 ? $"worker-{host}" : $"worker-{host}-{++_workersStarted}");
            WorkerProcess worker = new(
                this,
                id,
                host,
                1 + _random.NextInt(3),
                _random.NextDouble() < Faults.SlowWorker ? 10 : 1,
                _actors
            )
            {
                Seat = Leader?.Seat ?? _seats[0],
            };
            Note(() => $"{id} starts on host-{host} with {worker.Slots} slots");
            _workers.Add(worker);
            worker.Start();
        }
    }
}
