using Rouser.Core;

namespace Rouser.Cluster.Http;

/// <summary>
/// How long to wait before the next try: twice as long after every failure, up to a bound, and a random half of it,
/// so that a thousand workers do not come back at one moment.
/// </summary>
public sealed class Backoff(RandomStream random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100),
        Longest = TimeSpan.FromSeconds(15);

    private TimeSpan _next = First;

    /// <summary>The time to wait after one more failure.</summary>
    public TimeSpan Next()
    {
        TimeSpan wait = _next * random.NextDouble(0.5, 1);
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return wait;
    }

    /// <summary>It went well: the next failure is a first one.</summary>
    public void Reset() => _next = First;
}
