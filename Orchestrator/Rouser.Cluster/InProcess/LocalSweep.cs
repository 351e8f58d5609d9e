using Rouser.Core;
using Rouser.Core.Coordination;
using Rouser.Core.Data;
using Rouser.Core.Snn;
using Rouser.Core.Sweeps;
using Rouser.Worker;

namespace Rouser.Cluster.InProcess;

/// <summary>How a sweep on this machine ended.</summary>
/// <param name="Finished">Every trial has ended; otherwise the sweep was stopped and can be resumed.</param>
/// <param name="Fault">What stopped it, if it was neither the user nor the plan's end: the disk, or a defect.</param>
public sealed record SweepEnd(bool Finished, Exception? Fault);

/// <summary>
/// The coordinator and one worker in this process: the shell of <c>rouser run</c>. The two talk by method calls where a cluster sends messages; the
/// machine, its journal and the worker are the same.
/// </summary>
public sealed class LocalSweep : IDisposable
{
    private readonly Plan _plan;
    private readonly ICheckpointStore _checkpoints;
    private readonly TimeProvider _time;
    private readonly Action<IReadOnlyList<Event>> _recorded;
    private readonly Action<Exception> _fault;
    private readonly CoordinatorLoop _loop;
    private readonly WorkerNode _worker;
    private readonly TaskCompletionSource<SweepEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes the shell on a journal that may hold the events of an earlier run.</summary>
    /// <param name="plan">What to train.</param>
    /// <param name="settings">How.</param>
    /// <param name="journal">Where the coordinator's events are kept.</param>
    /// <param name="checkpoints">Where the trials' states are kept.</param>
    /// <param name="engines">Makes training engines.</param>
    /// <param name="load">Loads a data set; trials share what it returns.</param>
    /// <param name="slots">Trials at a time.</param>
    /// <param name="time">Clock and timers.</param>
    /// <param name="recorded">Takes events once they are durable; must not block.</param>
    /// <param name="fault">Takes errors that are not a trial's, for the log.</param>
    public LocalSweep(
        Plan plan,
        RunSettings settings,
        IJournal journal,
        ICheckpointStore checkpoints,
        Func<TrainingSettings, ITrainingEngine> engines,
        Func<DatasetSettings, CancellationToken, Result<Dataset>> load,
        int slots,
        TimeProvider time,
        Action<IReadOnlyList<Event>> recorded,
        Action<Exception> fault)
    {
        _plan = plan;
        _checkpoints = checkpoints;
        _time = time;
        _recorded = recorded;
        _fault = fault;

        // Coordinator and worker live and die together, so silence means nothing here but that the machine slept or was stopped.
        Coordinator machine = Coordinator.Open(plan, settings with { Lease = TimeSpan.MaxValue }, journal);

        // A process that was killed between a result and the deletion of its checkpoint left the checkpoint behind.
        foreach (TrialStatus done in machine.State.Trials.Where(t => t.State == TrialState.Completed)) DeleteCheckpoint(done.Planned.Id);
        _loop = new CoordinatorLoop(machine, journal, time, Perform, OnRecorded);
        var runner = new TrialRunner(engines, checkpoints, time);
        _worker = new WorkerNode(new WorkerId("local"), slots, settings, runner, load, _loop, time, OnFault);

        void OnFault(Exception error)
        {
            fault(error);
            if (error is IOException or UnauthorizedAccessException) _end.TrySetResult(new SweepEnd(false, error));
        }
    }

    /// <summary>The attempts in work and how far each is.</summary>
    public IReadOnlyDictionary<LeaseKey, TrialProgress> Progress => _worker.Progress;

    /// <summary>Reads the coordinator's state.</summary>
    public Task<T> Query<T>(Func<CoordinatorState, T> read) => _loop.Query(read);

    /// <summary>Trains until every trial has ended, or until <paramref name="drain"/> asks to stop; then trials stop after the batch in work.</summary>
    public async Task<SweepEnd> RunAsync(CancellationToken drain)
    {
        using var stop = new CancellationTokenSource();
        Task loop = Task.Run(() => _loop.RunAsync(stop.Token), CancellationToken.None);
        _loop.Send(new SweepResumed(_time.GetUtcNow()));
        _worker.Start();
        await using (drain.Register(() => _end.TrySetResult(new SweepEnd(false, null))))
            await Task.WhenAny(_end.Task, loop).ConfigureAwait(false);

        // The worker goes first: what it hands back is still taken, and recorded, by the loop.
        _loop.Send(new DrainRequested(_time.GetUtcNow()));
        _worker.Dispose();

        // A trial assigned just before the drain may only now reach the worker, which hands it back. When this question is answered it has.
        await Task.WhenAny(_loop.Query(_ => true), loop).ConfigureAwait(false);
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

    /// <inheritdoc/>
    public void Dispose() => _worker.Dispose();

    private void Perform(Effect effect)
    {
        switch (effect)
        {
            case AssignTrial assign:
                _worker.Assign(assign.Lease, _plan.Trials[assign.PlanIndex]);
                break;
            case RevokeLease revoke:
                _worker.Revoke(revoke.Lease);
                break;
            case ResendEpochs resend:
                _worker.Resend(resend.Lease, resend.FromEpoch);
                break;
            case DrainWorker:
                _worker.Drain();
                break;
            case EndSweep:
                _end.TrySetResult(new SweepEnd(true, null));
                break;
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
            _fault(error);
        }
    }
}
