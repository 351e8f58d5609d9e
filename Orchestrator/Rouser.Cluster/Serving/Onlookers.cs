namespace Rouser.Cluster.Serving;

/// <summary>
/// Who follows a sweep from elsewhere. Such a one asks again and again, and must hear of the end from an orchestrator
/// that is about to go: for a short while it is waited for.
/// </summary>
internal sealed class Onlookers(TimeProvider time)
{
    /// <summary>Whoever has not asked for so long is not waited for.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromSeconds(3);

    /// <summary>Longer than from one question to the next.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private long _askedAt;
    private int _pending;

    /// <summary>Someone waits for the next word.</summary>
    public void Enter() => Interlocked.Increment(ref _pending);

    /// <summary>He has it.</summary>
    /// <param name="isLast">Whether he was told of the end.</param>
    public void Leave(bool isLast)
    {
        if (!isLast)
            Interlocked.Exchange(ref _askedAt, time.GetTimestamp());
        Interlocked.Decrement(ref _pending);
    }

    /// <summary>Whether all that are there have heard of the end.</summary>
    /// <param name="sinceEnd">Since then.</param>
    public bool HaveHeard(TimeSpan sinceEnd)
    {
        if (Volatile.Read(ref _pending) > 0)
            return false;
        long asked = Interlocked.Read(ref _askedAt);
        return asked == 0 || sinceEnd >= Farewell || time.GetElapsedTime(asked) >= Recent;
    }
}
