using NLog;
using NLog.Config;
using NLog.Targets;
using Rouser.Core;
using Rouser.Core.Coordination;

namespace Rouser.Orchestrator.Sessions;

/// <summary>The run folder's <c>rouser.log</c>: one line per event, and errors in full.</summary>
internal static class RunLog
{
    private const int LongestLine = 1000;

    private static readonly Logger Log = LogManager.GetLogger("sweep");

    /// <summary>Sends the program's log to a file; without this call nothing is logged.</summary>
    public static void WriteTo(string path)
    {
        var configuration = new LoggingConfiguration();
        configuration.AddRule(LogLevel.Info, LogLevel.Fatal, new FileTarget("run")
        {
            // NLog would take a relative path from the program's folder.
            FileName = Path.GetFullPath(path),
            Layout = "${longdate:universalTime=true}Z ${level:uppercase=true:padding=-5} ${logger:shortName=true} ${message}${onexception:${newline}${exception:format=tostring}}",
        });
        LogManager.Configuration = configuration;
    }

    /// <summary>Logs what the coordinator has decided.</summary>
    public static void Record(IReadOnlyList<Event> events)
    {
        foreach (Event e in events)
        {
            // The journal may hold what a worker of an older version wrote.
            string line = OneLine.Of(Line(e), LongestLine);
            if (e is ResultsDisagreed) Log.Error(line);
            else Log.Info(line);
        }
    }

    private static string Line(Event e) => e switch
    {
        TrialAssigned a => $"{new LeaseKey(a.Trial, a.Attempt)} assigned to {a.Worker}",
        EpochRecorded r => FormattableString.Invariant(
            $"{new LeaseKey(r.Trial, r.Attempt)} epoch {r.Metrics.Epoch}: loss {r.Metrics.TrainLoss:G5}, train {r.Metrics.TrainAccuracy:P1}, test {r.Metrics.TestAccuracy:P1}, {r.Metrics.Seconds:F1} s"),
        TrialCompleted c => $"{new LeaseKey(c.Trial, c.Attempt)} completed",
        AttemptFailed f => $"{new LeaseKey(f.Trial, f.Attempt)} failed{(f.Final ? " for good" : "")}: {f.Reason}",
        AttemptLost l => $"{new LeaseKey(l.Trial, l.Attempt)} lost{(l.Final ? " for good" : "")}: {l.Reason}",
        AttemptReturned r => $"{new LeaseKey(r.Trial, r.Attempt)} returned: {r.Reason}",
        TrialRequeued q => $"{q.Trial.Short} queued again",
        CheckAssigned a => $"{new LeaseKey(a.Trial, a.Attempt)} given to {a.Worker} to be trained a second time",
        CheckPassed p => $"{new LeaseKey(p.Trial, p.Attempt)} gave the same results a second time",
        CheckReturned r => $"{new LeaseKey(r.Trial, r.Attempt)}, the second training, {(r.Failed ? "failed" : "returned")}: {r.Reason}",
        CheckAbandoned a => $"{a.Trial.Short} is not trained a second time: {a.Reason}",
        ResultsDisagreed d => $"ALARM: {new LeaseKey(d.Trial, d.Attempt)}: {d.First} and {d.Second} disagree: {d.What}",
        _ => e.ToString(),
    };
}
