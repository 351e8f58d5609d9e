using Microsoft.Extensions.Logging;
using Rouser.Cluster;
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
            log.Log(LevelOf(e), "{Event}", OneLine.Of(EventLine.Of(e), LongestLine));
    }

    private static LogLevel LevelOf(Event e) =>
        e switch
        {
            ResultsDisagreed => LogLevel.Error,
            AttemptFailed or AttemptLost => LogLevel.Warning,
            _ => LogLevel.Information,
        };
}
