using Rouser.Coordination;

namespace Rouser.Web.Model;

/// <summary>What only the process that serves or trains a run knows: no journal says it.</summary>
/// <param name="Workers">The workers that are here: slots, and when each was last heard of.</param>
/// <param name="IsDraining">Whether nothing more is handed out, because the process is about to end.</param>
/// <param name="Shares">How much of the epoch in work is done, of running attempts; empty where the workers are
/// elsewhere.</param>
/// <param name="SilentAfter">How long a worker may say nothing before the page calls it silent; null where the worker
/// is a part of this process.</param>
internal sealed record Presence(
    IReadOnlyDictionary<WorkerId, (int Slots, DateTimeOffset HeardAt)> Workers,
    bool IsDraining,
    IReadOnlyDictionary<LeaseKey, double> Shares,
    TimeSpan? SilentAfter
);
