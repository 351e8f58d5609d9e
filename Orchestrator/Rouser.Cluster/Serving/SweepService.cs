using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Snn;
using Rouser.Sweeps;
using Rouser.Worker;

namespace Rouser.Cluster.Serving;

/// <summary>
/// A sweep as an orchestrator serves it to its workers, whatever carries the messages: the machine behind its
/// mailbox, and its effects performed. A transport hands in what workers say (<see cref="Receive"/>) and carries
/// commands to them (<see cref="IWorkerRoutes"/>).
/// </summary>
public sealed class SweepService : ISweepView
{
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(10),
        SettlePause = TimeSpan.FromMilliseconds(50),
        TidyInterval = TimeSpan.FromMinutes(1);

    private readonly Plan _plan;
    private readonly ICoordinator _machine;
    private readonly UserRequests _requests;
    private readonly SweepResources _kept;
    private readonly WriteQueue _writing;
    private readonly Action<Action> _write;
    private readonly Lock _lookingUp = new();
    private Task _lookUps = Task.CompletedTask;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ConcurrentDictionary<WorkerId, IWorkerRoutes> _ways = new();
    private long _tidiedAt;
    private readonly TaskCompletionSource<SweepEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _abandoned = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Onlookers _onlookers;
    private readonly SweepTelemetry _telemetry;
    private readonly long _started;
    private readonly Lazy<Dictionary<TrialId, Cell>> _cells;

    /// <summary>Serves a plan on a journal that may hold the events of an earlier run.</summary>
    /// <param name="plan">What to train.</param>
    /// <param name="kept">Where what it makes is kept.</param>
    /// <param name="time">Clock and timers.</param>
    /// <param name="recorded">Takes events once they are durable; must not block.</param>
    /// <param name="log">Told of each worker that comes or goes, each lease that is refused, and of errors that stop
    /// nothing.</param>
    public SweepService(
        Plan plan,
        RunSettings settings,
        SweepResources kept,
        TimeProvider time,
        Action<IReadOnlyList<Event>> recorded,
        ILogger log
    )
        : this(plan, Coordinator.Open(plan, settings, kept.Journal), kept, time, recorded, log) { }

    /// <summary>Serves a plan by a machine that has read the journal.</summary>
    /// <param name="write">Takes what is written behind the loop, to do it in that order, whoever waits; null for a task
    /// of its own.</param>
    internal SweepService(
        Plan plan,
        ICoordinator machine,
        SweepResources kept,
        TimeProvider time,
        Action<IReadOnlyList<Event>> recorded,
        ILogger log,
        Action<Action>? write = null
    )
    {
        _plan = plan;
        _writing = new WriteQueue(OnFault);
        _write = write ?? _writing.Add;
        _machine = machine;
        _kept = kept;
        _time = time;
        _onlookers = new Onlookers(time);
        _telemetry = new SweepTelemetry(plan, read => Query(read));
        _started = time.GetTimestamp();
        _cells = new(plan.FirstCells);
        _tidiedAt = time.GetTimestamp();
        _log = log;

        // A process that was killed between a result and the deletion of its checkpoint left the checkpoint behind, and
        // may not have kept the model.
        foreach (TrialStatus done in machine.State.Trials.Where(t => t.State == TrialState.Completed))
            EndCheckpoint(done.Planned, done.LastScore?.TestAccuracy, isNew: false);
        if (kept.Stored?.TakeAll(machine, kept.Journal, time.GetUtcNow(), Perform) is { Count: > 0 } taken)
            recorded(taken);
        if (kept.Continued?.TakeAll(machine, kept.Journal, kept.Checkpoints, time.GetUtcNow()) is { Count: > 0 } takenOver)
            Record(takenOver);
        Loop = new CoordinatorLoop(machine, kept.Journal, time, Perform, Record, OnFault);
        _requests = new UserRequests(plan, Loop);

        void Record(IReadOnlyList<Event> events)
        {
            kept.Stored?.Record(machine.State, events, _write);
            _telemetry.Record(events);
            recorded(events);
        }
    }

    /// <summary>The machine's mailbox.</summary>
    internal CoordinatorLoop Loop { get; }

    /// <summary>Takes what a worker says. Thread-safe; never blocks.</summary>
    /// <param name="from">Who says it.</param>
    /// <param name="way">By which way it came, and commands go back.</param>
    /// <param name="messages">What is said.</param>
    public void Receive(WorkerId from, IWorkerRoutes way, IReadOnlyList<WorkerMessage> messages)
    {
        _ways[from] = way;
        Tidy();
        foreach (WorkerMessage message in messages)
        {
            MessageReceived received = new(default, from, message);
            if (message is WorkRequested request && _kept.Stored is { } stored)
                LookUpInTurn(stored, request.FreeSlots, received);
            else
                Loop.Send(received);
            switch (message)
            {
                case WorkerJoined joined:
                    Log(LogLevel.Information, $"{from} joined, slots {joined.Slots.ToString(CultureInfo.InvariantCulture)}");
                    break;
                case WorkerLeft left:
                    Log(LogLevel.Information, $"{from} left: {left.Reason}");
                    break;
            }
        }
    }

    // Another run may have completed in the meantime what this worker would be given. The request goes on when nothing
    // of that kind is left; as any message, it may be late.
    private void LookUpInTurn(StoredTrials stored, int freeSlots, MessageReceived request)
    {
        lock (_lookingUp)
            _lookUps = _lookUps.ContinueWith(_ => LookUpFirstAsync(stored, freeSlots, request), TaskScheduler.Default).Unwrap();
    }

    private async Task LookUpFirstAsync(StoredTrials stored, int freeSlots, MessageReceived request)
    {
        try
        {
            while (await FindNextAsync(stored, freeSlots).ConfigureAwait(false) is { Count: > 0 } found)
            {
                foreach (ResultFound result in found)
                    Loop.Send(result);
            }
        }
        catch (OperationCanceledException)
        {
            // The loop has ended, and with it all requests.
        }
#pragma warning disable CA1031 // A defect here must not keep a worker from its work.
        catch (Exception error)
        {
            OnFault(error);
        }
#pragma warning restore CA1031
        Loop.Send(request);
    }

    private async Task<IReadOnlyList<ResultFound>> FindNextAsync(StoredTrials stored, int count)
    {
        IReadOnlyList<PlannedTrial> next = await Query(state =>
                state.IsDraining || state.IsPaused ? [] : state.NextInQueue(count)
            )
            .ConfigureAwait(false);
        return [.. next.Select(trial => stored.Find(trial, default)).OfType<ResultFound>()];
    }

    /// <summary>A transport has found out that a worker is gone for certain.</summary>
    public void ReportGone(WorkerId worker, string reason)
    {
        Loop.Send(new WorkerGone(default, worker, reason));
        Log(LogLevel.Warning, $"{worker} is gone: {reason}");
    }

    /// <summary>
    /// Tells of something, in one line whatever a worker has put into it. A log that fails is no reason to refuse a
    /// message.
    /// </summary>
    private void Log(LogLevel level, string line, Exception? error = null)
    {
#pragma warning disable CA1031 // A log's defect is not the sweep's, and there is nowhere else to tell of it.
        try
        {
            _log.Log(level, error, "{Line}", OneLine.Of(line));
        }
        catch (Exception) { }
#pragma warning restore CA1031
    }

    private void OnFault(Exception error) => Log(LogLevel.Error, "a defect of the orchestrator's; the sweep goes on", error);

    /// <summary>
    /// Tells the machine what the user wants, or what the transport has found out: that a worker is gone.
    /// </summary>
    public void Send(Input input) => Loop.Send(input);

    /// <inheritdoc/>
    public IReadOnlyDictionary<LeaseKey, TrialProgress>? Progress => null;

    /// <inheritdoc/>
    public Task<T> Query<T>(Func<CoordinatorState, T> read) => Loop.Query(read);

    /// <summary>Does what a user asks.</summary>
    /// <returns>What came of it, in a few words; or why that cannot be.</returns>
    public Task<Result<string>> HandleAsync(ControlRequest request) => _requests.HandleAsync(request);

    /// <summary>Stops serving, because something that serving rests on has failed.</summary>
    public void Fail(Exception error) => _end.TrySetResult(new SweepEnd(false, error));

    /// <summary>
    /// Stops serving without a word to the workers: another orchestrator goes on where the journal ends.
    /// </summary>
    public void Abandon()
    {
        _abandoned.TrySetResult();
        _end.TrySetResult(new SweepEnd(false, null));
    }

    /// <summary>
    /// Serves until every trial has ended, or until <paramref name="drain"/> asks to stop; then what is in work is
    /// handed back first.
    /// </summary>
    /// <param name="settle">Runs once the workers were told of the end, before the last messages are taken: waits for
    /// what they still have to say.</param>
    /// <param name="drain">Asks to stop.</param>
    public async Task<SweepEnd> RunAsync(Func<SweepEnd, Task> settle, CancellationToken drain)
    {
        _telemetry.Start(_time.GetUtcNow());
        SweepEnd end = await RunLoopAsync(settle, drain).ConfigureAwait(false);
        _telemetry.End(end, _machine.State, _time.GetUtcNow());
        return end;
    }

    private async Task<SweepEnd> RunLoopAsync(Func<SweepEnd, Task> settle, CancellationToken drain)
    {
        using var stop = new CancellationTokenSource();
        Task loop = Task.Run(() => Loop.RunAsync(stop.Token), CancellationToken.None);
        _ = EndIfNothingIsLeftAsync();
        await using (drain.Register(() => _end.TrySetResult(new SweepEnd(false, null))))
            await Task.WhenAny(_end.Task, loop).ConfigureAwait(false);

        if (!loop.IsCompleted && !_abandoned.Task.IsCompleted)
        {
            SweepEnd end = await _end.Task.ConfigureAwait(false);
            Loop.Send(new DrainRequested(_time.GetUtcNow()));
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
        finally
        {
            await _writing.FlushAsync().ConfigureAwait(false);
        }
        return await _end.Task.ConfigureAwait(false);
    }

    /// <summary>How the sweep stands.</summary>
    /// <param name="eachTrial">Whether each trial without a result is asked for.</param>
    /// <param name="patience">How long the answer may wait for the end of the sweep.</param>
    /// <exception cref="OperationCanceledException">The sweep is served no more, or who asked has gone.</exception>
    public async Task<SweepStatus> StatusAsync(bool eachTrial, TimeSpan patience, CancellationToken stop)
    {
        bool isLast = false;
        _onlookers.Enter();
        try
        {
            if (patience > TimeSpan.Zero)
                await Task.WhenAny(_end.Task, Task.Delay(patience, _time, stop)).ConfigureAwait(false);
            SweepEnd? end = _end.Task.IsCompletedSuccessfully ? await _end.Task.ConfigureAwait(false) : null;
            SweepStatus status = await Query(state =>
                    SweepStatus.Of(
                        _plan.SweepName,
                        _cells.Value,
                        state,
                        end,
                        _time.GetUtcNow(),
                        _time.GetElapsedTime(_started),
                        eachTrial
                    )
                )
                .ConfigureAwait(false);
            isLast = status.IsLast || patience == TimeSpan.Zero;
            return status;
        }
        finally
        {
            _onlookers.Leave(isLast);
        }
    }

    // A step comes first: before it, a search has proposed nothing yet, and no trial waits.
    private async Task EndIfNothingIsLeftAsync()
    {
        try
        {
            if (await Loop.Ask(_ => [new Tick(default)], (state, _) => state.IsFinished).ConfigureAwait(false))
                _end.TrySetResult(new SweepEnd(true, null));
        }
        catch (OperationCanceledException)
        {
            // The loop has ended, of an error that it tells.
        }
    }

    /// <summary>
    /// Waits until the workers have heard of the sweep's end, or have handed back what they hold when it is stopped.
    /// A worker that still trains a batch says so by its heartbeats, and is waited for however long that takes. One
    /// that is silent loses its lease, so <see cref="RunSettings.Lease"/> after the last word from any of them this
    /// ends.
    /// </summary>
    public Task SettleAsync(SweepEnd end) => SettleAsync(end, () => true);

    /// <summary>The same, with a transport that knows of workers that the machine has not heard of.</summary>
    /// <param name="end">How serving ends.</param>
    /// <param name="haveGone">Whether those have gone as well; asked at the end of the sweep.</param>
    internal async Task SettleAsync(SweepEnd end, Func<bool> haveGone)
    {
        long start = _time.GetTimestamp();
        while (
            (!end.Finished || _time.GetElapsedTime(start) < LongestFarewell)
            && (!await Query(IsSettled).ConfigureAwait(false) || !_onlookers.HaveHeard(_time.GetElapsedTime(start)))
        )
            await Task.Delay(SettlePause, _time).ConfigureAwait(false);

        bool IsSettled(CoordinatorState state) =>
            end.Finished ? state.Workers.Count == 0 && haveGone() : state.Count(TrialState.Running) == 0;
    }

    /// <summary>
    /// Who is there is known by the machine alone; what is kept here is by which way each was last heard, and of
    /// those who are gone not even that.
    /// </summary>
    private void Tidy()
    {
        long since = Interlocked.Read(ref _tidiedAt),
            now = _time.GetTimestamp();
        if (_time.GetElapsedTime(since, now) < TidyInterval || Interlocked.CompareExchange(ref _tidiedAt, now, since) != since)
            return;
        _ = Query(state =>
        {
            foreach (WorkerId worker in _ways.Keys)
            {
                if (!state.Workers.ContainsKey(worker))
                    _ways.TryRemove(worker, out _);
            }
            return true;
        });
    }

    private void Deliver(WorkerId worker, WorkerCommand command)
    {
        if (_ways.TryGetValue(worker, out IWorkerRoutes? way))
            way.Deliver(worker, command);
        if (command is WorkerCommand.Revoke revoked)
            Log(LogLevel.Information, $"{revoked.Lease} of {worker} revoked: {revoked.Reason}");
    }

    // A slow disk may hold it up for longer than the lease lasts.
    private void DeliverIfHeld(WorkerId worker, WorkerCommand.Assign assign) =>
        _ = Query(state =>
        {
            bool isHeld = state.Find(assign.Lease.Trial) is { IsHeld: true } trial && trial.Lease == assign.Lease;
            if (isHeld)
                Deliver(worker, assign);
            return isHeld;
        });

    private void Perform(Effect effect)
    {
        // csharpier-ignore
        switch (effect)
        {
            case SendCommand { Command: WorkerCommand.Assign { Trial.Id: var trial } } e when _machine.State.Find(trial)!.HasEnded:
                // A second training, which must not find the checkpoint of the first.
                _write(() => DeliverIfHeld(e.Worker, (WorkerCommand.Assign)e.Command));
                break;
            case SendCommand e: Deliver(e.Worker, e.Command); break;
            case DiscardCheckpoint e: EndCheckpoint(_machine.State.Find(e.Trial)!); break;
            case EndSweep:
                foreach (WorkerId worker in _ways.Keys.OrderBy(w => w.Value, StringComparer.Ordinal)) Deliver(worker, new WorkerCommand.End());
                _end.TrySetResult(new SweepEnd(true, null));
                break;
            default: throw new ArgumentOutOfRangeException(nameof(effect), effect, "An effect that the shell does not know.");
        }
    }

    // The checkpoint stays until the models are on the disk, and its result is in the journal: after a kill in between,
    // the next start does this again.
    private void EndCheckpoint(TrialStatus done)
    {
        (PlannedTrial trial, double? testAccuracy) = (done.Planned, done.LastScore?.TestAccuracy);
        _write(() => EndCheckpoint(trial, testAccuracy, isNew: true));
    }

    /// <summary>
    /// Keeps the network and the predictions of a trial that is completed, and deletes what no one needs any more.
    /// Where the disk refuses, they are missing or room is taken, which is no reason to stop a sweep; a restart tries
    /// again.
    /// </summary>
    /// <param name="trial">The trial; its result is on record.</param>
    /// <param name="testAccuracy">After its last epoch.</param>
    /// <param name="isNew">Whether it has just ended, so that its last checkpoint should be here.</param>
    private void EndCheckpoint(PlannedTrial trial, double? testAccuracy, bool isNew)
    {
        try
        {
            // An engine that trains nothing has no network.
            if (trial.Settings.Engine != EngineKind.Noop)
            {
                KeepModel(trial, isNew);
                KeepPredictions(trial, testAccuracy, isNew);
            }
            _kept.Checkpoints.Delete(trial.Id);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Log(LogLevel.Warning, $"what {trial.Id.Short} leaves could not be kept, or its checkpoint not deleted", error);
        }
    }

    private void KeepModel(PlannedTrial trial, bool isNew)
    {
        if (_kept.Models is not { } models)
            return;
        string? lacks =
            _kept.Checkpoints.Load(trial.Id) is { } last
                ? models.Keep(trial, last, epoch => _kept.Checkpoints.LoadNetwork(trial.Id, epoch))
            : isNew && !models.IsComplete(trial) ? "its last checkpoint is not here"
            : null;
        if (lacks is not null)
            Log(LogLevel.Warning, $"a model of {trial.Id.Short} is not kept: {lacks}");
    }

    private void KeepPredictions(PlannedTrial trial, double? testAccuracy, bool isNew)
    {
        if (_kept.Predictions is not { } predictions)
            return;
        string? lacks =
            _kept.Checkpoints.LoadPredictions(trial.Id) is { } said ? predictions.Keep(trial, said, testAccuracy)
            : isNew && !predictions.Has(trial.Id) ? "they are not here"
            : null;
        if (lacks is not null)
            Log(LogLevel.Warning, $"no predictions of {trial.Id.Short} are kept: {lacks}");
    }
}
