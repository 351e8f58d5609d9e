using Rouser.Coordination;
using Rouser.Simulation.Scenarios;
using Rouser.Sweeps;

namespace Rouser.Simulation.Invariants;

/// <summary>What the events say of one trial, by the simulator's own count.</summary>
internal sealed class Account(PlannedTrial planned, int planIndex)
{
    /// <summary>The trial.</summary>
    public PlannedTrial Planned => planned;

    /// <summary>Its index in the plan, from 0.</summary>
    public int PlanIndex { get; set; } = planIndex;

    /// <summary>Its place, by which the simulator knows what it measures.</summary>
    public int Place { get; } = Scenario.PlaceOf(planned.Id);

    /// <summary>Its epochs.</summary>
    public int Epochs => planned.Settings.Epochs;

    /// <summary>Where it stands.</summary>
    public TrialState State { get; set; }

    /// <summary>Its latest attempt, from 1.</summary>
    public int Attempt { get; set; }

    /// <summary>Who holds it, or held it last.</summary>
    public WorkerId Worker { get; set; }

    /// <summary>Epochs recorded.</summary>
    public int Recorded { get; set; }

    /// <summary>Attempts failed since the user asked for a retry.</summary>
    public int FailedAttempts { get; set; }

    /// <summary>Attempts lost since the user asked for a retry.</summary>
    public int LostAttempts { get; set; }

    /// <summary>Where its second training stands; null if there is none.</summary>
    public CheckState? Check { get; set; }

    /// <summary>How often that was given out.</summary>
    public int CheckAttempts { get; set; }

    /// <summary>Who holds that, or held it last.</summary>
    public WorkerId Checker { get; set; }

    /// <summary>How often that failed or was lost.</summary>
    public int FailedChecks { get; set; }

    /// <summary>Whether a worker holds a lease on it.</summary>
    public bool IsHeld => State == TrialState.Running || Check == CheckState.Running;

    /// <summary>Who holds the lease.</summary>
    public WorkerId Holder => Check == CheckState.Running ? Checker : Worker;

    /// <summary>Whether a second training is still to be done.</summary>
    public bool HasOpenCheck => Check is CheckState.Waiting or CheckState.Running;

    /// <summary>How often it was completed.</summary>
    public int Results { get; set; }

    /// <summary>When its holder was last heard of, by the clock of the coordinator that keeps this account.</summary>
    public DateTimeOffset HeardAt { get; set; }

    /// <summary>When the attempt started, by that clock; a coordinator that takes over counts from then.</summary>
    public DateTimeOffset StartedAt { get; set; }

    /// <summary>Whether the trial has ended, with a result or without.</summary>
    public bool HasEnded => State is not (TrialState.Queued or TrialState.Running or TrialState.Deferred);

    /// <summary>The name of the latest attempt.</summary>
    public LeaseKey Lease => new(planned.Id, Attempt + CheckAttempts);

    /// <summary>Whether nobody had asked for it when it was cancelled.</summary>
    public bool WasDeferred { get; set; }

    /// <summary>What users wrote to it.</summary>
    public string Note { get; set; } = "";

    /// <summary>The tags that users put to it.</summary>
    public IReadOnlyList<string> Tags { get; set; } = [];

    /// <summary>A copy.</summary>
    public Account Copy() => (Account)MemberwiseClone();

    /// <inheritdoc/>
    public override string ToString() => $"{planned.Id.Short}#{Attempt} ({State}, {Recorded} of {Epochs} epochs)";
}
