namespace Rouser.Coordination;

/// <summary>
/// The time that a worker has to be heard of again. Not in the journal: after a restart every open lease gets its
/// full time afresh.
/// </summary>
/// <param name="HeardAt">When the worker was last heard of under this lease, or when it was given.</param>
/// <param name="ExpiresAt">When it counts as lost unless its worker is heard of.</param>
/// <param name="TimesOutAt">When the attempt has taken too long, heard of or not.</param>
/// <param name="Confirmed">Whether the worker was ever heard of under it; if not, the assignment may not have reached
/// it.</param>
public sealed record Lease(DateTimeOffset HeardAt, DateTimeOffset ExpiresAt, DateTimeOffset TimesOutAt, bool Confirmed)
{
    /// <summary>When the lease ends if nothing is heard.</summary>
    public DateTimeOffset Due => ExpiresAt < TimesOutAt ? ExpiresAt : TimesOutAt;
}

/// <summary>The open leases, by the plan index of their trial and by when they are due.</summary>
internal sealed class Leases(TimeSpan length, TimeSpan timeout)
{
    private readonly Dictionary<int, Lease> _byPlanIndex = [];
    private readonly SortedSet<(DateTimeOffset Due, int PlanIndex)> _byDue = [];

    /// <summary>The lease on the trial at that plan index, or null.</summary>
    public Lease? Find(int planIndex) => _byPlanIndex.GetValueOrDefault(planIndex);

    /// <summary>Starts a lease.</summary>
    public void Open(int planIndex, DateTimeOffset now) =>
        Put(planIndex, new Lease(now, Later(now, length), Later(now, timeout), Confirmed: false));

    /// <summary>The worker was heard of.</summary>
    public void Extend(int planIndex, DateTimeOffset now)
    {
        Lease lease = _byPlanIndex[planIndex];
        Close(planIndex);
        Put(planIndex, lease with { HeardAt = now, ExpiresAt = Later(now, length), Confirmed = true });
    }

    /// <summary>Ends a lease.</summary>
    public void Close(int planIndex)
    {
        if (_byPlanIndex.Remove(planIndex, out Lease? lease))
            _byDue.Remove((lease.Due, planIndex));
    }

    /// <summary>The plan index of the lease that was due first, if its time has come; else null.</summary>
    public int? FirstDue(DateTimeOffset now) => _byDue.Count > 0 && _byDue.Min.Due <= now ? _byDue.Min.PlanIndex : null;

    private void Put(int planIndex, Lease lease)
    {
        _byPlanIndex[planIndex] = lease;
        _byDue.Add((lease.Due, planIndex));
    }

    // "No limit" is a long span, and the end of the calendar is far enough.
    private static DateTimeOffset Later(DateTimeOffset now, TimeSpan span) =>
        span > DateTimeOffset.MaxValue - now ? DateTimeOffset.MaxValue : now + span;
}
