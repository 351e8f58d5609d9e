using Rouser.Reports.Documents;
using Rouser.Reports.Model;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Paper;

/// <summary>
/// Sets a report beside the paper (Takaghaj and Sampson, "Rouser: Robust SNN training using adaptive threshold
/// learning", arXiv 2407.19566): the rule, an overview, then a table for each of the paper's tables and figures of which
/// something was run.
/// </summary>
public sealed class PaperReport : IPublishedResults
{
    /// <inheritdoc/>
    public IReadOnlyList<(string Lead, string Text)> ReadingNotes { get; } =
    [("The paper.", $"{PaperClaims.Paper}."), .. PaperRule.Statement];

    /// <inheritdoc/>
    public string RemarkOn(StudyFigure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return PaperFigure.Beside(figure)?.Remark(figure.Study) ?? "";
    }

    /// <summary>
    /// The rows of the paper's Table 3 for which the study has an arm of the same method with as many layers.
    /// </summary>
    public IReadOnlyList<PublishedShares> DeadNeurons(StudyResults study) =>
        [
            .. Table3()
                .Where(p => study.Rows.Any(r => r.Layers == p.Percent.Length && PaperDataset.NMnist.IsOf(r) && p.Arm.Fits(r)))
                .Select(p => new PublishedShares(
                    "paper",
                    p.Arm.Name,
                    p.Arm.Rule,
                    p.Percent,
                    "The paper’s Table 3, not measured here: N-MNIST, 500-500-10 neurons, “during training”, one number per "
                        + "layer without an interval. It stands beside arms with the same kind of threshold; data, epochs "
                        + "and conventions differ.",
                    "paper: its Table 3, during training, N-MNIST 500-500-10; which definition it takes is not stated here."
                )),
        ];

    // The paper prints one number per layer, which stands with both readings of "dead".
    private static IEnumerable<(PaperArm Arm, double[] Percent)> Table3() =>
        PaperClaims
            .All.Where(c => c.Place == PaperClaims.Place("Table 3"))
            .GroupBy(c => c.Arm)
            .Select(arm => (arm.Key, arm.DistinctBy(c => c.Quantity.Layers).Select(c => c.Number!.Printed).ToArray()));

    /// <inheritdoc/>
    public IReadOnlyList<string> Prospect(ReportModel planned) => PaperProspect.Of(planned);

    /// <inheritdoc/>
    public PublishedSection? Section(ReportModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        IReadOnlyList<PaperComparison> comparisons = PaperComparison.Of(model);
        // A row is one of the paper's if it has a setting that the paper has, too.
        if (!comparisons.Any(c => c.Row is not null && c.Claim.Setting != PaperSetting.Open))
            return null;
        ReportTable hyperparameters = PaperTable2.Build(model),
            overview = PaperTables.Overview(comparisons, hyperparameters);
        return new PublishedSection(
            "The paper's tables and figures: how many of their numbers and comparisons came to which verdict. The report says by "
                + "which rule, and what differs from the paper's trainings.",
            overview,
            figures => Blocks(comparisons, overview, hyperparameters, figures)
        )
        {
            Pages = PaperPages.Of(comparisons),
            Files = [new("claims/claims.json", () => PaperJson.Render(comparisons))],
        };
    }

    private static IEnumerable<Block> Blocks(
        IReadOnlyList<PaperComparison> comparisons,
        ReportTable overview,
        ReportTable hyperparameters,
        IReadOnlyList<StudyFigure> figures
    )
    {
        yield return new Heading(2, "paper", "Beside the paper");
        yield return new Paragraph(Scale(comparisons));
        yield return new Paragraph(
            Verdicts(comparisons),
            (Bullets.Anchor(PaperRule.Statement[0].Lead), "The rule of the verdicts.")
        );
        yield return new TableBlock(overview);
        yield return new Paragraph(
            "Each statement that has a row here stands on a page of its own in the folder claims, and all of them in "
                + $"claims/claims.json. Statements and tolerances: claims.json of the program, SHA-256 {PaperClaims.Digest}."
        );
        yield return new Fold("Statement by statement", [.. Statements(comparisons, hyperparameters, figures)]);
    }

    // At what scale, before any verdict.
    private static string Scale(IReadOnlyList<PaperComparison> comparisons)
    {
        PaperComparison[] run = [.. comparisons.Where(c => c.Row is not null)];
        if (run.All(c => c.Differences.Count == 0))
            return "The trainings here that stand beside the paper are the paper’s, as far as it states them.";
        if (run.Any(c => c.Differences.Count == 0))
            return "Some trainings here are the paper’s as far as it states them, and some are not: what differs stands beside each "
                + "verdict.";
        IEnumerable<string> differing = run.GroupBy(c => c.Claim.Dataset).Select(on => $"{on.Key.Name}: {Shared([.. on])}");
        return $"Every training here that stands beside the paper differs from it. {string.Join(". ", differing)}.";
    }

    // What differs in all of them, or that it is not the same in all.
    private static string Shared(PaperComparison[] comparisons)
    {
        string[] shared = PaperComparison.SharedDifferences(comparisons);
        return shared.Length > 0 ? string.Join("; ", shared) : "in what stands beside each verdict";
    }

    private static string Verdicts(IReadOnlyList<PaperComparison> comparisons)
    {
        int statements = comparisons.Where(c => c.Row is not null).Select(c => c.Claim).Distinct().Count();
        string[] counts =
        [
            .. Enum.GetValues<PaperVerdict>()
                .Where(verdict => verdict != PaperVerdict.NotRun)
                .Select(verdict => $"{PaperTables.Count(comparisons, verdict)} {verdict.Describe()}"),
        ];
        return $"Of {PaperClaims.All.Count} statements of the paper, {statements} have a row here. Their numbers and comparisons: "
            + $"{string.Join(", ", counts)}.";
    }

    private static IEnumerable<Block> Statements(
        IReadOnlyList<PaperComparison> comparisons,
        ReportTable hyperparameters,
        IReadOnlyList<StudyFigure> figures
    )
    {
        foreach (IGrouping<PaperPlace, PaperComparison> place in comparisons.GroupBy(c => c.Claim.Place))
        {
            if (place.All(c => c.Row is null))
                continue;
            yield return new Heading(3, $"paper-{place.Key.Id}", place.Key.Name);
            // Of several rows that fit a statement as well, the plan's first stands beside it.
            PaperComparison[] first = [.. place.DistinctBy(c => c.Claim)],
                rest = [.. place.Except(first)];
            yield return new TableBlock(PaperTables.Build(place.Key, first));
            if (rest.Length > 0)
                yield return new TableBlock(PaperTables.Build(place.Key, rest, "-more"), Fold: "Other rows that fit as well");
        }
        yield return new Heading(3, $"paper-{PaperClaims.Table2.Id}", PaperClaims.Table2.Name);
        yield return new TableBlock(hyperparameters);
        yield return new Heading(3, "paper-figures", "Figures");
        yield return new TableBlock(PaperTables.Figures(figures));
    }
}
