using Rouser.Coordination;

namespace Rouser.Simulation.Defects;

/// <summary>Defect: what an earlier attempt reports counts for the one that runs now.</summary>
internal sealed class AttemptsNotToldApart : Build
{
    public override Ready Step(Coordinator machine, Input input) =>
        machine.Step(
            input switch
            {
                EpochReported i => i with { Lease = Current(machine, i.Lease) },
                TrialFinished i => i with { Lease = Current(machine, i.Lease) },
                _ => input,
            }
        );

    private static LeaseKey Current(Coordinator machine, LeaseKey lease) =>
        machine.State.Find(lease.Trial) is { State: TrialState.Running } trial && lease.Attempt < trial.Attempt
            ? new(lease.Trial, trial.Attempt)
            : lease;
}
