using Rouser.Core.Metrics;
using Rouser.Reports.Model;

namespace Rouser.Reports.Tables;

/// <summary>What the sweep asks its arms to be compared with.</summary>
internal static class Baselines
{
    /// <summary>The arm that a study's others are compared with; null if it has none, or no others.</summary>
    public static string? Of(StudyResults study, RunMetadata run) =>
        study.Arms.Count > 1 && run.Report.CompareTo is { } arm && study.Arms.Contains(arm) ? arm : null;

    /// <summary>
    /// The row to compare with: the arm <paramref name="compareTo"/> at the same setting; null if the study has none.
    /// </summary>
    public static ResultRow? Row(StudyResults study, ResultRow row, string? compareTo) =>
        study.Rows.FirstOrDefault(r => r.Arm == compareTo && r.Setting == row.Setting);
}
