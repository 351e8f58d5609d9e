using Rouser.Coordination;
using Rouser.Core;
using Rouser.Simulation.Scenarios;
using Rouser.Snn;
using Rouser.Sweeps;

namespace Rouser.Simulation.Actors;

/// <summary>
/// A worker process as <c>WorkerNode</c> and <c>TrialRunner</c> are, step by step, with one difference: training
/// takes virtual time and no processor. It joins and asks; a slot takes one trial at a time; it resumes from the
/// checkpoint and tells the history first; keeps a checkpoint before it tells of an epoch; sends what is asked for
/// again; tells of an end with every heartbeat until that is acknowledged; hands back when it drains; and stops what
/// is revoked.
/// </summary>
internal sealed class Worker : SimulatedProcess
{
    /// <summary>How long it waits at most before it asks again, in seconds.</summary>
    private const double LongestInterval = 10;

    /// <summary>How long a batch takes at most: an attempt stops between two batches.</summary>
    private const double BatchSeconds = 0.2;

    private readonly Site _site;
    private readonly RandomStream _random;
    private readonly List<Attempt> _attempts = [];
    private readonly HashSet<string> _missingData = [];
    private double _interval;
    private bool _draining,
        _leaving;

    /// <summary>Makes a worker process.</summary>
    /// <param name="site">Where it runs.</param>
    /// <param name="id">Its name.</param>
    /// <param name="host">The host it runs on.</param>
    /// <param name="slots">Trials at a time.</param>
    /// <param name="slowness">How many times longer than on an ordinary worker an epoch takes.</param>
    /// <param name="random">What is random about it.</param>
    public Worker(Site site, WorkerId id, int host, int slots, double slowness, RandomStream random)
        : base(site.Timeline)
    {
        (_site, Id, Host, Slots, Slowness, _random) = (site, id, host, slots, slowness, random);
        HasBadMemory = site.Faults.BadMemory > 0 && random.NextDouble() < site.Faults.BadMemory;
        foreach (string digest in site.Scenario.Plan.Trials.Select(t => t.DataDigest).Distinct())
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
    public bool IsLeaving => _leaving;

    /// <summary>What it has in work, and what it still tells the end of.</summary>
    public IReadOnlyList<Attempt> Attempts => _attempts;

    private Faults Faults => _site.Faults;

    /// <summary>Joins, and beats from now on.</summary>
    public void Start()
    {
        Join();
        BeatEvery(LongestInterval);
    }

    /// <summary>Joins, and tells all there is to tell.</summary>
    public void Join()
    {
        if (!IsUp)
            return;
        _draining = _leaving;
        Send(new WorkerJoined(default, Id, Slots));
        Beat();
    }

    /// <summary>Follows an effect of the coordinator's.</summary>
    public void Take(Effect effect) => WhenRunning(() => Follow(effect));

    /// <summary>Stops every attempt after the batch in work, and hands the trials back.</summary>
    public void Drain()
    {
        _draining = true;
        foreach (Attempt attempt in _attempts.ToArray())
            Stop(attempt);
    }

    /// <summary>Drains for good, and ends.</summary>
    public void Leave()
    {
        if (_leaving)
            return;
        _leaving = true;
        Drain();
        EndWhenIdle(patience: 20);
    }

    /// <summary>Gets the data that it lacked; it says so by joining.</summary>
    public void FindData() => _missingData.Clear();

    private void Follow(Effect effect)
    {
        // csharpier-ignore
        switch (effect)
        {
            case AssignTrial e: Assign(e.Lease, e.PlanIndex); break;
            case RevokeLease e: Revoke(e.Lease); break;
            case ResendEpochs e: Resend(e.Lease, e.FromEpoch); break;
            case AcknowledgeEnding e: Forget(e.Lease); break;
            case RequestJoin: Join(); break;
            case DrainWorker: Drain(); break;
            case EndSweep: Leave(); break;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Id.Value;

    // It waits for the acknowledgements a while, and not for ever: leases make up for what was not heard.
    private void EndWhenIdle(double patience)
    {
        bool isIdle = _attempts.Count == 0;
        if (!isIdle && (patience > 0 || _attempts.Exists(a => a.Ending is null)))
        {
            After(1, () => EndWhenIdle(patience - 1));
            return;
        }
        Send(new WorkerLeft(default, Id, "it was asked to stop"));
        Kill();
    }

    private void Assign(LeaseKey lease, int place)
    {
        _site.Truth.CheckAssignment(Id, lease);
        if (_attempts.Find(a => a.Lease == lease) is { } known)
        {
            if (known.Ending is not null)
                Send(known.Ending);
            return;
        }
        // Whoever gives out work to an idle worker does not drain: the order to drain came late, from a coordinator
        // that is no more.
        if (_draining && !_leaving && _attempts.Count == 0)
            _draining = false;
        if (_draining)
        {
            Send(new TrialHandedBack(default, Id, lease, "the worker is draining"));
            return;
        }
        _attempts.Add(new Attempt(lease, place));
        FillSlots();
        double interval = Math.Min(LongestInterval, _site.Scenario.Run.Lease.TotalSeconds / 3);
        if (interval != _interval)
            BeatEvery(interval);
    }

    // A new interval is a new timer.
    private void BeatEvery(double interval)
    {
        _interval = interval;
        After(interval, Again);

        void Again()
        {
            if (interval != _interval)
                return;
            Beat();
            After(interval, Again);
        }
    }

    private void FillSlots()
    {
        foreach (Attempt attempt in _attempts.ToArray())
        {
            if (_attempts.Count(a => a.HasSlot) >= Slots)
                return;
            if (attempt.HasSlot || attempt.Ending is not null)
                continue;
            attempt.HasSlot = true;
            if (attempt.IsStopping)
                End(attempt, new TrialHandedBack(default, Id, attempt.Lease, "stopped"));
            else
                After(0.5 * _random.NextDouble(), () => Begin(attempt));
        }
    }

    private void Begin(Attempt attempt)
    {
        PlannedTrial trial = TrialOf(attempt);
        if (attempt.IsStopping)
            End(attempt, new TrialHandedBack(default, Id, attempt.Lease, "stopped"));
        else if (_missingData.Contains(trial.DataDigest))
            End(attempt, new DataMissing(default, Id, attempt.Lease, trial.DataDigest));
        else
        {
            if (_random.NextDouble() >= Faults.CheckpointLoss)
                attempt.History.AddRange(_site.Checkpoints.Load(trial.Id));
            Report(attempt);
            TrainNext(attempt);
        }
    }

    private void TrainNext(Attempt attempt)
    {
        PlannedTrial trial = TrialOf(attempt);
        if (attempt.History.Count == trial.Settings.Epochs)
        {
            End(
                attempt,
                new TrialFinished(default, Id, attempt.Lease, Training.DistancesToFinal(attempt.Place, trial.Settings.Epochs))
            );
            return;
        }
        double seconds = _site.Scenario.EpochSeconds * _random.NextDouble(0.2, 1) * Slowness;
        After(
            seconds,
            () =>
            {
                if (attempt.Ending is null)
                    FinishEpoch(attempt, seconds);
            }
        );
    }

    private void FinishEpoch(Attempt attempt, double seconds)
    {
        int epoch = attempt.History.Count + 1;
        if (_site.Scenario.FailsAt[attempt.Place] == epoch)
            End(attempt, new TrialErrored(default, Id, attempt.Lease, "the loss is not finite"));
        else if (_random.NextDouble() < Faults.EpochError)
            End(attempt, new TrialErrored(default, Id, attempt.Lease, "internal error: out of luck"));
        else if (_random.NextDouble() < Faults.DiskError)
        {
            Leave();
            End(attempt, new TrialHandedBack(default, Id, attempt.Lease, "the disk is full"));
        }
        else
        {
            EpochMetrics measured = Training.Measure(attempt.Place, epoch, seconds);
            bool isWrong = HasBadMemory && _random.NextInt(4) == 0;
            attempt.History.Add(
                isWrong ? measured with { TrainLoss = measured.TrainLoss * (1 + (1e-9 * (1 + _random.NextInt(1000)))) } : measured
            );
            bool isKept = epoch % _site.Scenario.Run.CheckpointEvery == 0 || epoch == TrialOf(attempt).Settings.Epochs;
            if (isKept)
                _site.Checkpoints.Save(attempt.Lease.Trial, [.. attempt.History]);
            Report(attempt);
            TrainNext(attempt);
        }
    }

    private void Report(Attempt attempt)
    {
        for (; attempt.Reported < attempt.History.Count; attempt.Reported++)
        {
            if (!attempt.IsRevoked)
                Send(new EpochReported(default, Id, attempt.Lease, attempt.History[attempt.Reported]));
        }
    }

    private void End(Attempt attempt, Input ending)
    {
        if (attempt.Ending is not null)
            return;
        (attempt.Ending, attempt.HasSlot) = (ending, false);
        if (attempt.IsRevoked)
            _attempts.Remove(attempt);
        else
            Send(ending);
        FillSlots();
        AskForWork();
    }

    private void Stop(Attempt attempt)
    {
        if (attempt.IsStopping || attempt.Ending is not null)
            return;
        attempt.IsStopping = true;
        if (attempt.HasSlot)
            After(
                BatchSeconds * _random.NextDouble(),
                () => End(attempt, new TrialHandedBack(default, Id, attempt.Lease, "stopped"))
            );
    }

    private void Revoke(LeaseKey lease)
    {
        if (_attempts.Find(a => a.Lease == lease) is not { } attempt)
            return;
        attempt.IsRevoked = true;
        if (attempt.Ending is not null)
            _attempts.Remove(attempt);
        else
            Stop(attempt);
    }

    private void Forget(LeaseKey lease)
    {
        _site.Truth.CheckAcknowledgement(Id, lease);
        _attempts.RemoveAll(a => a.Lease == lease);
    }

    private void Resend(LeaseKey lease, int fromEpoch)
    {
        if (_attempts.Find(a => a.Lease == lease) is not { } attempt)
            return;
        foreach (EpochMetrics metrics in attempt.History.Take(attempt.Reported))
        {
            if (metrics.Epoch >= fromEpoch)
                Send(new EpochReported(default, Id, lease, metrics));
        }
        if (attempt.Ending is not null)
            Send(attempt.Ending);
    }

    private void Beat()
    {
        Send(new HeartbeatReceived(default, Id, [.. _attempts.Select(a => a.Lease)]));
        foreach (Attempt attempt in _attempts)
        {
            if (attempt.Ending is not null)
                Send(attempt.Ending);
        }
        if (_attempts.Count == 0 && !_leaving)
            Send(new WorkRequested(default, Id, Slots));
        else
            AskForWork();
    }

    private void AskForWork()
    {
        int free = Slots - _attempts.Count(a => a.Ending is null);
        if (!_draining && free > 0)
            Send(new WorkRequested(default, Id, free));
    }

    private void Send(Input message) => _site.ToCoordinator(this, message);

    private PlannedTrial TrialOf(Attempt attempt) => _site.Scenario.Plan.Trials[attempt.Place];
}
