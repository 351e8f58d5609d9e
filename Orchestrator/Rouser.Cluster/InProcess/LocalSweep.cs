using Microsoft.Extensions.Logging;
using Rouser.Cluster.Serving;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Data;
using Rouser.Snn;
using Rouser.Sweeps;
using Rouser.Worker;

namespace Rouser.Cluster.InProcess;

/// <summary>
/// An orchestrator and one worker in this process: the shell of <c>rouser run</c>. The two talk by method calls where
/// a cluster sends messages; the machine, its journal and the worker are the same.
/// </summary>
public sealed class LocalSweep : ISweepView, IDisposable
{
    private readonly TimeProvider _time;
    private readonly SweepService _service;
    private readonly WorkerNode _worker;

    /// <summary>Makes the shell on a journal that may hold the events of an earlier run.</summary>
    /// <param name="plan">What to train.</param>
    /// <param name="kept">Where what it makes is kept.</param>
    /// <param name="engines">Makes training engines.</param>
    /// <param name="load">Loads a data set; trials share what it returns.</param>
    /// <param name="slots">Trials at a time.</param>
    /// <param name="time">Clock and timers.</param>
    /// <param name="recorded">Takes events once they are durable; must not block.</param>
    /// <param name="log">Told of errors that are not a trial's.</param>
    public LocalSweep(
        Plan plan,
        RunSettings settings,
        SweepResources kept,
        Func<TrainingSettings, ITrainingEngine> engines,
        Func<DatasetSettings, CancellationToken, Result<Dataset>> load,
        int slots,
        TimeProvider time,
        Action<IReadOnlyList<Event>> recorded,
        ILogger log
    )
    {
        _time = time;
        var calls = new Calls(this);

        // Coordinator and worker live and die together, so silence means nothing here but that the machine slept or
        // was stopped; and one worker is no witness of its own work.
        _service = new SweepService(plan, settings with { Lease = TimeSpan.MaxValue, CrossCheck = 0 }, kept, time, recorded, log);
        _worker = new WorkerNode(
            new WorkerId("local"),
            slots,
            new TrialRunner(engines, kept.Checkpoints, time),
            (trial, stop) => load(trial.Settings.Dataset, stop).Then<Dataset?>(data => data),
            calls,
            time,
            OnFault
        );

        void OnFault(Exception error)
        {
            log.LogError(error, "a trial was given up");
            if (error is IOException or UnauthorizedAccessException)
                _service.Fail(error);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<LeaseKey, TrialProgress> Progress => _worker.Progress;

    /// <inheritdoc/>
    public Task<T> Query<T>(Func<CoordinatorState, T> read) => _service.Query(read);

    /// <summary>Does what a user asks.</summary>
    /// <returns>What came of it, in a few words; or why that cannot be.</returns>
    public Task<Result<string>> HandleAsync(ControlRequest request) => _service.HandleAsync(request);

    /// <summary>
    /// Trains until every trial has ended, or until <paramref name="drain"/> asks to stop; then trials stop after the
    /// batch in work.
    /// </summary>
    public Task<SweepEnd> RunAsync(CancellationToken drain)
    {
        _service.Send(new SweepResumed(_time.GetUtcNow()));
        _worker.Start();
        return _service.RunAsync(
            async _ =>
            {
                // The worker goes first: what it hands back is still taken, and recorded, by the loop.
                _worker.Dispose();

                // A trial assigned just before the drain may only now reach the worker, which hands it back. When this
                // question is answered it has.
                try
                {
                    await _service.Query(_ => true).ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    // The loop has ended of an error, which it tells.
                }
            },
            drain
        );
    }

    /// <inheritdoc/>
    public void Dispose() => _worker.Dispose();

    /// <summary>Messages between the two as method calls.</summary>
    private sealed class Calls(LocalSweep sweep) : IWorkerRoutes, ICoordinatorLink
    {
        public void Deliver(WorkerId worker, WorkerCommand command) => sweep._worker.Handle(command);

        public void Send(WorkerMessage message) => sweep._service.Receive(sweep._worker.Id, this, [message]);
    }
}
