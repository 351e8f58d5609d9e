using System.Collections.Concurrent;
using Rouser.Core;
using Rouser.Core.Coordination;
using Rouser.Core.Data;
using Rouser.Core.Metrics;
using Rouser.Core.Sweeps;

namespace Rouser.Worker;

/// <summary>
/// A worker: so many slots, each training one trial on a thread of its own. It asks for work when a slot is free, keeps its leases alive, and
/// tells of every epoch. It knows nothing of the transport: <see cref="ICoordinatorLink"/> carries what it says, and whoever receives the
/// coordinator's effects calls <see cref="Assign"/>, <see cref="Revoke"/>, <see cref="Resend"/> and <see cref="Drain"/>.
/// </summary>
public sealed class WorkerNode : IDisposable
{
    private readonly WorkerId _id;
    private readonly int _slots;
    private readonly RunSettings _settings;
    private readonly TrialRunner _runner;
    private readonly Func<DatasetSettings, CancellationToken, Result<Dataset>> _load;
    private readonly ICoordinatorLink _coordinator;
    private readonly TimeProvider _time;
    private readonly Action<Exception> _fault;
    private readonly ConcurrentDictionary<LeaseKey, Attempt> _attempts = new();
    private readonly ConcurrentDictionary<Attempt, Thread> _threads = new();

    /// <summary>Held to start an attempt and to begin to drain, so that no attempt starts unseen by <see cref="Drain"/>.</summary>
    private readonly Lock _starting = new();

    private ITimer? _heartbeat;
    private volatile bool _draining;

    /// <summary>Makes a worker; <see cref="Start"/> lets it join.</summary>
    /// <param name="id">The worker's name.</param>
    /// <param name="slots">Trials at a time.</param>
    /// <param name="settings">Lease and checkpoint intervals.</param>
    /// <param name="runner">Trains.</param>
    /// <param name="load">Loads a data set; trials share what it returns.</param>
    /// <param name="coordinator">Takes what the worker says.</param>
    /// <param name="time">Clock and timers.</param>
    /// <param name="fault">
    /// Takes an error that is not the trial's: a disk that is full, a defect of ours. The trial has then been handed back or reported as failed.
    /// </param>
    public WorkerNode(
        WorkerId id,
        int slots,
        RunSettings settings,
        TrialRunner runner,
        Func<DatasetSettings, CancellationToken, Result<Dataset>> load,
        ICoordinatorLink coordinator,
        TimeProvider time,
        Action<Exception> fault)
    {
        _id = id;
        _slots = slots;
        _settings = settings;
        _runner = runner;
        _load = load;
        _coordinator = coordinator;
        _time = time;
        _fault = fault;
    }

    /// <summary>The leases in work and how far each is.</summary>
    public IReadOnlyDictionary<LeaseKey, TrialProgress> Progress => _attempts.ToDictionary(pair => pair.Key, pair => pair.Value.Progress);

    private DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>Joins and asks for work.</summary>
    public void Start()
    {
        _coordinator.Send(new WorkerJoined(Now, _id, _slots));
        AskForWork();

        // Three heartbeats a lease: it outlives two that go missing, because a pause of the garbage collector or the network can drop one.
        TimeSpan interval = _settings.Lease / 3;
        _heartbeat = _time.CreateTimer(_ => Beat(), null, interval, interval);
    }

    /// <summary>Starts a trial. The same lease twice is one attempt.</summary>
    public void Assign(LeaseKey lease, PlannedTrial trial)
    {
        lock (_starting)
        {
            if (_attempts.ContainsKey(lease)) return;
            if (!_draining)
            {
                Begin(new Attempt(lease), trial);
                return;
            }
        }
        _coordinator.Send(new TrialHandedBack(Now, lease, "the worker is draining"));
    }

    /// <summary>Stops an attempt whose lease has ended; nothing more is said of it.</summary>
    public void Revoke(LeaseKey lease)
    {
        if (_attempts.TryGetValue(lease, out Attempt? attempt)) attempt.Revoke();
    }

    /// <summary>
    /// Sends an attempt's epochs again, because some did not arrive. An attempt that has ended has nothing more to say: its lease runs out, and the
    /// next attempt tells everything from the checkpoint.
    /// </summary>
    public void Resend(LeaseKey lease, int fromEpoch)
    {
        if (!_attempts.TryGetValue(lease, out Attempt? attempt)) return;
        foreach (EpochMetrics metrics in attempt.ReportedFrom(fromEpoch)) _coordinator.Send(new EpochReported(Now, lease, metrics));
    }

    /// <summary>Stops every attempt after the batch in work, hands the trials back and asks for no more.</summary>
    public void Drain()
    {
        lock (_starting) _draining = true;
        foreach (Attempt attempt in _attempts.Values) attempt.RequestStop();
    }

    /// <summary>Drains, and waits for the attempts to stop.</summary>
    public void Dispose()
    {
        _heartbeat?.Dispose();
        Drain();
        foreach (Thread thread in _threads.Values) thread.Join();
    }

    private void Begin(Attempt attempt, PlannedTrial trial)
    {
        _attempts[attempt.Lease] = attempt;
        var thread = new Thread(() => Work(attempt, trial)) { IsBackground = true, Name = $"trial {attempt.Lease}" };
        _threads[attempt] = thread;
        thread.Start();
    }

    private void AskForWork()
    {
        int free = _slots - _attempts.Count;
        if (!_draining && free > 0) _coordinator.Send(new WorkRequested(Now, _id, free));
    }

    /// <summary>Keeps the leases alive. Asking for work again makes up for an answer that was lost.</summary>
    private void Beat()
    {
        _coordinator.Send(new HeartbeatReceived(Now, _id, [.. _attempts.Keys]));
        AskForWork();
    }

    private void Work(Attempt attempt, PlannedTrial trial)
    {
        Input? last = null;
        try
        {
            last = Train(attempt, trial);
        }
        catch (OperationCanceledException)
        {
            last = new TrialHandedBack(Now, attempt.Lease, "stopped");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The disk's fault, not the trial's: another worker, or this one later, can train it. Until then this one takes no more.
            Drain();
            last = new TrialHandedBack(Now, attempt.Lease, error.Message);
            _fault(error);
        }
#pragma warning disable CA1031 // A defect in one trial must not end the trials beside it; it is reported with the trial, and in full to the log.
        catch (Exception error)
        {
            last = new TrialErrored(Now, attempt.Lease, $"internal error: {error.Message}");
            _fault(error);
        }
#pragma warning restore CA1031
        finally
        {
            _attempts.TryRemove(attempt.Lease, out _);
            if (last is not null && !attempt.Revoked) _coordinator.Send(last);
            attempt.Dispose();
            AskForWork();
            _threads.TryRemove(attempt, out _);
        }
    }

    private Input Train(Attempt attempt, PlannedTrial trial)
    {
        Result<Dataset> data = _load(trial.Settings.Dataset, attempt.Stop);
        if (!data.IsOk) return new TrialErrored(Now, attempt.Lease, data.Mistakes[0].ToString());
        if (data.Value.Digest != trial.DataDigest)
        {
            return new TrialErrored(
                Now, attempt.Lease, $"data set {trial.Settings.Dataset.Name} has changed since the sweep was planned; restore it, or plan a new sweep");
        }

        TrialOutcome outcome = _runner.Run(
            trial, data.Value, _settings.CheckpointEvery, Report, progress => attempt.Progress = progress, attempt.Stop);
        return outcome switch
        {
            TrialOutcome.Completed done => new TrialFinished(Now, attempt.Lease, done.WeightDistancesFinal),
            TrialOutcome.Failed failed => new TrialErrored(Now, attempt.Lease, failed.Reason),
            _ => new TrialHandedBack(Now, attempt.Lease, "stopped"),
        };

        void Report(EpochMetrics metrics)
        {
            if (attempt.Revoked) return;
            attempt.Reported(metrics);
            _coordinator.Send(new EpochReported(Now, attempt.Lease, metrics));
        }
    }
}
