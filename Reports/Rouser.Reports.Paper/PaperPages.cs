using Rouser.Reports.Documents;
using Rouser.Reports.Model;
using Rouser.Reports.Statistics;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Paper;

/// <summary>A page for each statement of the paper that the run has a row of: for a citation, or a reviewer.</summary>
internal static class PaperPages
{
    /// <summary>The pages, in the paper's order.</summary>
    public static IEnumerable<PublishedPage> Of(IReadOnlyList<PaperComparison> comparisons) =>
        comparisons
            .Where(c => c.Row is not null)
            .GroupBy(c => c.Claim)
            .Select(claim => new PublishedPage(
                $"claims/{claim.Key.Id}.html",
                $"{claim.Key.Place.Name}: {claim.Key.Label}",
                [.. Blocks(claim.Key, [.. claim])]
            ));

    private static IEnumerable<Block> Blocks(PaperClaim claim, PaperComparison[] comparisons)
    {
        yield return new Heading(2, "statement", "The statement");
        yield return new Paragraph(claim.Says);
        yield return new Bullets([.. Asked(claim)]);
        for (int i = 0; i < comparisons.Length; i++)
        {
            PaperComparison c = comparisons[i];
            yield return new Heading(2, $"row-{i + 1}", $"{c.Row!.Study}: {SettingLabel.Name(c.Row)}");
            yield return new Bullets([.. Answered(c)]);
            if (Seeds(c, i + 1) is { } table)
                yield return new TableBlock(table);
        }
        yield return new Heading(2, "reading", "The rule");
        yield return new Bullets(PaperRule.Statement);
        yield return new Paragraph($"Statements and tolerances: claims.json of the program, SHA-256 {PaperClaims.Digest}.");
    }

    private static IEnumerable<(string Lead, string Text)> Asked(PaperClaim claim)
    {
        yield return ("Where.", $"{claim.Place.Name} of the paper: {claim.Place.Shows}. {PaperClaims.Paper}.");
        yield return ("Measured.", $"{claim.Quantity.Description}.");
        if (claim.Number is { } number)
        {
            string tolerance = number.Tolerance is { } points
                ? $"{Format.Exact(points)} points to either side"
                : "none: it is quoted";
            yield return ("Number.", $"{Format.Exact(number.Printed)}; tolerance: {tolerance}.");
        }
        if (claim.Rival is { } rival)
            yield return ("Comparison.", $"To be {rival.Label}, measured by {rival.Quantity.Description}.");
    }

    private static IEnumerable<(string Lead, string Text)> Answered(PaperComparison c)
    {
        if (c.Ours is { } ours)
            yield return ("Ours.", Text(ours, NumberStyle.Plain));
        if (c.Difference is { } difference)
            yield return ("Difference.", Text(difference, NumberStyle.Signed));
        if (c.Number is { } number)
            yield return ("Number.", Verdict(number));
        if (c.Direction is { } direction)
            yield return ("Comparison.", Verdict(direction));
        if (c.Rival is { } rival)
            yield return ("Other side.", $"{rival.Study}: {SettingLabel.Name(rival)}.");
        yield return ("Conditions.", $"{PaperTables.Differing(c)} Here: {PaperConditions.Choices(c.Row!)}.");
    }

    private static string Text(Estimate estimate, NumberStyle style)
    {
        ReportCell cell = ReportCell.Of(estimate, 2, style);
        return $"{cell.Text} ({cell.Aside}).";
    }

    private static string Verdict(PaperDecision decision)
    {
        string outlook = decision.Outlook.Length == 0 ? "" : $" {PaperTables.Sentence(decision.Outlook)}";
        return $"{decision.Verdict.Describe()}. {PaperTables.Sentence(decision.Why)}{outlook}";
    }

    private static ReportTable? Seeds(PaperComparison c, int index)
    {
        Replicate[] trials = [.. c.Row!.Completed.Where(t => c.Claim.Quantity.Find(t.History) is not null)];
        if (trials.Length == 0)
            return null;
        TableBuilder<Replicate> table = new();
        table
            .AddHeader("seed", "seed", t => Format.Integer(t.Seed))
            .AddText("trial", "trial_id", t => t.TrialId)
            .Add("ours", "ours", ColumnKind.Number, t => Cell(t, c.Claim.Quantity));
        if (c is { Rival: { } row, Claim.Rival: { } rival })
        {
            Dictionary<long, Replicate> others = row
                .Completed.Where(t => rival.Quantity.Find(t.History) is not null)
                .ToDictionary(t => t.Seed);
            table
                .AddText("other side’s trial", "rival_trial_id", t => others.GetValueOrDefault(t.Seed)?.TrialId ?? Format.None)
                .Add("other side", "rival", ColumnKind.Number, t => Cell(others.GetValueOrDefault(t.Seed), rival.Quantity));
        }
        return table.Build($"seeds-{index}", "Seed by seed.", trials);
    }

    private static ReportCell Cell(Replicate? trial, PaperQuantity quantity) =>
        trial is null ? ReportCell.None : ReportCell.Number(quantity.Value(trial.History), 2).From([trial]);
}
