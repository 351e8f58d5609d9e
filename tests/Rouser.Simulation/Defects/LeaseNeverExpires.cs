using Rouser.Sweeps;

namespace Rouser.Simulation.Defects;

/// <summary>Defect: the silence of a worker ends no lease.</summary>
internal sealed class LeaseNeverExpires : Build
{
    public override RunSettings SettingsOf(RunSettings run) => run with { Lease = TimeSpan.MaxValue };
}
