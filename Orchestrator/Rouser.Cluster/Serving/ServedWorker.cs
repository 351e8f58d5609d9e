using Microsoft.Extensions.Logging;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Data;
using Rouser.Snn;
using Rouser.Storage.Checkpoints;
using Rouser.Sweeps;
using Rouser.Worker;

namespace Rouser.Cluster.Serving;

/// <summary>
/// A worker and its end, whatever carries its messages: what it does with an order, how it hands back what it holds,
/// and why it stops. A transport gives it an <see cref="ICoordinatorLink"/> and hands in the orders that arrive.
/// </summary>
internal sealed class ServedWorker : IDisposable
{
    /// <summary>How long a worker that leaves waits for its last words to be acknowledged.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly ICheckpointStore _checkpoints;
    private readonly Func<PlannedTrial, Result<string>> _isFor;
    private readonly ICoordinatorLink _link;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes a worker; <see cref="WorkerNode.Start"/> lets it join.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="slots">Trials at a time.</param>
    /// <param name="checkpoints">Where it keeps checkpoints.</param>
    /// <param name="engines">Makes training engines.</param>
    /// <param name="load">Loads a trial's data set; null if it cannot be had here.</param>
    /// <param name="isFor">Whether a trial can be trained by this program; a mistake if its results would be
    /// others.</param>
    /// <param name="link">Takes what the worker says.</param>
    /// <param name="time">Clock and timers.</param>
    /// <param name="log">Told of what happens to the worker, and of errors that are not a trial's.</param>
    public ServedWorker(
        WorkerId id,
        int slots,
        ICheckpointStore checkpoints,
        Func<TrainingSettings, ITrainingEngine> engines,
        Func<PlannedTrial, CancellationToken, Result<Dataset?>> load,
        Func<PlannedTrial, Result<string>> isFor,
        ICoordinatorLink link,
        TimeProvider time,
        ILogger log
    )
    {
        (_checkpoints, _isFor, _link, _time, _log) = (checkpoints, isFor, link, time, log);
        Node = new WorkerNode(
            id,
            slots,
            new TrialRunner(engines, checkpoints, time),
            load,
            new LoggedLink(link, log, time),
            time,
            OnFault
        );

        void OnFault(Exception error)
        {
            log.LogError(error, "a trial was given up");
            // A disk that fails: the worker has handed its trials back and takes no more.
            if (error is IOException or UnauthorizedAccessException)
                _end.TrySetException(error);
        }
    }

    /// <summary>What trains.</summary>
    public WorkerNode Node { get; }

    /// <summary>
    /// Ends with the sweep; fails if the sweep is not for this program, or the worker's own disk fails.
    /// </summary>
    public Task End => _end.Task;

    /// <summary>Does what the coordinator says.</summary>
    public void Handle(WorkerCommand command)
    {
        if (command is WorkerCommand.Assign assign && _isFor(assign.Trial) is { IsOk: false } unfit)
        {
            _link.Send(new TrialHandedBack(assign.Lease, unfit.Errors[0].ToString()));
            _end.TrySetException(new RefusedException(unfit.Errors[0].ToString()));
            return;
        }
        if (command is WorkerCommand.Unfit { Reason: var reason })
        {
            _end.TrySetException(new RefusedException(reason));
            return;
        }
        Node.Handle(command);
        switch (command)
        {
            case WorkerCommand.Assign given:
                _log.LogInformation(
                    "{Lease} begins: {Data}, {Epochs} epochs, seed {Seed}",
                    given.Lease,
                    given.Trial.Settings.Dataset.Name,
                    given.Trial.Settings.Epochs,
                    given.Trial.Seed
                );
                break;
            // The orchestrator has the result, or a copy of what was handed back.
            case WorkerCommand.Acknowledge done:
                Forget(done.Lease.Trial);
                break;
            case WorkerCommand.Revoke revoked:
                _log.LogInformation("{Lease} revoked: {Reason}", revoked.Lease, OneLine.Of(revoked.Reason));
                break;
            case WorkerCommand.End:
                _end.TrySetResult();
                break;
        }
    }

    /// <summary>
    /// Hands back what is in work, and waits until that has been acknowledged, or nobody is there to do so.
    /// </summary>
    public async Task HandBackAsync()
    {
        Node.Leave();
        while (Node.Progress.Count > 0)
            await Task.Delay(Pause, _time).ConfigureAwait(false);
        long stopped = _time.GetTimestamp();
        while (!Node.IsIdle && _time.GetElapsedTime(stopped) < LastWords)
            await Task.Delay(Pause, _time).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => Node.Dispose();

    /// <summary>The trial has ended here: what is kept of it only takes room.</summary>
    private void Forget(TrialId trial)
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
