using Rouser.Simulation.World;

namespace Rouser.Simulation.Defects;

/// <summary>
/// Defect: the journal takes events from whoever has it open. A coordinator that was taken for dead goes on writing
/// beside its successor.
/// </summary>
internal sealed class FencingOff : Build
{
    public override FileJournal Open(JournalFile file) => new(file, fences: false);
}
