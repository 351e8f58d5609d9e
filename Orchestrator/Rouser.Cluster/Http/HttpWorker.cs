using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Rouser.Cluster.Serving;
using Rouser.Cluster.Wire;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Data;
using Rouser.Snn;
using Rouser.Storage.Checkpoints;
using Rouser.Sweeps;
using Rouser.Worker;

namespace Rouser.Cluster.Http;

/// <summary>
/// A worker that reaches its orchestrator over HTTP. It never gives up: what does not arrive is forgotten, and once
/// the orchestrator can be reached again the worker tells it anew what it holds and how its trials ended.
/// </summary>
public sealed class HttpWorker : ICoordinatorLink, IDisposable
{
    /// <summary>
    /// The shortest time from one request to the next of its kind. Trials that take no time would else be told of one
    /// by one, and each request costs both sides more than the message in it.
    /// </summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    private const int MostMessages = 500,
        MostNumbers = 50_000;

    private readonly OrchestratorClient _client;
    private readonly ServedWorker _worker;
    private readonly TimeProvider _time;
    private readonly Backoff _sendBackoff,
        _askBackoff;
    private readonly ILogger _log;
    private readonly Channel<WorkerMessage> _said = Channel.CreateUnbounded<WorkerMessage>(
        new UnboundedChannelOptions { SingleReader = true }
    );
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes a worker.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="slots">Trials at a time.</param>
    /// <param name="client">The way to the orchestrator.</param>
    /// <param name="checkpoints">Where it keeps checkpoints.</param>
    /// <param name="engines">Makes training engines.</param>
    /// <param name="load">Loads a trial's data set; null if it cannot be had here.</param>
    /// <param name="isFor">Whether a trial can be trained by this program; a mistake if its results would be
    /// others.</param>
    /// <param name="time">Clock and timers.</param>
    /// <param name="seed">For the times between tries.</param>
    /// <param name="log">Told of what happens on the way to the orchestrator, and of errors that are not a
    /// trial's.</param>
    public HttpWorker(
        WorkerId id,
        int slots,
        OrchestratorClient client,
        ICheckpointStore checkpoints,
        Func<TrainingSettings, ITrainingEngine> engines,
        Func<PlannedTrial, CancellationToken, Result<Dataset?>> load,
        Func<PlannedTrial, Result<string>> isFor,
        TimeProvider time,
        long seed,
        ILogger log
    )
    {
        _client = client;
        _time = time;
        _sendBackoff = new Backoff(new RandomStream(seed, $"{id} sends"));
        _askBackoff = new Backoff(new RandomStream(seed, $"{id} asks"));
        _log = log;

        _worker = new ServedWorker(id, slots, checkpoints, engines, load, isFor, this, time, log);
    }

    /// <inheritdoc/>
    public void Send(WorkerMessage message) => _said.Writer.TryWrite(message);

    /// <summary>
    /// Works until the sweep has ended, or until <paramref name="leave"/> asks to go; then what is in work is handed
    /// back first.
    /// </summary>
    /// <returns>Whether the sweep has ended.</returns>
    /// <exception cref="RefusedException">The orchestrator wants nothing of this worker.</exception>
    /// <exception cref="IOException">The worker's own disk fails; its trials were handed back.</exception>
    public async Task<bool> RunAsync(CancellationToken leave)
    {
        using var stop = new CancellationTokenSource();
        Task sending = Task.Run(() => SendAsync(stop.Token), CancellationToken.None);
        Task asking = Task.Run(() => AskAsync(stop.Token), CancellationToken.None);
        _worker.Node.Start();
        try
        {
            var leaving = new TaskCompletionSource();
            await using (leave.Register(() => leaving.TrySetResult()))
            {
                Task first = await Task.WhenAny(_worker.End, leaving.Task, sending, asking).ConfigureAwait(false);
                if (first == sending || first == asking)
                    await first.ConfigureAwait(false);
            }
            await _worker.HandBackAsync().ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(sending, asking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await SendLeavingAsync().ConfigureAwait(false);
        if (_worker.End.IsFaulted)
            await _worker.End.ConfigureAwait(false);
        return _worker.End.IsCompleted;
    }

    /// <inheritdoc/>
    public void Dispose() => _worker.Dispose();

    /// <summary>Says that it has left, after which it says nothing more.</summary>
    private async Task SendLeavingAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2), _time);
        try
        {
            var left = new WorkerLeft("the worker has left");
            await _client.SendAsync(new WorkerMessages(_worker.Node.Id, [left]), patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The orchestrator is not there; it will find out by itself.
        }
    }

    private async Task SendAsync(CancellationToken stop)
    {
        bool isConnected = true;
        long sentAt = 0;
        while (await _said.Reader.WaitToReadAsync(stop).ConfigureAwait(false))
        {
            await KeepPaceAsync(sentAt, stop).ConfigureAwait(false);
            sentAt = _time.GetTimestamp();
            if (await _client.SendAsync(new WorkerMessages(_worker.Node.Id, DequeueMessages()), stop).ConfigureAwait(false))
            {
                bool isFirst = _arrived.TrySetResult();
                if (!isConnected)
                    _log.LogInformation("{Contact}", isFirst ? "the orchestrator answers" : "the orchestrator is there again");
                isConnected = true;
                _sendBackoff.Reset();
                continue;
            }
            if (isConnected)
                _log.LogWarning(
                    "the orchestrator cannot be reached; {Meanwhile}",
                    _arrived.Task.IsCompleted ? "training goes on, and the worker tries again" : "the worker tries again"
                );
            isConnected = false;
            await Task.Delay(_sendBackoff.Next(), _time, stop).ConfigureAwait(false);

            // Instead of what was said meanwhile, all that is worth saying by now.
            while (_said.Reader.TryRead(out _)) { }
            _worker.Node.Handle(new WorkerCommand.Join());
        }
    }

    private async Task KeepPaceAsync(long since, CancellationToken stop)
    {
        TimeSpan elapsed = since == 0 ? Pace : _time.GetElapsedTime(since);
        if (elapsed < Pace)
            await Task.Delay(Pace - elapsed, _time, stop).ConfigureAwait(false);
    }

    /// <summary>
    /// What has been said, as much of it as a request takes. Of several wishes for work the last one counts.
    /// </summary>
    private List<WorkerMessage> DequeueMessages()
    {
        List<WorkerMessage> said = [];
        WorkRequested? wish = null;
        for (
            int numbers = 0;
            said.Count < MostMessages && numbers < MostNumbers && _said.Reader.TryRead(out WorkerMessage? message);

        )
        {
            if (message is TrialFinished finished)
                numbers += finished.WeightDistancesFinal.Sum(epoch => epoch.Count);
            if (message is WorkRequested request)
                wish = request;
            else
                said.Add(message);
        }
        if (wish is not null)
            said.Add(wish);
        return said;
    }

    private async Task AskAsync(CancellationToken stop)
    {
        // Whoever has not introduced himself is only told to do so.
        await _arrived.Task.WaitAsync(stop).ConfigureAwait(false);
        long askedAt = 0;
        while (!stop.IsCancellationRequested)
        {
            await KeepPaceAsync(askedAt, stop).ConfigureAwait(false);
            askedAt = _time.GetTimestamp();
            if (await RequestCommandsOnceAsync(stop).ConfigureAwait(false) is not { } commands)
            {
                await Task.Delay(_askBackoff.Next(), _time, stop).ConfigureAwait(false);
                continue;
            }
            _askBackoff.Reset();
            foreach (WorkerCommand command in commands)
                _worker.Handle(command);
        }
    }

    /// <summary>
    /// A damaged answer is told of and counts as none: what was in it is said again, because a worker repeats itself
    /// until it is answered.
    /// </summary>
    private async Task<IReadOnlyList<WorkerCommand>?> RequestCommandsOnceAsync(CancellationToken stop)
    {
        try
        {
            return await _client.AskForCommandsAsync(_worker.Node.Id, stop).ConfigureAwait(false);
        }
        catch (InvalidDataException damaged)
        {
            _log.LogWarning("refused: commands that cannot be read: {Reason}", OneLine.Of(damaged.Message));
            return null;
        }
    }
}
