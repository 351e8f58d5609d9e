using Rouser.Reports.Model;
using Rouser.Reports.Statistics;
using Rouser.Snn.Membranes;
using Rouser.Snn.Thresholds;

namespace Rouser.Reports.Tables;

/// <summary>A learned threshold beside the fixed one that differs from it in nothing else.</summary>
/// <param name="Learned">The row with the learned threshold.</param>
/// <param name="Fixed">The row with the fixed one, or with a threshold learning rate of 0.</param>
/// <param name="Difference">Learned minus fixed, test accuracy after the last epoch in percentage points, paired by
/// seed; null if a seed is missing.</param>
/// <param name="Verdict">What it comes to.</param>
public sealed record ThresholdComparison(ResultRow Learned, ResultRow Fixed, Estimate? Difference, Verdict Verdict)
{
    // The rule and its own numbers. Where thresholds start is no part of it, nor is what a rule brings along, such as the
    // learned leak of diet.
    internal static readonly HashSet<string> OfRule =
    [
        .. ThresholdRule
            .Family.Parameters.Select(p => p.Name)
            .Except(ThresholdRule.Family.Common.Select(p => p.Name))
            .Except(Membrane.Family.Parameters.Select(p => p.Name)),
    ];

    /// <summary>Every pair of rows of the study that differ in the threshold's rule and learning rate only.</summary>
    public static IReadOnlyList<ThresholdComparison> In(StudyResults study)
    {
        // By everything else that the trials use: an arm with weight normalisation is no baseline for one without.
        ILookup<string, ResultRow> fixedRows = study.Rows.Where(r => r.HasFixedThreshold).ToLookup(Rest);
        return
        [
            .. study
                .Rows.Where(r => !r.HasFixedThreshold)
                .SelectMany(learned => fixedRows[Rest(learned)].Select(f => Compare(learned, f))),
        ];
    }

    /// <summary>Decides by the interval of the paired differences.</summary>
    public static ThresholdComparison Compare(ResultRow learned, ResultRow fixedRow)
    {
        Estimate? difference = Pairing.Difference(learned, fixedRow, h => h.LastTestPercent);
        return new(learned, fixedRow, difference, DifferenceRule.Decide(difference));
    }

    private static string Rest(ResultRow row) =>
        string.Join('\n', row.Parameters.Values.Where(p => !OfRule.Contains(p.Key)).Select(p => $"{p.Key}={p.Value}"));
}
