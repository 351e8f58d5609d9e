using Rouser.Coordination;

namespace Rouser.Simulation.Defects;

/// <summary>Defect: a result that arrives twice is recorded twice.</summary>
internal sealed class DuplicateResultAccepted : Build
{
    public override Ready Step(Coordinator machine, Input input)
    {
        Ready ready = machine.Step(input);
        if (input is not TrialFinished { Lease: var lease } result || ready.Events.Count > 0)
            return ready;
        if (machine.State.Find(lease.Trial) is not { State: TrialState.Completed } trial || trial.Attempt != lease.Attempt)
            return ready;
        return ready with
        {
            Events = [new TrialCompleted(machine.State.At, lease.Trial, lease.Attempt, result.WeightDistancesFinal)],
        };
    }
}
