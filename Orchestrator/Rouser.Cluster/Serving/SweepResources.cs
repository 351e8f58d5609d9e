using Rouser.Coordination;
using Rouser.Storage.Checkpoints;
using Rouser.Storage.Models;
using Rouser.Storage.Predictions;

namespace Rouser.Cluster.Serving;

/// <summary>Where a sweep keeps what it makes, and where it looks for what was made before.</summary>
/// <param name="Journal">Where the coordinator's events are kept; it may hold those of an earlier run.</param>
/// <param name="Checkpoints">Where the trials' states are kept; a trial's are deleted with its result.</param>
public sealed record SweepResources(IJournal Journal, ICheckpointStore Checkpoints)
{
    /// <summary>Where the networks of completed trials are kept; null to keep none.</summary>
    public ModelFolder? Models { get; init; }

    /// <summary>Where their predictions are kept; null to keep none.</summary>
    public PredictionFolder? Predictions { get; init; }

    /// <summary>The run before the results store; null for none.</summary>
    public StoredTrials? Stored { get; init; }

    /// <summary>Has trials of more epochs go on from shorter ones; null for none.</summary>
    public ContinuedTrials? Continued { get; init; }
}
