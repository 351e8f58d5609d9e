namespace Rouser.Simulation.Defects;

/// <summary>
/// Defect: the orchestrator acts first and writes down afterwards. A crash in between leaves workers with trials that
/// nobody gave them.
/// </summary>
internal sealed class EffectsBeforeEvents : Build
{
    public override bool PersistsBeforeActing => false;
}
