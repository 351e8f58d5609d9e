namespace Rouser.Coordination;

/// <summary>
/// The workers that are there, and since when each was silent. Not in the journal: after a restart they join again.
/// </summary>
/// <param name="patience">How long a worker may be silent before it counts as gone; that of its leases.</param>
internal sealed class Workers(TimeSpan patience)
{
    private static readonly Comparer<(DateTimeOffset HeardAt, WorkerId Worker)> ByTime = Comparer<(
        DateTimeOffset HeardAt,
        WorkerId Worker
    )>.Create(
        (a, b) => a.HeardAt != b.HeardAt ? a.HeardAt.CompareTo(b.HeardAt) : string.CompareOrdinal(a.Worker.Value, b.Worker.Value)
    );

    private readonly Dictionary<WorkerId, WorkerStatus> _workers = [];
    private readonly SortedSet<(DateTimeOffset HeardAt, WorkerId Worker)> _byTime = new(ByTime);

    // Workers of whom a report was refused, and when that was last.
    private readonly Dictionary<WorkerId, DateTimeOffset> _refused = [];

    // Of each data set that some worker misses, how many do.
    private readonly Dictionary<string, int> _missing = new(StringComparer.Ordinal);

    /// <summary>All of them.</summary>
    public IReadOnlyDictionary<WorkerId, WorkerStatus> All => _workers;

    /// <summary>The worker, or null if it is not there.</summary>
    public WorkerStatus? Find(WorkerId worker) => _workers.GetValueOrDefault(worker);

    /// <summary>The worker is there.</summary>
    /// <returns>Whether it was not there before.</returns>
    public bool Join(WorkerId worker, int slots, DateTimeOffset now)
    {
        if (MarkHeard(worker, now) is { } known)
        {
            known.Slots = slots;
            ForgetMissing(known);
            return false;
        }
        _workers.Add(worker, new WorkerStatus(slots, now));
        _byTime.Add((now, worker));
        return true;
    }

    /// <summary>The worker was heard of.</summary>
    /// <returns>The worker, or null if it is not there.</returns>
    public WorkerStatus? MarkHeard(WorkerId worker, DateTimeOffset now)
    {
        if (!_workers.TryGetValue(worker, out WorkerStatus? status))
            return null;
        if (status.HeardAt == now)
            return status;
        _byTime.Remove((status.HeardAt, worker));
        status.HeardAt = now;
        _byTime.Add((now, worker));
        return status;
    }

    /// <summary>The worker is gone.</summary>
    public void Leave(WorkerId worker)
    {
        if (!_workers.Remove(worker, out WorkerStatus? status))
            return;
        _byTime.Remove((status.HeardAt, worker));
        ForgetMissing(status);
    }

    /// <summary>The worker said that it cannot get that data.</summary>
    public void Miss(WorkerStatus worker, string digest, DateTimeOffset now)
    {
        if (worker.Miss(digest, now))
            _missing[digest] = _missing.GetValueOrDefault(digest) + 1;
    }

    /// <summary>
    /// What a worker lacked ten leases ago it may have by now: somebody has brought it, or the message was an old one
    /// that came after the worker had joined anew. Were it believed for ever, a sweep could wait for ever.
    /// </summary>
    public void ForgetOldMissing(WorkerStatus worker, DateTimeOffset now)
    {
        if (worker.MissingData is not null && (now - worker.MissingSince) / 10 >= patience)
            ForgetMissing(worker);
    }

    /// <summary>A report of the worker was refused.</summary>
    public void Distrust(WorkerId worker, DateTimeOffset now) => _refused[worker] = now;

    /// <summary>
    /// Whether the worker is given nothing for now: a report of it was refused within the last ten leases, and others
    /// are there of whom none was. Else one worker with bad memory would use up the retries of every trial.
    /// </summary>
    public bool MustWait(WorkerId worker, DateTimeOffset now) =>
        IsDistrusted(worker, now) && _workers.Keys.Any(other => !IsDistrusted(other, now));

    private bool IsDistrusted(WorkerId worker, DateTimeOffset now)
    {
        if (!_refused.TryGetValue(worker, out DateTimeOffset at))
            return false;
        if ((now - at) / 10 < patience)
            return true;
        _refused.Remove(worker);
        return false;
    }

    /// <summary>Whether there are workers, and none of them has that data.</summary>
    public bool AllLackData(string digest) => _workers.Count > 0 && _missing.GetValueOrDefault(digest) == _workers.Count;

    private void ForgetMissing(WorkerStatus worker)
    {
        foreach (string digest in worker.MissingData ?? (IEnumerable<string>)[])
        {
            if (--_missing[digest] == 0)
                _missing.Remove(digest);
        }
        worker.ForgetMissing();
    }

    /// <summary>The worker that was silent for longest, if that is too long; else null.</summary>
    public WorkerId? FirstSilentWorker(DateTimeOffset now) =>
        _byTime.Count > 0 && now - _byTime.Min.HeardAt >= patience ? _byTime.Min.Worker : null;
}
