using Microsoft.Extensions.Logging;
using Rouser.Coordination;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Notifications;

/// <summary>
/// Tells of a sweep while it runs, and of its end. Whoever feeds it never waits: it looks at events, and its queues do
/// the rest.
/// </summary>
internal sealed class Notifier : IAsyncDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1),
        Patience = TimeSpan.FromSeconds(15);

    private readonly Lock _sync = new();
    private readonly SweepWatch _watch;
    private readonly NotificationSettings _settings;
    private readonly List<NotificationQueue> _queues;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    /// <summary>Begins to look; null where nobody is to be told.</summary>
    /// <param name="settings">To whom what is told.</param>
    /// <param name="plan">What is trained.</param>
    /// <param name="folder">The run folder.</param>
    /// <param name="log">Is told of what does not arrive.</param>
    public static Notifier? Begin(NotificationSettings settings, Plan plan, string folder, ILogger log) =>
        settings.AreAny
            ? new Notifier(settings, plan, folder, TimeProvider.System, missed => log.LogWarning("{Missed}", missed))
            : null;

    /// <summary>Begins to look.</summary>
    /// <param name="settings">To whom what is told.</param>
    /// <param name="plan">What is trained.</param>
    /// <param name="folder">The run folder.</param>
    /// <param name="warn">Is told of what does not arrive.</param>
    public Notifier(NotificationSettings settings, Plan plan, string folder, TimeProvider time, Action<string> warn)
    {
        (_settings, _time) = (settings, time);
        _watch = new SweepWatch(
            plan,
            Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))),
            Environment.MachineName,
            settings.StalledAfter,
            time.GetUtcNow()
        );
        _queues = [.. settings.Targets.Select(target => new NotificationQueue(target, time, warn))];
        _timer = time.CreateTimer(_ => Tell(w => w.Tick(time.GetUtcNow())), null, LookInterval, LookInterval);
    }

    /// <summary>Learns how the sweep stood when this orchestrator took it up.</summary>
    public void Begin(CoordinatorState state)
    {
        lock (_sync)
        {
            _watch.StartsPaused(state.IsPaused);
            foreach (TrialStatus trial in state.Trials.Where(t => t.State == TrialState.Running))
            {
                if (trial.Worker is { } worker)
                    _watch.Holds(trial.Planned.Id, worker);
            }
        }
    }

    /// <summary>Looks at events that are durable; never waits.</summary>
    public void Record(IReadOnlyList<Event> events) => Tell(w => w.Record(events, _time.GetUtcNow()));

    /// <summary>Tells no more of what does not happen: another orchestrator may serve the sweep now.</summary>
    public void StopLooking() => _timer.Dispose();

    /// <summary>The sweep has ended, and not because a user asked.</summary>
    /// <param name="fault">What ended it; null if all trials have.</param>
    /// <param name="trials">By state, if that is known.</param>
    public void End(string? fault, IReadOnlyDictionary<string, int>? trials)
    {
        StopLooking();
        Tell(w => w.End(fault, trials, _time.GetUtcNow()));
    }

    /// <summary>Waits a while for what is not sent yet, and says in one line what did not arrive.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        int[] missed = await Task.WhenAll(_queues.Select(q => q.EndAsync(Patience))).ConfigureAwait(false);
        if (missed.Sum() is > 0 and int n)
            Terminal.Warn("notifications", $"{DisplayText.Count(n, "notification")} did not arrive; rouser.log says why");
        foreach (NotificationQueue queue in _queues)
            await queue.DisposeAsync().ConfigureAwait(false);
    }

    private void Tell(Func<SweepWatch, IReadOnlyList<Notification>> look)
    {
        lock (_sync)
        {
            foreach (Notification notification in look(_watch).Where(n => _settings.Kinds.Contains(n.Kind)))
                _queues.ForEach(queue => queue.Put(notification));
        }
    }
}
