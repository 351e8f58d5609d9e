using System.Collections.Concurrent;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Data;
using Rouser.Snn;
using Rouser.Sweeps;

namespace Rouser.Worker;

/// <summary>
/// A worker: so many slots, each a thread that trains one trial at a time. It asks for work when a slot is free,
/// keeps its leases alive, tells of every epoch, and of how each attempt ended until that is acknowledged. It knows
/// nothing of the transport: <see cref="ICoordinatorLink"/> carries what it says, and whoever receives the
/// coordinator's orders calls <see cref="Take"/>.
/// </summary>
public sealed class WorkerNode : IDisposable
{
    /// <summary>How long a worker waits at most before it asks again for work that it did not get.</summary>
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(10),
        ShortestInterval = TimeSpan.FromMilliseconds(50);

    private readonly WorkerId _id;
    private readonly int _slots;
    private readonly TrialRunner _runner;
    private readonly Func<PlannedTrial, CancellationToken, Result<Dataset?>> _load;
    private readonly ICoordinatorLink _coordinator;
    private readonly TimeProvider _time;
    private readonly Action<Exception> _fault;
    private readonly ConcurrentDictionary<LeaseKey, Attempt> _attempts = new();
    private readonly BlockingCollection<Attempt> _queue = [];
    private readonly Thread[] _threads;

    /// <summary>
    /// Held to start an attempt and to begin to drain, so that no attempt starts that draining does not see.
    /// </summary>
    private readonly Lock _starting = new();

    private ITimer? _heartbeat;
    private TimeSpan _interval = LongestInterval;
    private volatile bool _draining,
        _leaving;

    /// <summary>Makes a worker; <see cref="Start"/> lets it join.</summary>
    /// <param name="id">The worker's name.</param>
    /// <param name="slots">Trials at a time.</param>
    /// <param name="runner">Trains.</param>
    /// <param name="load">Loads a trial's data set, which trials share; null if it cannot be had here, so that other
    /// workers may try.</param>
    /// <param name="coordinator">Takes what the worker says.</param>
    /// <param name="time">Clock and timers.</param>
    /// <param name="fault"> Takes an error that is not the trial's: a disk that is full, a defect of ours. The trial
    /// has then been handed back or reported as failed.
    /// </param>
    public WorkerNode(
        WorkerId id,
        int slots,
        TrialRunner runner,
        Func<PlannedTrial, CancellationToken, Result<Dataset?>> load,
        ICoordinatorLink coordinator,
        TimeProvider time,
        Action<Exception> fault
    )
    {
        _id = id;
        _slots = slots;
        _runner = runner;
        _load = load;
        _coordinator = coordinator;
        _time = time;
        _fault = fault;
        _threads =
        [
            .. Enumerable.Range(0, slots).Select(slot => new Thread(WorkOffQueue) { IsBackground = true, Name = $"slot {slot}" }),
        ];
    }

    /// <summary>The worker's name.</summary>
    public WorkerId Id => _id;

    /// <summary>The leases in work and how far each is.</summary>
    public IReadOnlyDictionary<LeaseKey, TrialProgress> Progress =>
        _attempts.Where(pair => pair.Value.Ending is null).ToDictionary(pair => pair.Key, pair => pair.Value.Progress);

    /// <summary>Whether nothing is in work and every end has been acknowledged.</summary>
    public bool IsIdle => _attempts.IsEmpty;

    private DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>Joins and asks for work.</summary>
    public void Start()
    {
        foreach (Thread thread in _threads)
            thread.Start();
        lock (_starting)
            _heartbeat = _time.CreateTimer(_ => Beat(), null, _interval, _interval);
        Join();
    }

    /// <summary>Follows an order of the coordinator's.</summary>
    public void Take(Order order)
    {
        // csharpier-ignore
        switch (order)
        {
            case Order.Assign assign: Assign(assign); break;
            case Order.Revoke revoke: Revoke(revoke.Lease); break;
            case Order.Resend resend: Resend(resend.Lease, resend.FromEpoch); break;
            case Order.Acknowledge done: _attempts.TryRemove(done.Lease, out _); break;
            case Order.Drain: Drain(); break;
            case Order.Join: Join(); break;
            case Order.End: break; // Whoever runs the worker ends it.
            default: throw new ArgumentOutOfRangeException(nameof(order), order, "An order that the worker does not know.");
        }
    }

    /// <summary>Stops every attempt after the batch in work, hands the trials back, and asks for no more.</summary>
    public void Leave()
    {
        _leaving = true;
        Drain();
    }

    /// <summary>Leaves, and waits for the attempts to stop.</summary>
    public void Dispose()
    {
        Leave();
        lock (_starting)
        {
            _heartbeat?.Dispose();
            _queue.CompleteAdding();
        }
        foreach (Thread thread in _threads)
        {
            // Beside whether it was started, a thread's state says that it is one in the background.
            if ((thread.ThreadState & ThreadState.Unstarted) == 0)
                thread.Join();
        }
    }

    private void Join()
    {
        lock (_starting)
            _draining = _leaving;
        _coordinator.Send(new WorkerJoined(Now, _id, _slots));
        Beat();
    }

    // Until a coordinator asks the worker to join.
    private void Drain()
    {
        lock (_starting)
            _draining = true;
        foreach (Attempt attempt in _attempts.Values)
            attempt.RequestStop();
    }

    private void Assign(Order.Assign order)
    {
        lock (_starting)
        {
            if (_attempts.TryGetValue(order.Lease, out Attempt? known))
            {
                if (known.Ending is { } ending)
                    _coordinator.Send(ending);
                return;
            }
            // Whoever gives work to an idle worker does not drain: the order to drain was an old one, of a
            // coordinator that is no more, and came late.
            if (_attempts.IsEmpty && !_leaving)
                _draining = false;
            if (!_draining)
            {
                var attempt = new Attempt(order);
                _attempts[order.Lease] = attempt;
                _queue.Add(attempt);
                BeatFor(order.LeaseLength);
                return;
            }
        }
        _coordinator.Send(new TrialHandedBack(Now, _id, order.Lease, "the worker is draining"));
    }

    // Three heartbeats a lease: it outlives two that go missing, because a pause of the garbage collector or the
    // network can drop one.
    private void BeatFor(TimeSpan lease)
    {
        TimeSpan interval = lease / 3 < LongestInterval ? lease / 3 : LongestInterval;
        if (interval < ShortestInterval)
            interval = ShortestInterval;
        if (interval == _interval)
            return;
        _interval = interval;
        _heartbeat?.Dispose();
        _heartbeat = _time.CreateTimer(_ => Beat(), null, interval, interval);
    }

    private void Revoke(LeaseKey lease)
    {
        if (!_attempts.TryGetValue(lease, out Attempt? attempt))
            return;
        attempt.Revoke();
        if (attempt.Ending is not null)
            _attempts.TryRemove(lease, out _);
    }

    private void Resend(LeaseKey lease, int fromEpoch)
    {
        if (!_attempts.TryGetValue(lease, out Attempt? attempt))
            return;
        foreach (EpochMetrics metrics in attempt.ReportedFrom(fromEpoch))
            _coordinator.Send(new EpochReported(Now, _id, lease, metrics));
        if (attempt.Ending is { } ending)
            _coordinator.Send(ending);
    }

    /// <summary>
    /// Keeps the leases alive, tells again what is not acknowledged, and asks again for work: an answer may have been
    /// lost.
    /// </summary>
    private void Beat()
    {
        Attempt[] attempts = [.. _attempts.Values];
        _coordinator.Send(new HeartbeatReceived(Now, _id, [.. attempts.Select(attempt => attempt.Lease)]));
        foreach (Attempt attempt in attempts)
        {
            if (attempt.Ending is { } ending)
                _coordinator.Send(ending);
        }
        // Asked again, a coordinator that drains says so again; were an idle worker not to ask, an order to drain
        // that came late would idle it for ever.
        if (attempts.Length == 0 && !_leaving)
            _coordinator.Send(new WorkRequested(Now, _id, _slots));
        else
            AskForWork();
    }

    private void AskForWork()
    {
        int free = _slots - _attempts.Values.Count(attempt => attempt.Ending is null);
        if (!_draining && free > 0)
            _coordinator.Send(new WorkRequested(Now, _id, free));
    }

    private void WorkOffQueue()
    {
        foreach (Attempt attempt in _queue.GetConsumingEnumerable())
            Work(attempt);
    }

    private void Work(Attempt attempt)
    {
        Input ending = Attend(attempt);
        attempt.Dispose();
        attempt.Ending = ending;
        if (attempt.Revoked)
            _attempts.TryRemove(attempt.Lease, out _);
        else
            _coordinator.Send(ending);
        AskForWork();
    }

    private Input Attend(Attempt attempt)
    {
        try
        {
            return Train(attempt);
        }
        catch (OperationCanceledException)
        {
            return new TrialHandedBack(Now, _id, attempt.Lease, "stopped");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The disk's fault, not the trial's: another worker, or this one later, can train it. Until then this one
            // takes no more.
            Leave();
            _fault(error);
            return new TrialHandedBack(Now, _id, attempt.Lease, error.Message);
        }
#pragma warning disable CA1031 // A defect in one trial must not end the trials beside it; it is reported with the trial, and in full to the log.
        catch (Exception error)
        {
            _fault(error);
            return new TrialErrored(Now, _id, attempt.Lease, $"internal error: {error.Message}");
        }
#pragma warning restore CA1031
    }

    private Input Train(Attempt attempt)
    {
        if (attempt.Stop.IsCancellationRequested)
            return new TrialHandedBack(Now, _id, attempt.Lease, "stopped");
        PlannedTrial trial = attempt.Trial;
        Result<Dataset?> loaded = _load(trial, attempt.Stop);
        if (!loaded.IsOk)
            return new TrialErrored(Now, _id, attempt.Lease, loaded.Mistakes[0].ToString());
        if (loaded.Value is not { } data)
            return new DataMissing(Now, _id, attempt.Lease, trial.DataDigest);
        if (data.Digest != trial.DataDigest)
        {
            return new TrialErrored(
                Now,
                _id,
                attempt.Lease,
                $"data set {trial.Settings.Dataset.Name} has changed since the sweep was planned; restore it, or plan a new sweep"
            );
        }

        TrialOutcome outcome = _runner.Run(
            trial,
            data,
            attempt.Order.CheckpointEvery,
            Report,
            progress => attempt.Progress = progress,
            attempt.Stop
        );
        return outcome switch
        {
            TrialOutcome.Completed done => new TrialFinished(Now, _id, attempt.Lease, done.WeightDistancesFinal),
            TrialOutcome.Failed failed => new TrialErrored(Now, _id, attempt.Lease, failed.Reason, Repeats: true),
            _ => new TrialHandedBack(Now, _id, attempt.Lease, "stopped"),
        };

        void Report(EpochMetrics metrics)
        {
            if (attempt.Revoked)
                return;
            attempt.Reported(metrics);
            _coordinator.Send(new EpochReported(Now, _id, attempt.Lease, metrics));
        }
    }
}
