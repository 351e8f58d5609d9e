using System.Globalization;
using Rouser.Reports.Model;
using Rouser.Sweeps.Sequential;

namespace Rouser.Reports.Paper;

/// <summary>What a run will be able to say of the paper, said before anything is trained.</summary>
internal static class PaperProspect
{
    /// <summary>In lines of text; none for a run without a row of the paper.</summary>
    /// <param name="model">The planned run, trained or not.</param>
    public static IReadOnlyList<string> Of(ReportModel model)
    {
        PaperComparison[] planned = [.. PaperComparison.Of(model).Where(c => c.Row is not null).DistinctBy(c => c.Claim)];
        if (planned.Length == 0)
            return [];
        PaperComparison[] tooShort = [.. planned.Where(c => c.IsTooShort)],
            longEnough = [.. planned.Except(tooShort)],
            numbers = [.. longEnough.Where(c => c.Claim.Number is { Tolerance: not null })],
            testable = [.. numbers.Where(c => c.Differences.Count == 0)],
            compared = [.. longEnough.Where(c => c is { Claim.Rival: not null, Rival: not null })];
        List<string> lines =
        [
            Text($"of {PaperClaims.All.Count} statements of the paper, {planned.Length} have a row in this plan"),
        ];
        if (compared.Length > 0)
            lines.Add(Comparisons(compared));
        if (numbers.Length > 0)
            lines.Add(Numbers(numbers, testable.Length));
        if (tooShort.Length > 0)
            lines.Add(Text($"statements that need more epochs than are trained, and cannot be tested: {tooShort.Length}"));
        return lines;
    }

    private static string Comparisons(PaperComparison[] compared)
    {
        int pairs = compared.Min(c =>
            c.Row!.Replicates.Select(r => r.Seed).Intersect(c.Rival!.Replicates.Select(r => r.Seed)).Count()
        );
        if (pairs < PaperRule.FewestSeeds)
            return Text($"{compared.Length} comparisons stay undecided: {pairs} pairs of seeds are too few");
        double effect = SeedCount.Effect(pairs, PaperRule.Power);
        return Text($"{compared.Length} comparisons can be decided: {pairs} pairs of seeds find a difference of {effect:F1} ")
            + "of its standard deviations in 80 % of cases";
    }

    private static string Numbers(PaperComparison[] numbers, int testable)
    {
        string[] shared = PaperComparison.SharedDifferences(numbers);
        return testable > 0
                ? Text($"{testable} of {numbers.Length} printed numbers can be tested; the others are of other trainings")
            : shared.Length > 0 ? Text($"none of {numbers.Length} printed numbers can be tested: {string.Join("; ", shared)}")
            : Text($"none of {numbers.Length} printed numbers can be tested: all are of other data, or of other trainings");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
