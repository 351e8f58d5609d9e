using Rouser.Coordination;
using Rouser.Simulation.Defects;

namespace Rouser.Simulation.Actors;

/// <summary>The product's machine with whatever defect a build has put in, watched at every step.</summary>
/// <param name="build">The defect.</param>
/// <param name="watch">Takes what the machine was told, and what it decided.</param>
internal sealed class WatchedCoordinator(Coordinator machine, Build build, Action<Input, Ready> watch) : ICoordinator
{
    public CoordinatorState State => machine.State;

    public Ready Step(Input input)
    {
        Ready ready = build.CoordinatorStep(machine, input);
        watch(input, ready);
        return ready;
    }

    public SnapshotDelta CollectChanges() => build.Keeps(machine.CollectChanges());
}
