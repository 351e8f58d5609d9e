using System.Collections.Concurrent;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Core.Parameters;
using Rouser.Data;
using Rouser.Sweeps;

namespace Rouser.Worker;

/// <summary>
/// A worker's threads, one for each slot, its timer and its data around a <see cref="WorkerMachine"/>, which decides.
/// It knows nothing of the transport: <see cref="ICoordinatorLink"/> carries what it says, and whoever receives the
/// coordinator's commands calls <see cref="Handle"/>.
/// </summary>
public sealed class WorkerNode : IDisposable
{
    private readonly WorkerMachine _machine;
    private readonly TrialRunner _runner;
    private readonly Func<PlannedTrial, CancellationToken, Result<Dataset?>> _load;
    private readonly ICoordinatorLink _coordinator;
    private readonly TimeProvider _time;
    private readonly Action<Exception> _fault;
    private readonly Dictionary<LeaseKey, RunningAttempt> _running = [];
    private readonly BlockingCollection<RunningAttempt> _started = [];
    private readonly Thread[] _threads;

    /// <summary>Held for a step of the machine and all that it decides, so that nothing overtakes it.</summary>
    private readonly Lock _stepping = new();

    private ITimer? _heartbeat;

    /// <summary>Makes a worker; <see cref="Start"/> lets it join.</summary>
    /// <param name="id">The worker's name.</param>
    /// <param name="slots">Trials at a time.</param>
    /// <param name="runner">Trains.</param>
    /// <param name="load">Loads a trial's data set, which trials share; null if it cannot be had here, so that other
    /// workers may try.</param>
    /// <param name="coordinator">Takes what the worker says.</param>
    /// <param name="time">Timers.</param>
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
        Id = id;
        _machine = new WorkerMachine(slots);
        _runner = runner;
        _load = load;
        _coordinator = coordinator;
        _time = time;
        _fault = fault;
        _threads =
        [
            .. Enumerable.Range(0, slots).Select(slot => new Thread(RunAttempts) { IsBackground = true, Name = $"slot {slot}" }),
        ];
    }

    /// <summary>The worker's name.</summary>
    public WorkerId Id { get; }

    /// <summary>The leases in work and how far each is.</summary>
    public IReadOnlyDictionary<LeaseKey, TrialProgress> Progress
    {
        get
        {
            lock (_stepping)
                return _running.ToDictionary(pair => pair.Key, pair => pair.Value.Progress);
        }
    }

    /// <summary>Whether nothing is in work and every end has been acknowledged.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_stepping)
                return _machine.Attempts.Count == 0;
        }
    }

    /// <summary>Joins and asks for work.</summary>
    public void Start()
    {
        foreach (Thread thread in _threads)
            thread.Start();
        Step(new WorkerStarted());
    }

    /// <summary>Follows a command of the coordinator's.</summary>
    public void Handle(WorkerCommand command) => Step(new CommandReceived(command));

    /// <summary>Stops every attempt after the batch in work, hands the trials back, and asks for no more.</summary>
    public void Leave() => Step(new LeaveRequested());

    /// <summary>Leaves, and waits for the attempts to stop.</summary>
    public void Dispose()
    {
        Leave();
        lock (_stepping)
        {
            _heartbeat?.Dispose();
            _started.CompleteAdding();
        }
        foreach (Thread thread in _threads)
        {
            // Beside whether it was started, a thread's state says that it is one in the background.
            if ((thread.ThreadState & ThreadState.Unstarted) == 0)
                thread.Join();
        }
    }

    private void Step(WorkerInput input)
    {
        lock (_stepping)
        {
            WorkerReady ready = _machine.Step(input);
            foreach (WorkerAction action in ready.Actions)
                Perform(action);
            foreach (WorkerMessage message in ready.Messages)
                _coordinator.Send(message);
        }
    }

    private void Perform(WorkerAction action)
    {
        // csharpier-ignore
        switch (action)
        {
            case StartAttempt a: Begin(new RunningAttempt(a.Assignment)); break;
            case StopAttempt a: _running.GetValueOrDefault(a.Lease)?.RequestStop(); break;
            case BeatEvery a: BeatEvery(a.Interval); break;
            default: throw new ArgumentOutOfRangeException(nameof(action), action, "An action that the shell does not know.");
        }
    }

    private void Begin(RunningAttempt attempt)
    {
        _running.Add(attempt.Lease, attempt);
        _started.Add(attempt);
    }

    private void BeatEvery(TimeSpan interval)
    {
        _heartbeat?.Dispose();
        _heartbeat = _time.CreateTimer(_ => Step(new HeartbeatDue()), null, interval, interval);
    }

    private void RunAttempts()
    {
        foreach (RunningAttempt attempt in _started.GetConsumingEnumerable())
        {
            AttemptStopped stopped = RunAttempt(attempt);
            lock (_stepping)
            {
                _running.Remove(attempt.Lease);
                attempt.Dispose();
                Step(stopped);
            }
        }
    }

    private AttemptStopped RunAttempt(RunningAttempt attempt)
    {
        try
        {
            return new AttemptStopped(Train(attempt));
        }
        catch (OperationCanceledException)
        {
            return new AttemptStopped(new TrialHandedBack(attempt.Lease, "stopped"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The disk's fault, not the trial's: another worker, or this one later, can train it. Until then this one
            // takes no more.
            _fault(error);
            return new AttemptStopped(new TrialHandedBack(attempt.Lease, error.Message), CanGoOn: false);
        }
#pragma warning disable CA1031 // A defect in one trial must not end the trials beside it; it is reported with the trial, and in full to the log.
        catch (Exception error)
        {
            _fault(error);
            string reason = Plugins.Explain(error, e => $"internal error: {e.Message}");
            return new AttemptStopped(new TrialErrored(attempt.Lease, reason, Repeats: false));
        }
#pragma warning restore CA1031
    }

    private AttemptEnding Train(RunningAttempt attempt)
    {
        LeaseKey lease = attempt.Lease;
        if (attempt.Stop.IsCancellationRequested)
            return new TrialHandedBack(lease, "stopped");
        PlannedTrial trial = attempt.Assignment.Trial;
        Result<Dataset?> loaded = _load(trial, attempt.Stop);
        if (!loaded.IsOk)
            return new TrialErrored(lease, loaded.Errors[0].ToString(), Repeats: false);
        if (loaded.Value is not { } data)
            return new DataMissing(lease, trial.DataDigest);
        if (data.Digest != trial.DataDigest)
        {
            string name = trial.Settings.Dataset.Name;
            string changed = $"data set {name} has changed since the sweep was planned; restore it, or plan a new sweep";
            return new TrialErrored(lease, changed, Repeats: false);
        }
        TrialOutcome outcome = _runner.Run(
            trial,
            data,
            attempt.Assignment.CheckpointEvery,
            attempt.Assignment.Keep ?? KeptModels.Last,
            metrics => Step(new EpochTrained(lease, metrics)),
            progress => SetProgress(attempt, progress),
            attempt.Stop
        );
        return outcome switch
        {
            TrialOutcome.Completed done => new TrialFinished(lease, done.WeightDistancesFinal),
            TrialOutcome.Failed failed => new TrialErrored(lease, failed.Reason, Repeats: true),
            _ => new TrialHandedBack(lease, "stopped"),
        };
    }

    private void SetProgress(RunningAttempt attempt, TrialProgress progress)
    {
        lock (_stepping)
            attempt.Progress = progress;
    }
}
