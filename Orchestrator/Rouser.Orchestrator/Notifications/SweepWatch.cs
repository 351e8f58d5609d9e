using Rouser.Coordination;
using Rouser.Core;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Notifications;

/// <summary>
/// Finds what is worth a word in the events of a sweep. Time comes in, and nothing goes out but notifications. Of many
/// trials that fail at once, the first is told at once, and the others together.
/// </summary>
/// <param name="plan">What is trained.</param>
/// <param name="folder">The name of the run folder.</param>
/// <param name="machine">This one.</param>
/// <param name="patience">How long nothing may come before the sweep has stalled.</param>
/// <param name="now">When it begins.</param>
internal sealed class SweepWatch(Plan plan, string folder, string machine, TimeSpan patience, DateTimeOffset now)
{
    /// <summary>How long what is like the last word waits for company.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMinutes(1);

    private readonly Dictionary<TrialId, Cell> _cells = plan.FirstCells();
    private readonly Dictionary<TrialId, WorkerId> _holders = [];
    private readonly Dictionary<WorkerId, DateTimeOffset> _lost = [];
    private readonly HashSet<TrialId> _checks = [];
    private DateTimeOffset _heardAt = now,
        _failureToldAt = DateTimeOffset.MinValue;
    private NotifiedTrial? _failed;
    private int _failedSince;
    private bool _isPaused,
        _hasStalled;

    /// <summary>Learns who held which trial when it began.</summary>
    public void Holds(TrialId trial, WorkerId worker) => _holders.TryAdd(trial, worker);

    /// <summary>Learns whether the sweep was paused when it began.</summary>
    public void StartsPaused(bool isPaused) => _isPaused = isPaused;

    /// <summary>Looks at events that are durable.</summary>
    public IReadOnlyList<Notification> Record(IReadOnlyList<Event> events, DateTimeOffset at)
    {
        List<Notification> told = [];
        Dictionary<WorkerId, int> lost = [];
        foreach (Event e in events)
        {
            switch (e)
            {
                case TrialAssigned a:
                    _holders[a.Trial] = a.Worker;
                    break;
                // A second training, which checks the first, has no epochs of its own in the journal.
                case CheckAssigned a:
                    _checks.Add(a.Trial);
                    Hear(at);
                    break;
                case CheckPassed or CheckReturned or CheckAbandoned or ResultsDisagreed:
                    _checks.Remove(((ITrialEvent)e).Trial);
                    Hear(at);
                    break;
                case EpochRecorded or TrialCompleted or TrialPruned or TrialCancelled:
                    Hear(at);
                    break;
                case AttemptFailed { Final: true } f:
                    Hear(at);
                    Fail(f.Trial, f.Attempt, TrialState.Failed, f.Reason);
                    break;
                case AttemptLost l:
                    if (_holders.Remove(l.Trial, out WorkerId worker))
                        lost[worker] = lost.GetValueOrDefault(worker) + 1;
                    if (l.Final)
                        Fail(l.Trial, l.Attempt, TrialState.Lost, l.Reason);
                    break;
                case SweepPaused:
                    _isPaused = true;
                    break;
                case SweepContinued:
                    _isPaused = false;
                    Hear(at);
                    break;
            }
        }
        foreach ((WorkerId worker, int trials) in lost)
        {
            // Its other trials may be found out in the next turn.
            if (_lost.TryGetValue(worker, out DateTimeOffset before) && at - before < Gathering)
                continue;
            _lost[worker] = at;
            told.Add(
                New(
                    NotificationKinds.WorkerLost,
                    $"worker {worker} fell silent; {DisplayText.Count(trials, "trial")} of it will be trained by others",
                    at
                ) with
                {
                    Worker = worker.Value,
                    Count = trials,
                }
            );
        }
        told.AddRange(Failures(at, isEnd: false));
        return told;
    }

    /// <summary>Looks at the time.</summary>
    public IReadOnlyList<Notification> Tick(DateTimeOffset at)
    {
        List<Notification> told = [.. Failures(at, isEnd: false)];
        if (_isPaused || _hasStalled || _checks.Count > 0 || at - _heardAt < patience)
            return told;
        _hasStalled = true;
        TimeSpan silent = at - _heardAt;
        told.Add(
            New(NotificationKinds.Stalled, $"no epoch has ended for {DisplayText.Duration(silent)}", at) with
            {
                SilentSeconds = Math.Round(silent.TotalSeconds),
            }
        );
        return told;
    }

    /// <summary>The sweep has ended.</summary>
    /// <param name="fault">What ended it; null if all trials have.</param>
    /// <param name="trials">By state, if that is known.</param>
    public IReadOnlyList<Notification> End(string? fault, IReadOnlyDictionary<string, int>? trials, DateTimeOffset at)
    {
        Notification end = fault is null
            ? New(NotificationKinds.Finished, $"finished{Sums(trials)}", at)
            : New(NotificationKinds.Stopped, $"stopped by an error, to be resumed: {fault}", at);
        return [.. Failures(at, isEnd: true), end with { Trials = trials }];
    }

    private void Hear(DateTimeOffset at) => (_heardAt, _hasStalled) = (at, false);

    private void Fail(TrialId trial, int attempt, TrialState state, string reason)
    {
        Cell cell = _cells[trial];
        _failed = new(trial.Value, cell.Study, cell.Arm, cell.Setting, cell.Seed, attempt, state.ToName(), OneLine.Of(reason));
        _failedSince++;
    }

    private IEnumerable<Notification> Failures(DateTimeOffset at, bool isEnd)
    {
        if (_failed is not { } trial || (!isEnd && at - _failureToldAt < Gathering))
            yield break;
        _failureToldAt = at;
        int count = _failedSince;
        (_failed, _failedSince) = (null, 0);
        string which = $"{trial.Arm} {trial.Setting} seed {trial.Seed} ({trial.Id[..8]}): {trial.Reason}".Replace(
            "  ",
            " ",
            StringComparison.Ordinal
        );
        string text =
            count == 1
                ? $"a trial {(trial.State == "lost" ? "was lost" : "failed")}: {which}"
                : $"{count} trials have no result; the last: {which}";
        yield return New(NotificationKinds.TrialFailed, text, at) with
        {
            Trial = trial,
            Count = count,
        };
    }

    private static string Sums(IReadOnlyDictionary<string, int>? trials) =>
        trials is null ? "" : ": " + string.Join(", ", trials.Where(t => t.Value > 0).Select(t => $"{t.Value:N0} {t.Key}"));

    private Notification New(string kind, string text, DateTimeOffset at) =>
        new(kind, OneLine.Of($"{plan.SweepName}: {text}"), plan.SweepName, folder, machine, at.ToUniversalTime());
}
