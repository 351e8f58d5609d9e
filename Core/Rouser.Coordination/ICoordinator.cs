namespace Rouser.Coordination;

/// <summary>
/// The control plane as a loop drives it: <see cref="Coordinator"/>, or one that is watched while it does so. Touched
/// by one thread at a time.
/// </summary>
public interface ICoordinator
{
    /// <summary>Where everything stands.</summary>
    CoordinatorState State { get; }

    /// <summary>
    /// Takes one input. The state already includes the events returned; the caller persists them before it performs
    /// the effects.
    /// </summary>
    Ready Step(Input input);

    /// <summary>
    /// What changed since the last call, for the append that makes the events of the steps in between durable.
    /// </summary>
    SnapshotDelta CollectChanges();
}
