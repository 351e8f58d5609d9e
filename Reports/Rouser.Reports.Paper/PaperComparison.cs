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
/// <param name="Ours">The row's estimate; null if no seed has one.</param>
/// <param name="Difference">Row minus rival by seed; null without pairs.</param>
/// <param name="Number">Whether the paper's number is met; null if it has none.</param>
/// <param name="Direction">Whether its comparison is met; null if it has none.</param>
/// <param name="Differences">What differs from the paper's training.</param>
/// <param name="Left">How many rows that fit as well are not shown.</param>
public sealed record PaperComparison(
    PaperClaim Claim,
    ResultRow? Row,
    ResultRow? Rival,
    Estimate? Ours,
    Estimate? Difference,
    PaperDecision? Number,
    PaperDecision? Direction,
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

    /// <summary>Whether the trainings have fewer epochs than the statement is about.</summary>
    internal bool IsTooShort =>
        Row is not null
        && (TooShort(Claim.Quantity, Row) ?? (Rival is null ? null : TooShort(Claim.Rival!.Quantity, Rival))) is not null;

    /// <summary>The verdicts on the number and on the comparison, as far as the statement has them.</summary>
    public IEnumerable<PaperDecision> Decisions => new[] { Number, Direction }.OfType<PaperDecision>();

    /// <summary>
    /// Every statement, in the paper's order, beside each row that fits it best; beside none if none fits.
    /// </summary>
    public static IReadOnlyList<PaperComparison> Of(ReportModel model)
    {
        // Two studies may hold the same trials; one row stands for both.
        ResultRow[] rows = [.. model.Rows.DistinctBy(r => string.Join(' ', r.Replicates.Select(t => t.TrialId)))];
        return [.. PaperClaims.All.SelectMany(claim => Compare(claim, rows))];
    }

    /// <summary>What differs from the paper's training in all of them.</summary>
    /// <param name="comparisons">At least one.</param>
    internal static string[] SharedDifferences(IReadOnlyList<PaperComparison> comparisons) =>
        [.. comparisons[0].Differences.Where(d => comparisons.All(c => c.Differences.Contains(d)))];

    private static PaperComparison[] Compare(PaperClaim claim, ResultRow[] rows)
    {
        (ResultRow Row, IReadOnlyList<string> Differences)[] fitting =
        [
            .. rows.Where(r => Fits(r, claim)).Select(r => (r, PaperConditions.Differences(r, claim))),
        ];
        if (fitting.Length == 0)
            return [Undone(claim, claim.Arm.IsQuoted ? claim.Arm.Rule : "no row of this run is the statement’s")];
        int fewest = fitting.Min(f => f.Differences.Count);
        (ResultRow Row, IReadOnlyList<string> Differences)[] nearest = [.. fitting.Where(f => f.Differences.Count == fewest)];
        PaperComparison[] shown = [.. nearest.Take(MostRows).Select(f => Compare(claim, f.Row, f.Differences, rows))];
        shown[0] = shown[0] with { Left = Math.Max(0, nearest.Length - MostRows) };
        return shown;
    }

    private static PaperComparison Compare(PaperClaim claim, ResultRow row, IReadOnlyList<string> differences, ResultRow[] rows)
    {
        ResultRow? other = claim.Rival is { } wanted ? FindRival(claim, wanted, row, rows) : null;
        double[] measured = [.. row.Completed.Select(r => claim.Quantity.Find(r.History)).OfType<double>()];
        SeedPairs? pairs = other is null ? null : Pairing.Of(row, other);
        double[] apart = pairs is null ? [] : [.. Apart(claim, pairs)];
        // A pair without the measure on one side is as missing as one that was not run.
        int unpaired = pairs is null ? 0 : pairs.Missing + pairs.Complete.Count - apart.Length;
        int missing = row.Replicates.Count - row.Completed.Count;
        PaperComparison beside = Undone(claim, "seeds are missing") with
        {
            Row = row,
            Rival = other,
            Ours = measured.Length > 0 ? Estimate.Of(measured).Lacking(missing) : null,
            Difference = apart.Length > 0 ? Estimate.Of(apart).Lacking(unpaired) : null,
            Differences = differences,
        };
        if (TooShort(claim.Quantity, row) is { } tooShort)
            return beside with { Number = Judged(beside.Number, tooShort), Direction = Judged(beside.Direction, tooShort) };
        if (measured.Length < row.Replicates.Count)
            return beside;
        PaperDecision? direction = claim.Rival is { } rival ? Compared(rival, other, apart, unpaired) : null;
        PaperDecision? number =
            claim.Number is not { } printed ? null
            : !printed.IsDifference ? PaperRule.Number(printed, measured, differences)
            : direction is { Verdict: PaperVerdict.NotRun or PaperVerdict.NotTestable } ? direction
            : PaperRule.Number(printed, apart, differences);
        return beside with { Number = number, Direction = direction };
    }

    private static PaperDecision Compared(PaperRival rival, ResultRow? row, double[] apart, int unpaired) =>
        row is not null && TooShort(rival.Quantity, row) is { } tooShort ? tooShort
        : apart.Length == 0 || unpaired > 0
            ? new(PaperVerdict.NotRun, "the other side of the comparison was not run, or has seeds missing")
        : PaperRule.Comparison(rival, apart);

    private static PaperDecision? Judged(PaperDecision? asked, PaperDecision verdict) => asked is null ? null : verdict;

    private static PaperComparison Undone(PaperClaim claim, string why)
    {
        var decision = new PaperDecision(PaperVerdict.NotRun, why);
        return new(
            claim,
            null,
            null,
            null,
            null,
            claim.Number is null ? null : decision,
            claim.Rival is null ? null : decision,
            []
        );
    }

    private static IEnumerable<double> Apart(PaperClaim claim, SeedPairs pairs) =>
        pairs
            .Complete.Select(p => claim.Quantity.Find(p.Own.History) - claim.Rival!.Quantity.Find(p.Other.History))
            .OfType<double>();

    private static PaperDecision? TooShort(PaperQuantity quantity, ResultRow row) =>
        PaperConditions.Epochs(row) is { } epochs && epochs < quantity.Epochs
            ? new(
                PaperVerdict.NotTestable,
                $"the statement needs {Format.Integer(quantity.Epochs)} epochs, the trainings have {Format.Integer(epochs)}"
            )
            : null;

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
