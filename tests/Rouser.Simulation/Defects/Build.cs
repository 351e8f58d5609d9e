using Rouser.Coordination;
using Rouser.Simulation.World;
using Rouser.Sweeps;

namespace Rouser.Simulation.Defects;

/// <summary>
/// How the orchestrator is put together, with a seam at each place where a defect can be put in on purpose. This one
/// has none. A simulator that finds nothing wrong is worth as much as what it would have found: see the classes that
/// derive from this.
/// </summary>
internal class Build
{
    /// <summary>The product as it is.</summary>
    public static readonly Build Sound = new();

    /// <summary>What each defect is called on the command line.</summary>
    public static readonly IReadOnlyDictionary<string, Build> Defective = new SortedDictionary<string, Build>(
        StringComparer.Ordinal
    )
    {
        ["fencing-off"] = new FencingOff(),
        ["effects-before-events"] = new EffectsBeforeEvents(),
        ["lease-never-expires"] = new LeaseNeverExpires(),
        ["duplicate-result-accepted"] = new DuplicateResultAccepted(),
        ["torn-tail-not-cut"] = new TornTailNotCut(),
        ["attempts-not-told-apart"] = new AttemptsNotToldApart(),
    };

    /// <summary>Whether effects wait until the events decided with them are durable.</summary>
    public virtual bool PersistsBeforeActing => true;

    /// <summary>Opens the journal for writing.</summary>
    public virtual FileJournal Open(JournalFile file) => new(file);

    /// <summary>The settings that the machine is given.</summary>
    public virtual RunSettings SettingsOf(RunSettings run) => run;

    /// <summary>Takes the machine a step further.</summary>
    public virtual Ready Step(Coordinator machine, Input input) => machine.Step(input);
}
