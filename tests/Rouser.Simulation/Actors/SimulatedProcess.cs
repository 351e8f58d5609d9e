using Rouser.Simulation.World;

namespace Rouser.Simulation.Actors;

/// <summary>
/// A process on a host. It can die at any time, and it can stand still for a while without knowing it.
/// </summary>
internal abstract class SimulatedProcess(Timeline timeline)
{
    private readonly Queue<Action> _heldUp = [];
    private bool _isFrozen;

    /// <summary>Whether the process is there.</summary>
    public bool IsUp { get; private set; } = true;

    /// <summary>Ends without a word (kill -9, a power cut).</summary>
    public void Kill() => IsUp = false;

    /// <summary>
    /// Stands still (SIGSTOP, a laptop's lid, a paging disk), and goes on afterwards as if nothing had been.
    /// </summary>
    public void Freeze(double seconds)
    {
        _isFrozen = true;
        timeline.After(seconds, Thaw);
    }

    /// <summary>Goes on at once, with all that has come up meanwhile.</summary>
    public void Thaw()
    {
        _isFrozen = false;
        while (_heldUp.TryDequeue(out Action? happens))
            After(0, happens);
    }

    /// <summary>What a process does later it does only if it still is, and not while it stands still.</summary>
    protected void After(double seconds, Action happens) => timeline.After(seconds, () => WhenRunning(happens));

    /// <summary>Does it now, or as soon as the process goes on.</summary>
    protected void WhenRunning(Action happens)
    {
        if (!IsUp)
            return;
        if (_isFrozen)
            _heldUp.Enqueue(happens);
        else
            happens();
    }
}
