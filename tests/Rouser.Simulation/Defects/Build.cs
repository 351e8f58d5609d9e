using Rouser.Coordination;
using Rouser.Simulation.World;
using Rouser.Sweeps;

namespace Rouser.Simulation.Defects;

/// <summary>
/// How orchestrators and workers are put together, with a seam at each place where a defect can be put in on purpose.
/// The product has no switch for any. A simulator that finds nothing wrong is worth as much as what it would have
/// found: see <see cref="CoordinatorDefects"/> and <see cref="WorkerDefects"/>.
/// </summary>
internal sealed record Build
{
    /// <summary>The product as it is.</summary>
    public static readonly Build Sound = new();

    /// <summary>What each defect is called on the command line.</summary>
    public static IReadOnlyDictionary<string, Build> Defective =>
        new SortedDictionary<string, Build>(
            CoordinatorDefects.All.Concat(WorkerDefects.All).ToDictionary(),
            StringComparer.Ordinal
        );

    /// <summary>Whether effects wait until the events decided with them are durable.</summary>
    public bool PersistsBeforeActing { get; init; } = true;

    /// <summary>Opens the journal for writing.</summary>
    public Func<JournalFile, FileJournal> Open { get; init; } = file => new FileJournal(file);

    /// <summary>The plan that the machine is given.</summary>
    public Func<Plan, Plan> PlanOf { get; init; } = plan => plan;

    /// <summary>The settings that the machine is given.</summary>
    public Func<RunSettings, RunSettings> SettingsOf { get; init; } = run => run;

    /// <summary>Takes the coordinator a step further.</summary>
    public Func<Coordinator, Input, Ready> CoordinatorStep { get; init; } = (machine, input) => machine.Step(input);

    /// <summary>What of the coordinator's changes is kept as a snapshot.</summary>
    public Func<SnapshotDelta, SnapshotDelta> Keeps { get; init; } = changes => changes;

    /// <summary>Whether a command goes out at all.</summary>
    public Func<WorkerCommand, bool> Delivers { get; init; } = _ => true;

    /// <summary>Takes a worker a step further.</summary>
    public Func<WorkerMachine, WorkerInput, WorkerReady> WorkerStep { get; init; } = (machine, input) => machine.Step(input);
}
