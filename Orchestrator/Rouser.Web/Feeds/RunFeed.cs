using Microsoft.Extensions.Logging;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Web.Charts;
using Rouser.Web.Model;

namespace Rouser.Web.Feeds;

/// <summary>
/// Keeps the view of a run up to date, and tells whoever looks on what has changed. It begins with the first who asks:
/// a page that nobody opens costs nothing. It only ever reads: the sweep waits for it nowhere. Thread-safe.
/// </summary>
internal sealed class RunFeed : IAsyncDisposable
{
    /// <summary>Between two updates at least: a busy sweep makes two a second, each a frame of work for every browser.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500),
        // After a quiet time: what comes of one message comes together.
        Gathering = TimeSpan.FromMilliseconds(50),
        KnowInterval = TimeSpan.FromSeconds(1);

    /// <summary>Events that are taken in before anyone may look again.</summary>
    private const int EventsAtOnce = 2_000;

    private readonly RunSource _source;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _news = new(0, 1);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _counting = new(1, 1);
    private Task? _running;
    private OpenedRun? _run;
    private RunView? _view;
    private string? _fault;
    private (long Version, byte[] Frame)? _whole;
    private byte[]? _plan;
    private (long Results, byte[] Json)? _numbers;

    /// <summary>Of a run.</summary>
    public RunFeed(RunSource source, TimeProvider time, ILogger log)
    {
        (_source, _time, _log) = (source, time, log);
        if (source.Tap is { } tap)
            tap.Appended += OnAppended;
    }

    /// <summary>The run.</summary>
    public RunSource Source => _source;

    /// <summary>What has changed.</summary>
    public UpdateRing Ring { get; } = new();

    /// <summary>Why the run cannot be shown; null if it can.</summary>
    public string? Fault => _fault;

    /// <summary>Waits until the view is up to date for the first time; begins to read if nobody has asked yet.</summary>
    /// <returns>Whether there is a view.</returns>
    public async Task<bool> IsReadyAsync(CancellationToken stop)
    {
        lock (_gate)
            _running ??= Task.Run(() => RunAsync(_stop.Token), CancellationToken.None);
        await _ready.Task.WaitAsync(stop).ConfigureAwait(false);
        return _view is not null;
    }

    /// <summary>Reads the view, between two events.</summary>
    /// <exception cref="IOException">There is none at the moment.</exception>
    public T Read<T>(Func<RunView, T> read)
    {
        lock (_gate)
            return read(View);
    }

    private RunView View => _view ?? throw new IOException("the run is being opened anew; try again");

    /// <summary>The run as a whole, as an event of the stream, and the number of the last update in it.</summary>
    public (long Version, byte[] Frame) Whole()
    {
        lock (_gate)
        {
            if (_whole is not { } whole || whole.Version != Ring.Version)
                _whole = whole = (
                    Ring.Version,
                    EventStream.Frame("whole", PageJson.Write(View.Whole(Ring.Version, _time.GetUtcNow())))
                );
            return whole;
        }
    }

    /// <summary>What does not change, as JSON.</summary>
    public byte[] Plan()
    {
        lock (_gate)
            return _plan ??= PageJson.Write(PlanDocument.Of(View.Spec, View.Plan, _source.Folder));
    }

    /// <summary>What the results say so far, as JSON. Made anew only where results are others than the last time.</summary>
    public async Task<byte[]> NumbersAsync(CancellationToken stop)
    {
        // One at a time: whoever waits gets what the one before has made.
        await _counting.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            (long results, IReadOnlyList<Event>? events, OpenedRun run) = Read(view =>
                (view.Results, _numbers?.Results == view.Results ? null : ResultEvents.Of(view), _run!)
            );
            if (events is null)
                return _numbers!.Value.Json;
            byte[] json = PageJson.Write(StudyNumbers.Of(run.Spec, run.Plan, events, run.Environment));
            _numbers = (results, json);
            return json;
        }
        finally
        {
            _counting.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_source.Tap is { } tap)
            tap.Appended -= OnAppended;
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_running is not null)
            await _running.ConfigureAwait(false);
        _ready.TrySetResult();
    }

    private void OnAppended()
    {
        try
        {
            if (_news.CurrentCount == 0)
                _news.Release();
        }
        catch (SemaphoreFullException)
        {
            // Another append has told it at the same moment.
        }
    }

    private async Task RunAsync(CancellationToken stop)
    {
        long knownAt = _time.GetTimestamp() - (10 * _time.TimestampFrequency),
            publishedAt = knownAt;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                CatchUp(stop);
                if (_view is not null && _time.GetElapsedTime(knownAt) >= KnowInterval)
                {
                    knownAt = _time.GetTimestamp();
                    Presence? presence = await PresenceAsync().ConfigureAwait(false);
                    lock (_gate)
                        _view.Know(presence);
                }
                if (Publish())
                    publishedAt = _time.GetTimestamp();
                _ready.TrySetResult();
                await _news.WaitAsync(KnowInterval, stop).ConfigureAwait(false);
                TimeSpan left = Beat - _time.GetElapsedTime(publishedAt);
                await Task.Delay(left > Gathering ? left : Gathering, _time, stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever it is, the page says so and tries again; the sweep knows nothing of it.
            catch (Exception error)
            {
                Fail(error.Message);
                if (error is not (IOException or InvalidDataException))
                    _log.LogError(error, "the page could not follow the run; it begins anew");
                await Task.Delay(KnowInterval, _time, CancellationToken.None).ConfigureAwait(false);
            }
#pragma warning restore CA1031
        }
    }

    /// <summary>Takes in what has happened: what this process has appended, or else what stands in the journal.</summary>
    private void CatchUp(CancellationToken stop)
    {
        if (_view is null && !Begin())
            return;
        if (_source.Tap?.Take(_view!.Taken) is { } appended)
        {
            foreach (Event[] part in appended.Chunk(EventsAtOnce))
                Apply(part);
            return;
        }
        Result<IJournal> opened = _run!.OpenJournal();
        if (!opened.IsOk)
        {
            // A run that nobody has started yet has no journal.
            _fault = _view!.Taken == 0 ? null : opened.Errors[0].ToString();
            return;
        }
        using IJournal journal = opened.Value;
        long publishedAt = _time.GetTimestamp();
        foreach (Event[] part in journal.Read(_view!.Taken).Chunk(EventsAtOnce))
        {
            Apply(part);
            stop.ThrowIfCancellationRequested();
            if (_time.GetElapsedTime(publishedAt) < Beat)
                continue;
            // Half a million events take a while; the page shows how far it is.
            publishedAt = _time.GetTimestamp();
            SetReading(true);
            Publish();
            _ready.TrySetResult();
        }
        SetReading(false);
        _fault = null;
    }

    private void SetReading(bool isReading)
    {
        lock (_gate)
            _view!.IsReading = isReading;
    }

    private void Apply(Event[] events)
    {
        lock (_gate)
            foreach (Event happened in events)
                _view!.Apply(happened);
    }

    private bool Begin()
    {
        Result<OpenedRun> opened = _source.Open();
        if (!opened.IsOk)
        {
            _fault = opened.Errors[0].ToString();
            return false;
        }
        lock (_gate)
        {
            (_run, _view, _plan, _whole, _numbers, _fault) = (
                opened.Value,
                new RunView(opened.Value.Spec, opened.Value.Plan),
                null,
                null,
                null,
                null
            );
            Ring.Clear();
        }
        return true;
    }

    // The run may have been given another plan, to which its events do not fit; it is opened again.
    private void Fail(string why)
    {
        lock (_gate)
        {
            (_view, _fault) = (null, OneLine.Of(why));
            Ring.Clear();
        }
    }

    private async Task<Presence?> PresenceAsync()
    {
        if (_source.Sweep is not { } sweep)
            return null;
        try
        {
            return await sweep
                .Query(state => new Presence(
                    state.Workers.ToDictionary(w => w.Key, w => (w.Value.Slots, w.Value.HeardAt)),
                    state.IsDraining,
                    sweep.Progress is { } progress
                        ? progress
                            .Where(p => p.Value.SamplesTotal > 0)
                            .ToDictionary(p => p.Key, p => (double)p.Value.SamplesDone / p.Value.SamplesTotal)
                        : [],
                    // Half of the lease, which is one missed heartbeat and a half.
                    sweep.Progress
                        is null
                        ? _run?.Spec.Run.Lease / 2
                        : null
                ))
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The sweep has ended.
            return null;
        }
    }

    // Whether there was anything to tell.
    private bool Publish()
    {
        lock (_gate)
        {
            if (_view?.TakeChanges(Ring.Version + 1, _time.GetUtcNow()) is not { } changes)
                return false;
            Ring.Add(EventStream.Frame("change", PageJson.Write(changes)));
            return true;
        }
    }
}
