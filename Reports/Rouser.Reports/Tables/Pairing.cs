using Rouser.Results;
using Rouser.Reports.Model;
using Rouser.Reports.Statistics;

namespace Rouser.Reports.Tables;

/// <summary>
/// Which rows are compared, and how. Two rows are compared seed by seed: trainings of one seed start from the same
/// weights and see the samples in the same order, so their difference is less noisy than the rows'.
/// </summary>
public static class Pairing
{
    /// <summary>The pairs by seed; null if a row has seeds missing, or the rows share none.</summary>
    public static IReadOnlyList<(Replicate Own, Replicate Other)>? Of(ResultRow row, ResultRow other)
    {
        if (!row.IsComplete || !other.IsComplete)
            return null;
        (Replicate, Replicate)[] pairs = [.. row.Replicates.Join(other.Replicates, r => r.Seed, r => r.Seed, (a, b) => (a, b))];
        return pairs.Length == 0 ? null : pairs;
    }

    /// <summary>The mean difference of a quantity by seed, with its interval; null where there are no pairs.</summary>
    public static Estimate? Difference(ResultRow row, ResultRow other, Func<TrialHistory, double> value) =>
        Of(row, other) is { } pairs ? Estimate.Of([.. pairs.Select(p => value(p.Own.History) - value(p.Other.History))]) : null;

    /// <summary>The arm that a study's others are compared with; null if it has none, or no others.</summary>
    public static string? BaselineArm(StudyResults study, RunMetadata run) =>
        study.Arms.Count > 1 && run.Report.CompareTo is { } arm && study.Arms.Contains(arm) ? arm : null;

    /// <summary>The row of the baseline's arm at the same setting; null if the study has none.</summary>
    public static ResultRow? Baseline(StudyResults study, ResultRow row, string? arm) =>
        study.Rows.FirstOrDefault(r => r.Arm == arm && r.Setting == row.Setting);
}
