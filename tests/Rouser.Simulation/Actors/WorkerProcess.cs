using Rouser.Coordination;
using Rouser.Core;
using Rouser.Simulation.Invariants;
using Rouser.Simulation.Scenarios;
using Rouser.Snn;

namespace Rouser.Simulation.Actors;

/// <summary>
/// A worker process: the product's machine, in a shell whose training takes virtual time and no processor. As
/// <c>TrialRunner</c> does, it resumes from the checkpoint and reports the history first, keeps a checkpoint before it
/// reports an epoch, and stops between two batches. As <c>ServedWorker</c> does, it ends with the sweep or when its
/// disk fails, and says farewell.
/// </summary>
internal sealed class WorkerProcess : SimulatedProcess
{
    /// <summary>How long a batch takes at most: an attempt stops between two batches.</summary>
    private const double BatchSeconds = 0.2;

    private readonly Site _site;
    private readonly RandomStream _random;
    private readonly WorkerMachine _machine;
    private readonly WorkerChecks _checks;
    private readonly Dictionary<LeaseKey, TrialRun> _running = [];
    private readonly HashSet<string> _missingData = [];
    private int _timer;
    private bool _isEnding;

    /// <summary>Makes a worker process.</summary>
    /// <param name="site">Where it runs.</param>
    /// <param name="id">Its name.</param>
    /// <param name="host">The host it runs on.</param>
    /// <param name="slots">Trials at a time.</param>
    /// <param name="slowness">How many times longer than on an ordinary worker an epoch takes.</param>
    /// <param name="random">What is random about it.</param>
    public WorkerProcess(Site site, WorkerId id, int host, int slots, double slowness, RandomStream random)
        : base(site.Timeline)
    {
        (_site, Id, Host, Slots, Slowness, _random) = (site, id, host, slots, slowness, random);
        _machine = new WorkerMachine(slots);
        _checks = new WorkerChecks(id, slots);
        HasBadMemory = site.Faults.BadMemory > 0 && random.NextDouble() < site.Faults.BadMemory;
        foreach (string digest in site.Scenario.Known.Select(t => t.DataDigest).Distinct())
        {
            if (random.NextDouble() < Faults.DataMissing)
                _missingData.Add(digest);
        }
    }

    /// <summary>Whether it computes wrong now and then.</summary>
    public bool HasBadMemory { get; }

    /// <summary>Its name.</summary>
    public WorkerId Id { get; }

    /// <summary>The host that it runs on.</summary>
    public int Host { get; }

    /// <summary>Trials at a time.</summary>
    public int Slots { get; }

    /// <summary>How many times longer than on an ordinary worker an epoch takes.</summary>
    public double Slowness { get; set; }

    /// <summary>The orchestrator's address, as far as it knows.</summary>
    public Seat Seat { get; set; } = null!;

    /// <summary>Whether it takes no more and ends.</summary>
    public bool IsLeaving => _machine.IsLeaving;

    /// <summary>What it has in work, and what it still tells the end of.</summary>
    public IReadOnlyList<WorkerAttempt> Attempts => _machine.Attempts;

    private Faults Faults => _site.Faults;

    /// <summary>Joins, and beats from now on.</summary>
    public void Start() => Step(new WorkerStarted());

    /// <summary>Follows a command, when it goes on if it stands still.</summary>
    public void Handle(WorkerCommand command) =>
        WhenRunning(() =>
        {
            if (command is WorkerCommand.Assign assigned)
                _site.Truth.CheckAssignment(Id, assigned.Lease);
            if (command is WorkerCommand.Acknowledge acknowledged)
                _site.Truth.CheckAcknowledgement(Id, acknowledged.Lease);
            Step(new CommandReceived(command));
            if (command is WorkerCommand.End)
                Leave();
        });

    /// <summary>Hands back what it holds, and ends.</summary>
    public void Leave()
    {
        if (_isEnding || !IsUp)
            return;
        _isEnding = true;
        Step(new LeaveRequested());
        EndWhenIdle(patience: 20);
    }

    /// <summary>Gets the data that it lacked; it says so by joining.</summary>
    public void FindData() => _missingData.Clear();

    /// <inheritdoc/>
    public override string ToString() => Id.Value;

    // It waits for the acknowledgements a while, and not for ever: leases make up for what was not heard.
    private void EndWhenIdle(double patience)
    {
        bool isIdle = Attempts.Count == 0;
        if (!isIdle && (patience > 0 || _running.Count > 0))
        {
            After(1, () => EndWhenIdle(patience - 1));
            return;
        }
        _site.ToCoordinator(this, new WorkerLeft("it was asked to stop"));
        Kill();
    }

    private void Step(WorkerInput input)
    {
        if (!IsUp)
            return;
        WorkerReady ready = _site.Build.WorkerStep(_machine, input);
        _checks.Check(input, ready, _machine);
        foreach (WorkerAction action in ready.Actions)
            Perform(action);
        foreach (WorkerMessage message in ready.Messages)
            _site.ToCoordinator(this, message);
    }

    private void Perform(WorkerAction action)
    {
        // csharpier-ignore
        switch (action)
        {
            case StartAttempt a: Begin(a.Assignment); break;
            case StopAttempt a: Stop(a.Lease); break;
            case BeatEvery a: BeatEvery(a.Interval.TotalSeconds, ++_timer); break;
            default: throw new InvariantBrokenException($"the simulator knows no action like {action}");
        }
    }

    // A new interval is a new timer.
    private void BeatEvery(double seconds, int timer) =>
        After(
            seconds,
            () =>
            {
                if (timer != _timer)
                    return;
                Step(new HeartbeatDue());
                BeatEvery(seconds, timer);
            }
        );

    private void Begin(WorkerCommand.Assign assignment)
    {
        TrialRun run = new(assignment, Scenario.PlaceOf(assignment.Lease.Trial));
        _running.Add(run.Lease, run);
        After(0.5 * _random.NextDouble(), () => Load(run));
    }

    private void Load(TrialRun run)
    {
        if (run.IsOver)
            return;
        if (_missingData.Contains(run.DataDigest))
        {
            End(run, new DataMissing(run.Lease, run.DataDigest));
            return;
        }
        if (_random.NextDouble() >= Faults.CheckpointLoss)
            run.History.AddRange(_site.Checkpoints.Load(run.Lease.Trial));
        foreach (EpochMetrics done in run.History.ToArray())
            Step(new EpochTrained(run.Lease, done));
        TrainNext(run);
    }

    private void TrainNext(TrialRun run)
    {
        if (run.History.Count == run.Epochs)
        {
            End(run, new TrialFinished(run.Lease, Training.DistancesToFinal(run.Place, run.Epochs)));
            return;
        }
        double seconds = _site.Scenario.EpochSeconds * _random.NextDouble(0.2, 1) * Slowness;
        After(
            seconds,
            () =>
            {
                if (!run.IsOver)
                    FinishEpoch(run, seconds);
            }
        );
    }

    private void FinishEpoch(TrialRun run, double seconds)
    {
        int epoch = run.History.Count + 1;
        if (_site.Scenario.FailsAt[run.Place] == epoch)
            End(run, new TrialErrored(run.Lease, "the loss is not finite", Repeats: false));
        else if (_random.NextDouble() < Faults.EpochError)
            End(run, new TrialErrored(run.Lease, "internal error: out of luck", Repeats: false));
        else if (_random.NextDouble() < Faults.DiskError)
        {
            End(run, new TrialHandedBack(run.Lease, "the disk is full"), canGoOn: false);
            Leave();
        }
        else
        {
            run.History.Add(Measure(run.Place, epoch, seconds));
            if (epoch % run.CheckpointEvery == 0 || epoch == run.Epochs)
                _site.Checkpoints.Save(run.Lease.Trial, [.. run.History]);
            Step(new EpochTrained(run.Lease, run.History[^1]));
            TrainNext(run);
        }
    }

    private EpochMetrics Measure(int planIndex, int epoch, double seconds)
    {
        EpochMetrics measured = Training.Measure(planIndex, epoch, seconds);
        bool isWrong = HasBadMemory && _random.NextInt(4) == 0;
        return isWrong ? measured with { TrainLoss = measured.TrainLoss * (1 + (1e-9 * (1 + _random.NextInt(1000)))) } : measured;
    }

    private void Stop(LeaseKey lease)
    {
        if (!_running.TryGetValue(lease, out TrialRun? run) || run.IsStopping)
            return;
        run.IsStopping = true;
        After(BatchSeconds * _random.NextDouble(), () => End(run, new TrialHandedBack(lease, "stopped")));
    }

    private void End(TrialRun run, AttemptEnding ending, bool canGoOn = true)
    {
        if (run.IsOver)
            return;
        run.IsOver = true;
        _running.Remove(run.Lease);
        Step(new AttemptStopped(ending, canGoOn));
    }
}
