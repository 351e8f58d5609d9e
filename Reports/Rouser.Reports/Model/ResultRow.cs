using Rouser.Reports.Statistics;

namespace Rouser.Reports.Model;

/// <summary>An arm at a setting: the replicates that a table sums up in one row.</summary>
/// <param name="Study">The study's name.</param>
/// <param name="Arm">The arm's name.</param>
/// <param name="Setting">What the study varies here, as the plan writes it.</param>
/// <param name="Replicates">One per planned seed, missing ones too; ordered by seed.</param>
public sealed record ResultRow(string Study, string Arm, string Setting, IReadOnlyList<Replicate> Replicates)
{
    /// <summary>Replicates with a result.</summary>
    public IReadOnlyList<Replicate> Completed { get; } = [.. Replicates.Where(r => r.IsComplete)];

    /// <summary>Whether every planned seed has its result. Means are shown only then.</summary>
    public bool IsComplete => Completed.Count == Replicates.Count;

    /// <summary>Why replicates are missing; empty if none is.</summary>
    public string WhyMissing => string.Join("; ", Replicates.Where(r => !r.IsComplete).Select(r => r.WhyMissing));

    /// <summary>The parameters used; the same for every seed.</summary>
    public IReadOnlyDictionary<string, string> Parameters => Replicates[0].Parameters;

    /// <summary>
    /// Whether the thresholds stay where they start: the rule is <c>fixed</c>, or its learning rate is 0.
    /// </summary>
    public bool HasFixedThreshold =>
        Parameters.GetValueOrDefault("threshold.rule") == "fixed"
        || Parameters.GetValueOrDefault("threshold.learning_rate") == "0";

    /// <summary>Epochs that every replicate has; 0 if there is no completed one.</summary>
    public int Epochs => Completed.Count == 0 ? 0 : Completed.Min(r => r.History.Epochs);

    /// <summary>Layers of the network; 0 as long as no replicate is complete.</summary>
    public int Layers => Completed.Count == 0 ? 0 : Completed.Min(r => r.History.Layers);

    /// <summary>
    /// The estimate over all seeds; null if a replicate is missing, so that no mean stands for fewer seeds than were
    /// planned.
    /// </summary>
    public Estimate? Estimate(Func<TrialHistory, double> value) =>
        IsComplete ? Statistics.Estimate.Of([.. Replicates.Select(r => value(r.History))]) : null;
}
