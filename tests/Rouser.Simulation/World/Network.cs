using Rouser.Core;
using Rouser.Simulation.Scenarios;

namespace Rouser.Simulation.World;

/// <summary>
/// Carries messages between hosts; loses, repeats, delays and so reorders them, and can be cut in two for a while.
/// </summary>
internal sealed class Network(Timeline timeline, RandomStream random)
{
    private readonly List<(ulong Island, double UntilSeconds)> _partitions = [];

    /// <summary>What goes wrong with messages.</summary>
    public required Faults Faults { get; set; }

    /// <summary>Sends a message: <paramref name="arrive"/> is what happens when it gets there.</summary>
    public void Send(int fromHost, int toHost, Action arrive)
    {
        int copies =
            random.NextDouble() < Faults.LossShare ? 0
            : random.NextDouble() < Faults.Repeat ? 2
            : 1;
        for (int copy = 0; copy < copies; copy++)
        {
            double seconds =
                random.NextDouble() < Faults.Dawdle ? Faults.DawdleSeconds * random.NextDouble() : 0.1 * random.NextDouble();
            if (_partitions.Count == 0)
                timeline.After(seconds, arrive);
            else if (Connects(fromHost, toHost))
                timeline.After(
                    seconds,
                    () =>
                    {
                        if (Connects(fromHost, toHost))
                            arrive();
                    }
                );
        }
    }

    /// <summary>Cuts these hosts off from all others, though not from each other.</summary>
    /// <param name="island">A bit per host.</param>
    /// <param name="seconds">For how long.</param>
    public void Cut(ulong island, double seconds) => _partitions.Add((island, timeline.Seconds + seconds));

    /// <summary>Ends all partitions.</summary>
    public void Heal() => _partitions.Clear();

    private bool Connects(int a, int b)
    {
        _partitions.RemoveAll(p => p.UntilSeconds <= timeline.Seconds);
        foreach ((ulong island, _) in _partitions)
        {
            if ((((island >> a) ^ (island >> b)) & 1) != 0)
                return false;
        }
        return true;
    }
}
