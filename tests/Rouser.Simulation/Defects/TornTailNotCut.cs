using Rouser.Simulation.World;

namespace Rouser.Simulation.Defects;

/// <summary>
/// Defect: half a record that a power cut left behind stays in the file. All seems well until the next restart:
/// whatever was written behind it is not found again.
/// </summary>
internal sealed class TornTailNotCut : Build
{
    public override FileJournal Open(JournalFile file) => new(file, cutsTornTail: false);
}
