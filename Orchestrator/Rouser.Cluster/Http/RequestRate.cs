namespace Rouser.Cluster.Http;

/// <summary>A bucket of tokens: so many requests at once, and so many a second for ever.</summary>
internal sealed class RequestRate(TimeProvider time)
{
    /// <summary>
    /// Requests a second, and requests at once. A worker makes a handful a second, and two for every trial that takes
    /// no time.
    /// </summary>
    public const int PerSecond = 1_000,
        AtOnce = 4_000;

    private readonly Lock _gate = new();
    private double _tokens = AtOnce;
    private long _countedAt = time.GetTimestamp();

    /// <summary>Whether one more request is within the rate.</summary>
    public bool Allows()
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            _tokens = Math.Min(AtOnce, _tokens + (PerSecond * time.GetElapsedTime(_countedAt, now).TotalSeconds));
            _countedAt = now;
            if (_tokens < 1)
                return false;
            _tokens--;
            return true;
        }
    }
}
