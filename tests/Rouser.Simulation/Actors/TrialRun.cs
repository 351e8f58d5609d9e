using Rouser.Coordination;
using Rouser.Snn;

namespace Rouser.Simulation.Actors;

/// <summary>An attempt that trains: what <c>TrialRunner</c> keeps of it.</summary>
internal sealed class TrialRun(WorkerCommand.Assign assignment, int place)
{
    /// <summary>Under which lease.</summary>
    public LeaseKey Lease => assignment.Lease;

    /// <summary>The trial's epochs.</summary>
    public int Epochs => assignment.Trial.Settings.Epochs;

    /// <summary>Epochs between checkpoints.</summary>
    public int CheckpointEvery => assignment.CheckpointEvery;

    /// <summary>The data that it needs.</summary>
    public string DataDigest => assignment.Trial.DataDigest;

    /// <summary>The trial's place (<see cref="Scenarios.Scenario.PlaceOf"/>).</summary>
    public int Place => place;

    /// <summary>The epochs done, from the first; those of a checkpoint included.</summary>
    public List<EpochMetrics> History { get; } = [];

    /// <summary>Whether it was asked to stop after the batch in work.</summary>
    public bool IsStopping { get; set; }

    /// <summary>Whether it is over.</summary>
    public bool IsOver { get; set; }
}
