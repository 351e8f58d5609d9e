using Rouser.Reports.Model;
using Rouser.Reports.Statistics;
using Rouser.Reports.Tables;
using Rouser.Snn.Thresholds;
using Rouser.Sweeps;

namespace Rouser.Reports.Paper;

/// <summary>A statement of the paper beside a row of the run.</summary>
/// <param name="Claim">The statement.</param>
/// <param name="Row">The row; null if the run has none.</param>
/// <param name="Rival">The row on the other side of the statement's comparison; null if there is none.</param>
/// <param name="Ours">The row's estimate, in percent; null if seeds are missing.</param>
/// <param name="Difference">Row minus rival by seed, in points; null without complete pairs.</param>
/// <param name="Verdict">By <see cref="PaperRule"/>.</param>
/// <param name="Why">The verdict's reason.</param>
/// <param name="Differences">What differs from the paper's training.</param>
/// <param name="Left">How many rows that fit as well are not shown.</param>
public sealed record PaperComparison(
    PaperClaim Claim,
    ResultRow? Row,
    ResultRow? Rival,
    Estimate? Ours,
    Estimate? Difference,
    PaperVerdict Verdict,
    string Why,
    IReadOnlyList<string> Differences,
    int Left = 0
)
{
    // A sweep over something that the paper leaves open may fit a statement with hundreds of rows; the study's own
    // tables have them all.
    private const int MostRows = 6;

    // What a comparison of two methods, and one of two settings, lets differ.
    private static readonly string[] OfMethods =
        [ThresholdRule.Family.Name, TrainedThreshold.LearningRateParameter.Name, PaperConditions.Normalize.Name],
        OfThresholds = [ThresholdRule.InitParameter.Name];

    /// <summary>
    /// Every statement, in the paper's order, beside each row that fits it best; beside none if none fits.
    /// </summary>
    public static IReadOnlyList<PaperComparison> Of(ReportModel model)
    {
        // Two studies may hold the same trials; one row stands for both.
        ResultRow[] rows = [.. model.Rows.DistinctBy(r => string.Join(' ', r.Replicates.Select(t => t.TrialId)))];
        return [.. PaperResults.Claims.SelectMany(claim => Compare(claim, rows))];
    }

    private static PaperComparison[] Compare(PaperClaim claim, ResultRow[] rows)
    {
        (ResultRow Row, IReadOnlyList<string> Differences)[] fitting =
        [
            .. rows.Where(r => Fits(r, claim)).Select(r => (r, PaperConditions.Differences(r, claim))),
        ];
        if (fitting.Length == 0)
            return [NothingRun(claim)];
        int fewest = fitting.Min(f => f.Differences.Count);
        (ResultRow Row, IReadOnlyList<string> Differences)[] nearest = [.. fitting.Where(f => f.Differences.Count == fewest)];
        PaperComparison[] shown = [.. nearest.Take(MostRows).Select(f => Compare(claim, f.Row, f.Differences, rows))];
        shown[0] = shown[0] with { Left = Math.Max(0, nearest.Length - MostRows) };
        return shown;
    }

    private static PaperComparison NothingRun(PaperClaim claim)
    {
        string why = claim.Arm.IsQuoted ? claim.Arm.Rule : "no row of this run is the statement’s";
        return new(claim, null, null, null, null, PaperVerdict.NotRun, why, []);
    }

    private static PaperComparison Compare(PaperClaim claim, ResultRow row, IReadOnlyList<string> differences, ResultRow[] rows)
    {
        ResultRow? rival = claim.Rival is { } wanted ? FindRival(claim, wanted, row, rows) : null;
        if (row.Estimate(claim.Quantity.Percent) is not { } ours)
            return new(claim, row, rival, null, null, PaperVerdict.NotRun, "seeds are missing", differences);
        if (!row.IsComplete)
            return new(claim, row, rival, ours, null, PaperVerdict.NotRun, "seeds are missing", differences);
        Estimate? difference = rival is null ? null : Pairing.Difference(row, rival, claim.Quantity.Percent);
        bool synthetic = row.DatasetName != claim.Dataset.Recorded;
        (PaperVerdict verdict, string why) = PaperRule.Decide(claim, ours, difference, differences.Count > 0, synthetic);
        return new(claim, row, rival, ours, difference, verdict, why, differences);
    }

    private static bool Fits(ResultRow row, PaperClaim claim) =>
        Fits(row, claim.Dataset, claim.Arm, claim.Setting)
        && (row.Layers == 0 || claim.Quantity.Layers == 0 || row.Layers >= claim.Quantity.Layers);

    // The paper's networks spike in every layer.
    private static bool Fits(ResultRow row, PaperDataset dataset, PaperArm arm, PaperSetting setting) =>
        dataset.IsOf(row) && arm.Fits(row) && setting.Fits(row) && row.SpikingLayers == row.Layers;

    // The rival differs from the row in what the statement compares, and in nothing else.
    private static ResultRow? FindRival(PaperClaim claim, PaperRival wanted, ResultRow row, ResultRow[] rows)
    {
        string[] free = wanted.Setting is null ? OfMethods : OfThresholds;
        return rows.FirstOrDefault(r =>
            Fits(r, claim.Dataset, wanted.Arm, wanted.Setting ?? PaperSetting.Open)
            && r.Replicates[0].DatasetDigest == row.Replicates[0].DatasetDigest
            && ParameterSchema.IdentityDifferences(r.Parameters, row.Parameters).All(free.Contains)
        );
    }
}
