using System.Diagnostics;
using System.Diagnostics.Metrics;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Sweeps;

namespace Rouser.Cluster.Serving;

/// <summary>
/// A sweep as spans and metrics of .NET, for whoever listens: the sweep, in it each attempt at a trial, and in that each
/// epoch. They are made of durable events, with the events' times, so that they say the same as the journal. Where
/// nobody listens, this does nothing.
/// </summary>
/// <param name="plan">What is trained.</param>
/// <param name="read">Reads the machine's state; fails when its loop has ended.</param>
public sealed class SweepTelemetry(Plan plan, Func<Func<CoordinatorState, IReadOnlyList<long>>, Task<IReadOnlyList<long>>> read)
{
    /// <summary>The name of the source of spans, and of the meter.</summary>
    public const string Name = "Rouser";

    /// <summary>How long a reader of metrics waits for the loop.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly ActivitySource Source = new(Name);

    // A meter counts for a process, and a process serves one sweep at a time: the one that was started last.
    private static readonly Meter Meter = new(Name);

    private static SweepTelemetry? _current;

    private readonly Lock _sync = new();
    private readonly Dictionary<LeaseKey, Activity> _attempts = [];
    private readonly Lazy<Dictionary<TrialId, PlannedTrial>> _trials = new(() => plan.Trials.ToDictionary(t => t.Id));
    private Activity? _sweep;
    private CoordinatorState? _final;

    /// <summary>The sweep is served from now on.</summary>
    public void Start(DateTimeOffset now)
    {
        _sweep = Begin("sweep", default, now);
        _sweep?.SetTag("rouser.sweep", plan.SweepName).SetTag("rouser.trials", plan.Trials.Count);
        if (Interlocked.Exchange(ref _current, this) is not null)
            return;
        foreach (SweepMetric metric in SweepMetric.All)
            Meter.CreateObservableGauge(
                metric.Name,
                () => Volatile.Read(ref _current)!.Observe(metric),
                unit: null,
                metric.Description
            );
    }

    /// <summary>Looks at events that are durable.</summary>
    public void Record(IReadOnlyList<Event> events)
    {
        if (!Source.HasListeners())
            return;
        lock (_sync)
        {
            foreach (Event e in events)
                Record(e);
        }
    }

    /// <summary>The sweep is served no more.</summary>
    /// <param name="end">How it ended.</param>
    /// <param name="state">How it stood at last; nobody changes it any more.</param>
    public void End(SweepEnd end, CoordinatorState state, DateTimeOffset now)
    {
        _final = state;
        lock (_sync)
        {
            foreach (LeaseKey attempt in _attempts.Keys.ToArray())
                EndAttempt(attempt, "stopped", reason: null, isError: false, now);
            _sweep?.SetTag("rouser.finished", end.Finished);
            if (end.Fault is not null)
                _sweep?.SetStatus(ActivityStatusCode.Error, OneLine.Of(end.Fault.Message));
            Stop(_sweep, now);
            _sweep = null;
        }
    }

    private void Record(Event e)
    {
        switch (e)
        {
            case TrialAssigned a:
                LeaseKey lease = new(a.Trial, a.Attempt);
                if (Begin("trial", _sweep?.Context ?? default, a.At) is { } begun)
                    _attempts[lease] = Describe(begun, lease, a.Worker);
                break;
            case EpochRecorded r:
                RecordEpoch(r);
                break;
            case TrialCompleted c:
                EndAttempt(new(c.Trial, c.Attempt), "completed", reason: null, isError: false, c.At);
                break;
            case TrialPruned p:
                EndAttempt(new(p.Trial, p.Attempt), "pruned", p.Reason, isError: false, p.At);
                break;
            case AttemptReturned r:
                EndAttempt(new(r.Trial, r.Attempt), "returned", r.Reason, isError: false, r.At);
                break;
            case AttemptFailed f:
                EndAttempt(new(f.Trial, f.Attempt), "failed", f.Reason, isError: true, f.At);
                break;
            case AttemptLost l:
                EndAttempt(new(l.Trial, l.Attempt), "lost", l.Reason, isError: true, l.At);
                break;
            case TrialCancelled c:
                foreach (LeaseKey attempt in _attempts.Keys.Where(a => a.Trial == c.Trial).ToArray())
                    EndAttempt(attempt, "cancelled", reason: null, isError: false, c.At);
                break;
        }
    }

    private Activity Describe(Activity activity, LeaseKey lease, WorkerId worker)
    {
        PlannedTrial? trial = _trials.Value.GetValueOrDefault(lease.Trial);
        activity
            .SetTag("rouser.trial", lease.Trial.Value)
            .SetTag("rouser.attempt", lease.Attempt)
            .SetTag("rouser.worker", worker.Value);
        if (trial is not null)
            activity
                .SetTag("rouser.seed", trial.Seed)
                .SetTag("rouser.dataset", trial.Settings.Dataset.Name)
                .SetTag("rouser.epochs", trial.Settings.Epochs);
        return activity;
    }

    private void RecordEpoch(EpochRecorded epoch)
    {
        ActivityContext parent =
            _attempts.GetValueOrDefault(new(epoch.Trial, epoch.Attempt))?.Context ?? _sweep?.Context ?? default;
        TimeSpan took = TimeSpan.FromSeconds(epoch.Metrics.Seconds is >= 0 and < 1e7 and var seconds ? seconds : 0);
        Activity? activity = Begin("epoch", parent, epoch.At - took);
        activity
            ?.SetTag("rouser.trial", epoch.Trial.Value)
            .SetTag("rouser.epoch", epoch.Metrics.Epoch)
            .SetTag("rouser.train_loss", epoch.Metrics.TrainLoss)
            .SetTag("rouser.train_accuracy", epoch.Metrics.TrainAccuracy)
            .SetTag("rouser.test_accuracy", epoch.Metrics.TestAccuracy);
        Stop(activity, epoch.At);
    }

    private void EndAttempt(LeaseKey lease, string outcome, string? reason, bool isError, DateTimeOffset at)
    {
        if (!_attempts.Remove(lease, out Activity? attempt))
            return;
        attempt.SetTag("rouser.outcome", outcome);
        if (reason is not null)
            attempt.SetTag("rouser.reason", OneLine.Of(reason));
        if (isError)
            attempt.SetStatus(ActivityStatusCode.Error, OneLine.Of(reason ?? outcome));
        Stop(attempt, at);
    }

    // What is begun here goes on beyond this call, and must not be the parent of whatever else the thread does.
    private static Activity? Begin(string name, ActivityContext parent, DateTimeOffset at)
    {
        Activity? before = Activity.Current;
        Activity? begun = Source.StartActivity(name, ActivityKind.Internal, parent, startTime: at);
        Activity.Current = before;
        return begun;
    }

    private static void Stop(Activity? activity, DateTimeOffset at)
    {
        Activity? before = Activity.Current;
        activity?.SetEndTime(at.UtcDateTime);
        activity?.Stop();
        Activity.Current = before;
    }

    private IEnumerable<Measurement<long>> Observe(SweepMetric metric)
    {
        List<string> words = [];
        if (Values(metric, words) is not { } values)
            return [];
        return values.Zip(
            words,
            (value, word) =>
                metric.Label is null
                    ? new Measurement<long>(value)
                    : new Measurement<long>(value, KeyValuePair.Create<string, object?>(metric.Label, word))
        );
    }

    private IReadOnlyList<long>? Values(SweepMetric metric, List<string> words)
    {
        if (_final is { } final)
            return Read(final);
        try
        {
            Task<IReadOnlyList<long>> asked = read(Read);
            return asked.Wait(Patience) ? asked.Result : null;
        }
        catch (AggregateException)
        {
            // The loop has ended just now.
            return null;
        }

        IReadOnlyList<long> Read(CoordinatorState state)
        {
            (string Word, long Value)[] all = [.. metric.Read(state)];
            words.AddRange(all.Select(v => v.Word));
            return [.. all.Select(v => v.Value)];
        }
    }
}
