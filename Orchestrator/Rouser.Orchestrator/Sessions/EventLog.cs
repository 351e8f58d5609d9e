using Microsoft.Extensions.Logging;
using Rouser.Core.Coordination;

namespace Rouser.Orchestrator.Sessions;

/// <summary>What the coordinator has decided, as lines of the log.</summary>
/// <param name="log">The log.</param>
internal sealed class EventLog(ILogger<EventLog> log)
{
    /// <summary>Tells of events that are durable. What ended without a result is a warning.</summary>
    public void Record(IReadOnlyList<Event> events)
    {
        foreach (Event e in events)
            log.Log(e is AttemptFailed or AttemptLost ? LogLevel.Warning : LogLevel.Information, "{Event}", Line(e));
    }

    private static string Line(Event e) => e switch
    {
        TrialAssigned a => $"{new LeaseKey(a.Trial, a.Attempt)} assigned to {a.Worker}",
        EpochRecorded r => FormattableString.Invariant(
            $"{new LeaseKey(r.Trial, r.Attempt)} epoch {r.Metrics.Epoch}: loss {r.Metrics.TrainLoss:G5}, train {r.Metrics.TrainAccuracy:P1}, ")
            + FormattableString.Invariant($"test {r.Metrics.TestAccuracy:P1}, {r.Metrics.Seconds:F1} s"),
        TrialCompleted c => $"{new LeaseKey(c.Trial, c.Attempt)} completed",
        AttemptFailed f => $"{new LeaseKey(f.Trial, f.Attempt)} failed{(f.Final ? " for good" : "")}: {f.Reason}",
        AttemptLost l => $"{new LeaseKey(l.Trial, l.Attempt)} lost{(l.Final ? " for good" : "")}: {l.Reason}",
        AttemptReturned r => $"{new LeaseKey(r.Trial, r.Attempt)} returned: {r.Reason}",
        TrialRequeued q => $"{q.Trial.Short} queued again",
        _ => e.ToString(),
    };
}
