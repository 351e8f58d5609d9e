using Rouser.Core.Parameters;
using Rouser.Data;

namespace Rouser.Sweeps;

/// <summary>
/// What a sweep will train: each distinct trial once, in the order they are started, and the cells that ask for them.
/// </summary>
/// <param name="Fingerprint">SHA-256 (hex) of the cells and their trials.</param>
/// <param name="Trials">Distinct trials.</param>
/// <param name="Cells">One per study, arm, setting and seed. Cells of one or several studies that ask for the same
/// content share its trial.</param>
public sealed record Plan(string SweepName, string Fingerprint, IReadOnlyList<PlannedTrial> Trials, IReadOnlyList<Cell> Cells)
{
    /// <summary>What this plan took the place of; null if its run was made for it.</summary>
    public PlanHistory? History { get; init; }

    /// <summary>The fingerprint of the plan that the run was made for, by which the run is known however it grows.</summary>
    public string Origin => History?.Origin ?? Fingerprint;

    /// <summary>How often the run's plan was replaced.</summary>
    public int Revision => History?.Revision ?? 0;

    /// <summary>Of each trial the first cell that asks for it, by whose names it is told of; made anew by each call.</summary>
    public Dictionary<TrialId, Cell> FirstCells() => Cells.DistinctBy(c => c.Trial).ToDictionary(c => c.Trial);
}

/// <summary>The plans that a run had before.</summary>
/// <param name="Origin">The fingerprint of the first one.</param>
/// <param name="Revision">How many there were.</param>
/// <param name="Dropped">The trials of any of them that the plan of now does not ask for. The journal tells of
/// them.</param>
public sealed record PlanHistory(string Origin, int Revision, IReadOnlyList<TrialId> Dropped);

/// <summary>A trial of the plan.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="Parameters">Every parameter that its method uses, with its value.</param>
/// <param name="Settings">The same in types.</param>
/// <param name="Seed">Initial weights and batch order come from it.</param>
/// <param name="DataDigest">The digest of its data.</param>
/// <param name="Synthetic">Whether its data is generated.</param>
/// <param name="Engine">The training engine and its version, <c>fused/1</c>, and the plug-ins it uses, see
/// <see cref="TrialEngine"/>.</param>
public sealed record PlannedTrial(
    TrialId Id,
    ParameterSet Parameters,
    TrialSettings Settings,
    long Seed,
    string DataDigest,
    bool Synthetic,
    string Engine
)
{
    /// <summary>The trial without where its data lies, which is no part of what it is.</summary>
    public PlannedTrial WithoutPlace() =>
        Parameters.Find(DatasetSettings.RootParameter.Name) is null
            ? this
            : this with
            {
                Parameters = new ParameterSet(Parameters.Values.Where(p => p.Key != DatasetSettings.RootParameter.Name)),
            };
}

/// <summary>One place in a study's table.</summary>
/// <param name="Study">The study's name.</param>
/// <param name="Arm">The arm's name.</param>
/// <param name="Setting">What the study varies here, such as <c>threshold.init=0.25 surrogate.tau=3</c>; empty if it
/// varies nothing.</param>
/// <param name="Seed">The replicate.</param>
/// <param name="Trial">Which trial fills it.</param>
public sealed record Cell(string Study, string Arm, string Setting, long Seed, TrialId Trial);
