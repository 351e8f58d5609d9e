namespace Rouser.Coordination;

/// <summary>A worker that is there.</summary>
public sealed class WorkerStatus
{
    private HashSet<string>? _missing;

    internal WorkerStatus(int slots, DateTimeOffset heardAt) => (Slots, HeardAt) = (slots, heardAt);

    /// <summary>Trials that it takes at a time.</summary>
    public int Slots { get; internal set; }

    /// <summary>When it was last heard of.</summary>
    public DateTimeOffset HeardAt { get; internal set; }

    /// <summary>Digests of the data that it said it cannot get; null if it has said so of none.</summary>
    public IReadOnlySet<string>? MissingData => _missing;

    /// <summary>When it first said so; means nothing if it has not.</summary>
    internal DateTimeOffset MissingSince { get; private set; }

    internal bool Miss(string digest, DateTimeOffset now)
    {
        if (_missing is null)
            (_missing, MissingSince) = (new(StringComparer.Ordinal), now);
        return _missing.Add(digest);
    }

    internal void ForgetMissing() => _missing = null;
}
