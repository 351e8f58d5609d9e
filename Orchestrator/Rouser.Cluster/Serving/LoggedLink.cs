using Microsoft.Extensions.Logging;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Worker;

namespace Rouser.Cluster.Serving;

/// <summary>
/// Says in the worker's log each epoch and each end that the worker tells the orchestrator of, as the orchestrator's log
/// does. What is told again, because it did not arrive, is said once.
/// </summary>
internal sealed class LoggedLink(ICoordinatorLink link, ILogger log, TimeProvider time) : ICoordinatorLink
{
    private readonly Lock _sync = new();

    // Of each attempt that this worker held; of one that has ended, more than any.
    private readonly Dictionary<LeaseKey, int> _lastEpochs = [];

    /// <inheritdoc/>
    public void Send(WorkerMessage message)
    {
        if (LineOf(message) is { } line)
            log.LogInformation("{Line}", OneLine.Of(line));
        link.Send(message);
    }

    private string? LineOf(WorkerMessage message)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_sync)
        {
            switch (message)
            {
                case EpochReported r when r.Metrics.Epoch > _lastEpochs.GetValueOrDefault(r.Lease):
                    _lastEpochs[r.Lease] = r.Metrics.Epoch;
                    return EventLine.Of(new EpochRecorded(now, r.Lease.Trial, r.Lease.Attempt, r.Metrics));
                case AttemptEnding ending when _lastEpochs.GetValueOrDefault(ending.Lease) < int.MaxValue:
                    _lastEpochs[ending.Lease] = int.MaxValue;
                    return ending switch
                    {
                        TrialFinished f => EventLine.Of(new TrialCompleted(now, f.Lease.Trial, f.Lease.Attempt, [])),
                        TrialErrored e => $"{e.Lease} failed: {e.Reason}",
                        TrialHandedBack b => $"{b.Lease} handed back: {b.Reason}",
                        DataMissing d => $"{d.Lease} handed back: its data cannot be had here",
                        _ => null,
                    };
                default:
                    return null;
            }
        }
    }
}
