using Rouser.Reports.Figures;
using Rouser.Reports.Model;

namespace Rouser.Reports.Tables;

/// <summary>The paper's figures and what stands beside each of them here.</summary>
internal static class PaperFigureTable
{
    /// <summary>A row for every figure that a sweep can make; one that the plan lacks says what to run.</summary>
    /// <param name="figures">All figures of the report.</param>
    public static ReportTable Build(IReadOnlyList<Figure> figures)
    {
        List<IReadOnlyList<ReportCell>> rows = [];
        foreach (PaperFigure paper in PaperFigure.All)
        {
            Figure[] here = [.. figures.Where(f => f.Paper == paper)];
            rows.Add(
            [
                new ReportCell($"figure {paper.Number}"), new ReportCell(paper.Shows), new ReportCell(paper.Data.Name),
                here.Length > 0
                    ? new ReportCell(string.Join("; ", here.Select(f => f.Title)))
                    : new ReportCell($"not run: nothing in the plan trains on {paper.Data.Name} what it shows; run sweeps/{paper.SweepFile}"),
            ]);
        }
        return new ReportTable("paper-figures", "The paper’s figures and what stands beside each of them in this report. Figures 1 and 2 of the paper show no measurements.",
            [new("paper", "paper", ColumnKind.RowHeader), new("shows", "shows", ColumnKind.Text), new("data", "data", ColumnKind.Text), new("here", "here", ColumnKind.Text)], rows, []);
    }

    /// <summary>Whether the report is about the paper: a sweep named <c>reproduce…</c>, or recordings that the paper used.</summary>
    public static bool Belongs(ReportModel model) => model.Run.SweepName.StartsWith("reproduce", StringComparison.Ordinal)
        || (!model.Synthetic && model.Studies.Any(s => PaperData.NMnist.IsOf(s) || PaperData.Dvs128.IsOf(s)));
}
