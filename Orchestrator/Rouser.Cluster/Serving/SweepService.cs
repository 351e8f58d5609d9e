using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Rouser.Core;
using Rouser.Core.Coordination;
using Rouser.Core.Snn;
using Rouser.Core.Sweeps;
using Rouser.Worker;

namespace Rouser.Cluster.Serving;

/// <summary>
/// A sweep as an orchestrator serves it to its workers, whatever carries the messages: the machine behind its mailbox, and its effects turned into orders.
/// A transport hands in what workers say (<see cref="Receive"/>) and carries orders to them (<see cref="IWorkerRoutes"/>).
/// </summary>
public sealed class SweepService : ISweepView
{
    private readonly Plan _plan;
    private readonly RunSettings _settings;
    private readonly ICheckpointStore _checkpoints;
    private readonly TimeProvider _time;
    private readonly IWorkerRoutes _routes;
    private readonly Action<IReadOnlyList<Event>> _recorded;
    private readonly ILogger _log;
    private readonly CoordinatorLoop _loop;
    private readonly ConcurrentDictionary<WorkerId, bool> _workers = new();
    private readonly TaskCompletionSource<SweepEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _abandoned = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Serves a plan on a journal that may hold the events of an earlier run.</summary>
    /// <param name="plan">What to train.</param>
    /// <param name="settings">How.</param>
    /// <param name="journal">Where the coordinator's events are kept.</param>
    /// <param name="checkpoints">Where the trials' states are kept; a trial's are deleted with its result.</param>
    /// <param name="time">Clock and timers.</param>
    /// <param name="routes">Carries orders to the workers.</param>
    /// <param name="recorded">Takes events once they are durable; must not block.</param>
    /// <param name="log">Told of each worker that comes or goes, each lease that is refused, and of errors that stop nothing.</param>
    public SweepService(
        Plan plan,
        RunSettings settings,
        IJournal journal,
        ICheckpointStore checkpoints,
        TimeProvider time,
        IWorkerRoutes routes,
        Action<IReadOnlyList<Event>> recorded,
        ILogger log)
    {
        _plan = plan;
        _settings = settings;
        _checkpoints = checkpoints;
        _time = time;
        _routes = routes;
        _recorded = recorded;
        _log = log;
        var machine = Coordinator.Open(plan, settings, journal);

        // A process that was killed between a result and the deletion of its checkpoint left the checkpoint behind.
        foreach (TrialStatus done in machine.State.Trials.Where(t => t.State == TrialState.Completed)) DeleteCheckpoint(done.Planned.Id);
        _loop = new CoordinatorLoop(machine, journal, time, Perform, OnRecorded);
        if (machine.State.IsFinished) _end.TrySetResult(new SweepEnd(true, null));
    }

    /// <summary>The workers that were heard of and have not left.</summary>
    public ICollection<WorkerId> Workers => _workers.Keys;

    /// <summary>Takes what a worker says. Thread-safe; never blocks.</summary>
    public void Receive(WorkerId from, IReadOnlyList<Input> messages)
    {
        _workers[from] = true;
        foreach (Input message in messages)
        {
            if (message is WorkerJoined joined) _log.LogInformation("{Worker} joined, slots {Slots}", from, joined.Slots);
            if (message is WorkerLeft or WorkerGone)
            {
                _workers.TryRemove(from, out _);
                if (message is WorkerLeft left) _log.LogInformation("{Worker} left: {Reason}", from, left.Reason);
                else _log.LogWarning("{Worker} is gone: {Reason}", from, ((WorkerGone)message).Reason);
            }
            _loop.Send(message);
        }
    }

    /// <summary>Tells the machine what the user wants, or what the transport has found out: that a worker is gone.</summary>
    public void Send(Input input) => _loop.Send(input);

    /// <inheritdoc/>
    public IReadOnlyDictionary<LeaseKey, TrialProgress>? Progress => null;

    /// <inheritdoc/>
    public Task<T> Query<T>(Func<CoordinatorState, T> read) => _loop.Query(read);

    /// <summary>Does what a user asks.</summary>
    /// <returns>What was asked of the machine, in a few words; or why that cannot be.</returns>
    public Result<string> Take(ControlRequest request)
    {
        DateTimeOffset now = _time.GetUtcNow();
        switch (request)
        {
            case ControlRequest.Pause:
                _loop.Send(new PauseRequested(now));
                return "paused: what is being trained goes on to its end, and nothing more is handed out";
            case ControlRequest.Continue:
                _loop.Send(new ContinueRequested(now));
                return "trials are handed out again";
            case ControlRequest.Cancel cancel:
                return TrialsOf(cancel).Then<string>(trials =>
                {
                    _loop.Send(new CancelRequested(now, trials));
                    return string.Create(CultureInfo.InvariantCulture, $"cancelled, as far as they had not ended: {trials.Count:N0} of {_plan.Trials.Count:N0} trials");
                });
            default: throw new ArgumentOutOfRangeException(nameof(request), request, "A request that the service does not know.");
        }
    }

    private Result<IReadOnlyList<TrialId>> TrialsOf(ControlRequest.Cancel cancel) => cancel switch
    {
        { Trial: { } start } => TrialSelection.OfName(_plan, start).Then<IReadOnlyList<TrialId>>(trial => (TrialId[])[trial]),
        { Arm: { } arm } => TrialSelection.OfArm(_plan, arm),
        _ => (Result<IReadOnlyList<TrialId>>)_plan.Trials.Select(t => t.Id).ToArray(),
    };

    /// <summary>Stops serving, because something that serving rests on has failed.</summary>
    public void Fail(Exception error) => _end.TrySetResult(new SweepEnd(false, error));

    /// <summary>Stops serving without a word to the workers: another orchestrator goes on where the journal ends.</summary>
    public void Abandon()
    {
        _abandoned.TrySetResult();
        _end.TrySetResult(new SweepEnd(false, null));
    }

    /// <summary>Serves until every trial has ended, or until <paramref name="drain"/> asks to stop; then what is in work is handed back first.</summary>
    /// <param name="settle">Runs once the workers were told of the end, before the last messages are taken: waits for what they still have to say.</param>
    /// <param name="drain">Asks to stop.</param>
    public async Task<SweepEnd> RunAsync(Func<SweepEnd, Task> settle, CancellationToken drain)
    {
        using var stop = new CancellationTokenSource();
        Task loop = Task.Run(() => _loop.RunAsync(stop.Token), CancellationToken.None);
        await using (drain.Register(() => _end.TrySetResult(new SweepEnd(false, null))))
            await Task.WhenAny(_end.Task, loop).ConfigureAwait(false);

        if (!loop.IsCompleted && !_abandoned.Task.IsCompleted)
        {
            SweepEnd end = await _end.Task.ConfigureAwait(false);
            _loop.Send(new DrainRequested(_time.GetUtcNow()));
            await Task.WhenAny(settle(end), _abandoned.Task).ConfigureAwait(false);
        }
        await stop.CancelAsync().ConfigureAwait(false);
        try
        {
            await loop.ConfigureAwait(false);
        }
        catch (IOException error)
        {
            return new SweepEnd(false, error);
        }
        return await _end.Task.ConfigureAwait(false);
    }

    private void Perform(Effect effect)
    {
        switch (effect)
        {
            case AssignTrial e:
                _routes.Deliver(e.Worker, new Order.Assign(e.Lease, _plan.Trials[e.PlanIndex], _settings.Lease, _settings.CheckpointEvery));
                break;
            case RevokeLease e:
                _log.LogInformation("{Lease} of {Worker} revoked: {Reason}", e.Lease, e.Worker, e.Reason);
                _routes.Deliver(e.Worker, new Order.Revoke(e.Lease, e.Reason));
                break;
            case ResendEpochs e: _routes.Deliver(e.Worker, new Order.Resend(e.Lease, e.FromEpoch)); break;
            case AcknowledgeEnding e: _routes.Deliver(e.Worker, new Order.Acknowledge(e.Lease)); break;
            case RequestJoin e: _routes.Deliver(e.Worker, new Order.Join()); break;
            case DrainWorker e: _routes.Deliver(e.Worker, new Order.Drain()); break;
            case EndSweep:
                foreach (WorkerId worker in _workers.Keys) _routes.Deliver(worker, new Order.End());
                _end.TrySetResult(new SweepEnd(true, null));
                break;
            default: throw new ArgumentOutOfRangeException(nameof(effect), effect, "An effect that the shell does not know.");
        }
    }

    private void OnRecorded(IReadOnlyList<Event> events)
    {
        // A completed trial's result is in the journal, so its checkpoint has done its work.
        foreach (TrialCompleted done in events.OfType<TrialCompleted>()) DeleteCheckpoint(done.Trial);
        _recorded(events);
    }

    /// <summary>Deletes what no one needs any more. Where that fails it takes room on the disk, which is no reason to stop a sweep.</summary>
    private void DeleteCheckpoint(TrialId trial)
    {
        try
        {
            _checkpoints.Delete(trial);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _log.LogWarning(error, "the checkpoint of {Trial} could not be deleted", trial.Short);
        }
    }
}
