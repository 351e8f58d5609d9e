using Microsoft.Extensions.Logging;
using Rouser.Coordination;
using Rouser.Core;

namespace Rouser.Orchestrator.Sessions;

/// <summary>What the coordinator has decided, as lines of the log.</summary>
internal sealed class EventLog(ILogger<EventLog> log)
{
    private const int LongestLine = 1000;

    /// <summary>
    /// Tells of events that are durable. What ended without a result is a warning, two results for one trial an
    /// error.
    /// </summary>
    public void Record(IReadOnlyList<Event> events)
    {
        // The journal may hold what a worker of an older version wrote, so that the line is cleaned here too.
        foreach (Event e in events)
            log.Log(LevelOf(e), "{Event}", OneLine.Of(Line(e), LongestLine));
    }

    private static LogLevel LevelOf(Event e) =>
        e switch
        {
            ResultsDisagreed => LogLevel.Error,
            AttemptFailed or AttemptLost => LogLevel.Warning,
            _ => LogLevel.Information,
        };

    private static string Line(Event e) =>
        e switch
        {
            TrialAssigned a => $"{new LeaseKey(a.Trial, a.Attempt)} assigned to {a.Worker}",
            TrialReused u => $"{new LeaseKey(u.Trial, u.Attempt)} taken from the results store, trained by {u.From}",
            TrialContinued c => $"{new LeaseKey(c.Trial, c.Attempt)} takes over the epochs of {c.From.Short}",
            EpochRecorded r => FormattableString.Invariant(
                $"{new LeaseKey(r.Trial, r.Attempt)} epoch {r.Metrics.Epoch}: loss {r.Metrics.TrainLoss:G5}, train {r.Metrics.TrainAccuracy:P1}, "
            ) + FormattableString.Invariant($"test {r.Metrics.TestAccuracy:P1}, {r.Metrics.Seconds:F1} s"),
            TrialCompleted c => $"{new LeaseKey(c.Trial, c.Attempt)} completed",
            AttemptFailed f => $"{new LeaseKey(f.Trial, f.Attempt)} failed{(f.Final ? " for good" : "")}: {f.Reason}",
            AttemptLost l => $"{new LeaseKey(l.Trial, l.Attempt)} lost{(l.Final ? " for good" : "")}: {l.Reason}",
            AttemptReturned r => $"{new LeaseKey(r.Trial, r.Attempt)} returned: {r.Reason}",
            TrialRequeued q => $"{q.Trial.Short} queued again",
            CheckAssigned a => $"{new LeaseKey(a.Trial, a.Attempt)} given to {a.Worker} to be trained a second time",
            CheckPassed p => $"{new LeaseKey(p.Trial, p.Attempt)} gave the same results a second time",
            CheckReturned r =>
                $"{new LeaseKey(r.Trial, r.Attempt)}, the second training, {(r.Failed ? "failed" : "returned")}: {r.Reason}",
            CheckAbandoned a => $"{a.Trial.Short} is not trained a second time: {a.Reason}",
            TrialsOpened o => $"{string.Join(' ', o.Trials.Select(t => t.Short))} asked for",
            SettingProposed p => $"{p.Study}/{p.Arm} {p.Setting} proposed: {p.Reason}",
            ComparisonSettled c => $"{c.Study}/{c.Arm} {c.Setting}: {c.Reason}",
            ResultsDisagreed d => $"ALARM: {new LeaseKey(d.Trial, d.Attempt)}: {d.First} and {d.Second} disagree: {d.What}",
            _ => e.ToString(),
        };
}
