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
    [
        (
            "The paper.",
            "Takaghaj and Sampson, “Rouser: Robust SNN training using adaptive threshold learning”, arXiv 2407.19566."
        ),
        .. PaperRule.Statement,
    ];

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
            .. PaperResults
                .DeadPercent.Where(p =>
                    study.Rows.Any(r => r.Layers == p.Percent.Count && PaperDataset.NMnist.IsOf(r) && p.Arm.Fits(r))
                )
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
            "The paper's tables and figures: how many of their statements came to which verdict. The report says by which "
                + "rule, and what differs from the paper's trainings.",
            overview,
            figures => Blocks(comparisons, overview, hyperparameters, figures)
        );
    }

    private static IEnumerable<Block> Blocks(
        IReadOnlyList<PaperComparison> comparisons,
        ReportTable overview,
        ReportTable hyperparameters,
        IReadOnlyList<StudyFigure> figures
    )
    {
        yield return new Heading(2, "paper", "Beside the paper");
        yield return new Paragraph(
            "How many of the paper’s statements this run has a row of, and what came of them.",
            (Bullets.Anchor(PaperRule.Statement[0].Lead), "The rule of the verdicts.")
        );
        yield return new TableBlock(overview);
        yield return new Fold("Statement by statement", [.. Statements(comparisons, hyperparameters, figures)]);
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
        yield return new Heading(3, $"paper-{PaperResults.Table2.Id}", PaperResults.Table2.Name);
        yield return new TableBlock(hyperparameters);
        yield return new Heading(3, "paper-figures", "Figures");
        yield return new TableBlock(PaperTables.Figures(figures));
    }
}
