using Rouser.Core.Sweeps;

namespace Rouser.Core.Coordination;

/// <summary>
/// The control plane as a pure state machine: an input goes in, events and effects come out. No clock, file, socket or thread inside. Three
/// shells run it: in this process, behind HTTP, and as an Akka.NET cluster singleton; and a simulator for the tests.
/// </summary>
public sealed class Coordinator
{
    /// <summary>Starts on a plan, in the state that <paramref name="journal"/> leads to (empty for a new sweep).</summary>
    public Coordinator(Plan plan, RunSettings settings, IEnumerable<Event> journal)
    {
        _ = (plan, settings, journal);
        State = new CoordinatorState();
    }

    /// <summary>Where everything stands; read-only to all but the machine.</summary>
    public CoordinatorState State { get; }

    /// <summary>Takes one input. The state already includes the events returned; the caller persists them before it performs the effects.</summary>
    public Ready Step(Input input)
    {
        _ = (input, State);
        return default;
    }
}

/// <summary>Placeholder for the helper who writes the machine.</summary>
public sealed class CoordinatorState;
