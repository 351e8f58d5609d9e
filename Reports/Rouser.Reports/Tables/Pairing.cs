using Rouser.Reports.Model;
using Rouser.Reports.Statistics;
using Rouser.Results;

namespace Rouser.Reports.Tables;

/// <summary>
/// Which rows are compared, and how. Two rows are compared seed by seed: trainings of one seed start from the same
/// weights and see the samples in the same order, so their difference is less noisy than the rows'.
/// </summary>
public static class Pairing
{
    /// <summary>The pairs by seed; null if there is no seed that both rows have completed.</summary>
    public static SeedPairs? Of(ResultRow row, ResultRow other)
    {
        (Replicate Own, Replicate Other)[] planned =
        [
            .. row.Replicates.Join(other.Replicates, r => r.Seed, r => r.Seed, (a, b) => (a, b)),
        ];
        (Replicate Own, Replicate Other)[] complete = [.. planned.Where(p => p.Own.IsComplete && p.Other.IsComplete)];
        return complete.Length == 0 ? null : new SeedPairs(complete, planned.Length - complete.Length);
    }

    /// <summary>The mean difference of a quantity by seed, with its interval; null where there are no pairs.</summary>
    public static Estimate? Difference(ResultRow row, ResultRow other, Func<TrialHistory, double> value) =>
        Of(row, other)?.Difference(value);

    /// <summary>The arm that a study's others are compared with; null if it has none, or no others.</summary>
    public static string? BaselineArm(StudyResults study, RunMetadata run) =>
        study.Arms.Count > 1 && run.Report.CompareTo is { } arm && study.Arms.Contains(arm) ? arm : null;
}

/// <summary>Two rows, seed by seed.</summary>
/// <param name="Complete">The seeds that both have completed, at least one.</param>
/// <param name="Missing">How many more were planned in both.</param>
public sealed record SeedPairs(IReadOnlyList<(Replicate Own, Replicate Other)> Complete, int Missing)
{
    /// <summary>The replicates behind what is said of the pairs: no others, though a row may have more seeds.</summary>
    public IReadOnlyList<Replicate> Sources { get; } = [.. Complete.Select(p => p.Own), .. Complete.Select(p => p.Other)];

    /// <summary>The mean difference of a quantity, with its interval.</summary>
    public Estimate Difference(Func<TrialHistory, double> value) =>
        Of((own, others) => Estimate.Of([.. own.Zip(others, (a, b) => a - b)]), r => value(r.History));

    /// <summary>What a statistic makes of a quantity's values in either row, in the order of the pairs.</summary>
    public Estimate Of(Func<double[], double[], Estimate> statistic, Func<Replicate, double> value) =>
        statistic([.. Complete.Select(p => value(p.Own))], [.. Complete.Select(p => value(p.Other))]).Lacking(Missing);
}
