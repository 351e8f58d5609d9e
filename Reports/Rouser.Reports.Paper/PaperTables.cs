using Rouser.Reports.Documents;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Paper;

/// <summary>
/// The paper's statements and ours as tables: one for each of its tables and figures that states something, one over
/// all, and one of its figures.
/// </summary>
internal static class PaperTables
{
    private const string NothingRun = "nothing of it was run";

    /// <summary>How many numbers and comparisons of each place came to which verdict.</summary>
    public static ReportTable Overview(IReadOnlyList<PaperComparison> comparisons, ReportTable hyperparameters)
    {
        TableBuilder<PlaceSummary> table = new();
        table.AddHeader("paper", "place", s => s.Place.Name).AddText("shows", "shows", s => s.Place.Shows);
        foreach (PaperVerdict verdict in Enum.GetValues<PaperVerdict>())
            table.Add(
                verdict.Describe(),
                verdict.Describe().Replace(' ', '_'),
                ColumnKind.Number,
                s => s.Own is { } own ? ReportCell.Count(Count(own, verdict)) : ReportCell.None
            );
        table.AddText("remark", "remark", s => s.Remark);
        ILookup<PaperPlace, PaperComparison> byPlace = comparisons.ToLookup(c => c.Claim.Place);
        return table.Build(
            "paper-overview",
            "What this run says of each table and figure of the paper: how many of its numbers and comparisons, each beside "
                + "every row that fits it best, came to which verdict.",
            PaperClaims.Places.Select(place => Summary(place, [.. byPlace[place]], comparisons, hyperparameters))
        );
    }

    /// <summary>How many numbers and comparisons came to a verdict.</summary>
    public static int Count(IEnumerable<PaperComparison> comparisons, PaperVerdict verdict) =>
        comparisons.SelectMany(c => c.Decisions).Count(d => d.Verdict == verdict);

    /// <summary>A place's statements, one by one.</summary>
    public static ReportTable Build(PaperPlace place, IReadOnlyList<PaperComparison> comparisons, string suffix = "")
    {
        bool isTable1 = place == PaperClaims.Place("Table 1");
        TableBuilder<PaperComparison> table = new();
        table
            .AddHeader("paper", "paper", c => c.Claim.Label)
            .AddHeader("what", "quantity", c => c.Claim.Quantity.Description)
            .AddText("ours", "row", c => c.Row is null ? Format.None : $"{c.Row.Study}: {SettingLabel.Name(c.Row)}")
            .AddEstimate("ours", "ours", c => Ours(c, table.Notes), "number");
        if (isTable1)
            table.AddEstimate(
                "ours, highest on test (optimistic)",
                "ours_highest_on_test_percent",
                c => Highest(c, table.Notes),
                "number"
            );
        table
            .Add("paper", "printed", ColumnKind.Number, c => Printed(c.Claim), "number")
            .Add("±", "tolerance", ColumnKind.Number, c => Tolerance(c.Claim), "number")
            .Add("verdict", "number_verdict", ColumnKind.Text, c => Verdict(c, c.Number, table.Notes), "number")
            .Add("to be", "comparison", ColumnKind.Text, c => new(c.Claim.Rival?.Label ?? Format.None), "comparison")
            .AddEstimate("difference", "difference_points", Difference, "comparison")
            .Add("verdict", "comparison_verdict", ColumnKind.Text, c => Verdict(c, c.Direction, table.Notes), "comparison");
        int left = comparisons.Sum(c => c.Left);
        return table.Build(
            $"paper-{place.Id}{suffix}",
            $"{place.Name} of the paper: {place.Shows}. Beside each statement, what this run has: the mean over n seeds with "
                + "its 95 % interval, and the difference by seed from the other side of the comparison."
                + (left > 0 ? $" {left} more rows fit as well; they stand in their studies’ tables." : "")
                + (
                    isTable1
                        ? " The paper does not say at which epoch it tests; ours is the last one, which nothing has chosen."
                        : ""
                ),
            comparisons,
            groupsRows: true
        );
    }

    /// <summary>A row for every figure of the paper that a sweep can make; one that the plan lacks says what to run.</summary>
    /// <param name="figures">All figures of the report.</param>
    public static ReportTable Figures(IReadOnlyList<StudyFigure> figures)
    {
        ILookup<PaperFigure?, string> here = figures.ToLookup(PaperFigure.Beside, f => f.Figure.Title);
        return new TableBuilder<PaperFigure>()
            .AddHeader("paper", "paper", p => $"figure {p.Number}")
            .AddText("shows", "shows", p => p.Shows)
            .AddText("data", "data", p => p.Data.Name)
            .AddText("here", "here", Here)
            .Build(
                "paper-figures",
                "The paper’s figures and what stands beside each of them in this report. Figures 1 and 2 of the paper show no "
                    + "measurements.",
                PaperFigure.All
            );

        string Here(PaperFigure paper)
        {
            string[] titles =
            [
                .. here[paper],
                .. paper == PaperFigure.AccuracyNMnist
                    ? here[PaperFigure.WeightNormalisation].Select(title => $"{title} (two of its arms)")
                    : [],
            ];
            return titles.Length > 0
                ? string.Join("; ", titles)
                : $"not run: nothing in the plan trains on {paper.Data.Name} what it shows; run sweeps/{paper.SweepFile}";
        }
    }

    private static ReportCell Printed(PaperClaim claim) =>
        claim.Number is { } number ? ReportCell.Published(number.Printed, Decimals(number.Printed)) : ReportCell.None;

    private static ReportCell Tolerance(PaperClaim claim) =>
        claim.Number is { Tolerance: { } tolerance } ? ReportCell.Number(tolerance, Decimals(tolerance)) : ReportCell.None;

    private static ReportCell Ours(PaperComparison c, Footnotes notes) =>
        c.Row is null ? ReportCell.None
        : c.Ours is { } ours ? notes.Marked(ReportCell.Of(ours, 1), c.Row)
        : c.Row.IsComplete ? ReportCell.None
        : notes.Incomplete(c.Row);

    private static ReportCell Highest(PaperComparison c, Footnotes notes) =>
        c.Row is null ? ReportCell.None : notes.Cell(c.Row, h => 100 * h.TestAccuracy(h.HighestTestEpoch), 1, 1);

    private static ReportCell Difference(PaperComparison c) =>
        c is { Row: { } row, Rival: { } rival } ? ReportCell.Difference(c.Difference, 1, row, rival) : ReportCell.None;

    private static ReportCell Verdict(PaperComparison c, PaperDecision? decision, Footnotes notes) =>
        decision is null ? ReportCell.None : new(decision.Verdict.Describe(), Note: notes.Add(Note(c, decision)));

    private static string Note(PaperComparison c, PaperDecision decision)
    {
        string why =
            decision.Outlook.Length == 0 ? Sentence(decision.Why) : $"{Sentence(decision.Why)} {Sentence(decision.Outlook)}";
        return c.Row is null ? why : $"{why} {Differing(c)} Here: {PaperConditions.Choices(c.Row)}.";
    }

    /// <summary>What differs from the paper's trainings, as a sentence.</summary>
    public static string Differing(PaperComparison c) =>
        c.Differences.Count == 0
            ? "Nothing that the paper states differs."
            : $"Different from the paper: {string.Join("; ", c.Differences)}.";

    /// <summary>Words as a sentence.</summary>
    public static string Sentence(string words) => $"{char.ToUpperInvariant(words[0])}{words[1..]}.";

    private static PlaceSummary Summary(
        PaperPlace place,
        PaperComparison[] own,
        IReadOnlyList<PaperComparison> all,
        ReportTable hyperparameters
    )
    {
        if (place == PaperClaims.Table2)
        {
            int differ = hyperparameters.Rows.Count(row => row[^1].Text == PaperTable2.Differs);
            return new(place, $"{differ} of {hyperparameters.Rows.Count} differ; see the table");
        }
        return place.Drawn is { } dataset ? new(place, RemarkOnDrawn(dataset, all)) : new(place, Remark(own), own);
    }

    private static string Remark(PaperComparison[] own)
    {
        string[] shared = [.. own.Where(c => c.Row is not null).SelectMany(c => c.Differences).Distinct()];
        return own.All(c => c.Row is null) ? NothingRun
            : shared.Length == 0 ? "nothing stated differs"
            : string.Join("; ", shared);
    }

    private static string RemarkOnDrawn(PaperDataset dataset, IReadOnlyList<PaperComparison> comparisons) =>
        comparisons.Any(c => c.Claim.Dataset == dataset && c.Row is { HasFixedThreshold: false })
            ? "no printed number and no comparison to decide; drawn with its study"
            : NothingRun;

    // As the paper prints it: 98.66, 92.7, 96.
    private static int Decimals(double printed) =>
        printed == Math.Round(printed) ? 0
        : printed == Math.Round(printed, 1) ? 1
        : 2;

    /// <summary>A line of the overview.</summary>
    /// <param name="Remark">What there is to say of it.</param>
    /// <param name="Own">Its statements; null for one that states nothing that could be decided.</param>
    private sealed record PlaceSummary(PaperPlace Place, string Remark, PaperComparison[]? Own = null);
}
