using Rouser.Reports.Model;
using Rouser.Reports.Paper;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Documents;

/// <summary>
/// The section that sets the run beside the paper: the rule, an overview, then a table for each of the paper's tables
/// and figures of which something was run.
/// </summary>
internal static class PaperSection
{
    /// <summary>The overview alone; null if no row of the run is anything that the paper trained.</summary>
    public static ReportTable? Overview(ReportModel model)
    {
        IReadOnlyList<PaperComparison> comparisons = PaperComparison.Of(model);
        return comparisons.All(c => c.Row is null) ? null : PaperTables.Overview(comparisons, PaperTable2.Build(model));
    }

    /// <summary>Its blocks; none if no row of the run is anything that the paper trained.</summary>
    public static IEnumerable<Block> Build(ReportModel model)
    {
        IReadOnlyList<PaperComparison> comparisons = PaperComparison.Of(model);
        if (comparisons.All(c => c.Row is null))
            yield break;
        ReportTable hyperparameters = PaperTable2.Build(model);
        yield return new Heading(2, "paper", "Beside the paper");
        yield return new Bullets(PaperRule.Words);
        yield return new TableBlock(PaperTables.Overview(comparisons, hyperparameters));
        foreach (
            IGrouping<PaperPlace, PaperComparison> place in comparisons
                .GroupBy(c => c.Claim.Place)
                .Where(g => g.Any(c => c.Row is not null))
        )
        {
            yield return new Heading(3, $"paper-{place.Key.Id}", place.Key.Name);
            yield return new TableBlock(PaperTables.Build(place.Key, [.. place]));
        }
        yield return new Heading(3, $"paper-{PaperResults.Table2.Id}", PaperResults.Table2.Name);
        yield return new TableBlock(hyperparameters);
    }
}
