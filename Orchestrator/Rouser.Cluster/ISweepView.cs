using Rouser.Coordination;
using Rouser.Worker;

namespace Rouser.Cluster;

/// <summary>A sweep in progress, for whoever looks on.</summary>
public interface ISweepView
{
    /// <summary>
    /// The attempts in work and how far each is within its epoch; null where that is not known, because the workers
    /// are elsewhere.
    /// </summary>
    IReadOnlyDictionary<LeaseKey, TrialProgress>? Progress { get; }

    /// <summary>Reads the coordinator's state, between two of its steps.</summary>
    Task<T> Query<T>(Func<CoordinatorState, T> read);
}
