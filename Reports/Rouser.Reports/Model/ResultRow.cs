using Rouser.Core.Parameters;
using Rouser.Reports.Statistics;
using Rouser.Snn.Thresholds;

namespace Rouser.Reports.Model;

/// <summary>An arm at a setting: the replicates that a table sums up in one row.</summary>
/// <param name="Study">The study's name.</param>
/// <param name="Arm">The arm's name.</param>
/// <param name="Setting">What the study varies here, as the plan writes it.</param>
/// <param name="Replicates">One per planned seed, missing ones too; ordered by seed.</param>
public sealed record ResultRow(string Study, string Arm, string Setting, IReadOnlyList<Replicate> Replicates)
{
    /// <summary>What stands for the value of a parameter that the row's method does not use.</summary>
    public const string NotUsed = "not used";

    /// <summary>Replicates with a result.</summary>
    public IReadOnlyList<Replicate> Completed { get; } = [.. Replicates.Where(r => r.IsComplete)];

    /// <summary>Whether every planned seed has its result. A mean that lacks one is marked, and no verdict rests on it.</summary>
    public bool IsComplete => Completed.Count == Replicates.Count;

    /// <summary>Whether its trials have validation samples, by which something may be chosen.</summary>
    public bool HasValidation => Completed.Count > 0 && Completed.All(r => r.History.HasValidation);

    /// <summary>Why replicates are missing; empty if none is.</summary>
    public string WhyMissing => string.Join("; ", Replicates.Where(r => !r.IsComplete).Select(r => r.WhyMissing));

    /// <summary>The parameters used; the same for every seed.</summary>
    public ParameterSet Parameters => Replicates[0].Parameters;

    /// <summary>Whether the thresholds stay where they start, see <see cref="ThresholdRule.StaysFixed"/>.</summary>
    public bool HasFixedThreshold { get; } = ThresholdRule.StaysFixedIn(Replicates[0].Parameters);

    /// <summary>The data set's name in a sweep file; null where the table has none.</summary>
    public string? DatasetName => Replicates[0].DatasetName;

    /// <summary>Th_init; null where the table has none.</summary>
    public double? InitialThreshold => Parameters.FindReal(ThresholdRule.InitParameter);

    /// <summary>Epochs that every replicate has; 0 if there is no completed one.</summary>
    public int Epochs => Completed.Count == 0 ? 0 : Completed.Min(r => r.History.Epochs);

    /// <summary>Layers of the network; 0 as long as no replicate is complete.</summary>
    public int Layers => Completed.Count == 0 ? 0 : Completed.Min(r => r.History.Layers);

    /// <summary>Those of them that spike, see <see cref="TrialHistory.SpikingLayers"/>.</summary>
    public int SpikingLayers => Completed.Count == 0 ? 0 : Completed.Min(r => r.History.SpikingLayers);

    /// <summary>A parameter's value as people read it, or that it is not used.</summary>
    public string TextOf(string parameter) => Parameters.Find(parameter)?.ToString() ?? NotUsed;

    /// <summary>
    /// The estimate over the seeds that have their result, which says how many are missing; null if none has.
    /// </summary>
    public Estimate? Estimate(Func<TrialHistory, double> value) =>
        Completed.Count == 0
            ? null
            : Statistics.Estimate.Of([.. Completed.Select(r => value(r.History))]).Lacking(Replicates.Count - Completed.Count);
}
