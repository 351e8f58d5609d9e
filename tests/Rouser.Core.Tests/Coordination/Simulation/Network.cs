namespace Rouser.Core.Tests.Coordination.Simulation;

/// <summary>Carries messages under virtual time; loses, repeats, delays and so reorders them.</summary>
internal sealed class Network(RandomStream random, TimeSpan leaseLength)
{
    private readonly PriorityQueue<Action, (DateTimeOffset At, long Order)> _underWay = new();
    private long _order;

    /// <summary>Sends a message: <paramref name="arrive"/> is what happens when it gets there.</summary>
    public void Send(DateTimeOffset now, Faults faults, Action arrive)
    {
        int copies = random.NextDouble() < faults.Lose ? 0 : random.NextDouble() < faults.Repeat ? 2 : 1;
        for (int copy = 0; copy < copies; copy++)
        {
            double seconds = random.NextDouble() < faults.Dawdle ? 3 * leaseLength.TotalSeconds * random.NextDouble() : random.NextDouble();
            _underWay.Enqueue(arrive, (now.AddSeconds(seconds), _order++));
        }
    }

    /// <summary>The next message that has arrived by now, or null.</summary>
    public Action? Next(DateTimeOffset now) => _underWay.TryPeek(out _, out (DateTimeOffset At, long Order) due) && due.At <= now ? _underWay.Dequeue() : null;
}
