using Rouser.Reports.Figures;

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
            string[] here =
            [
                .. figures.Where(f => f.Paper == paper).Select(f => f.Title),
                .. paper == PaperFigure.AccuracyNMnist
                    ? figures.Where(f => f.Paper == PaperFigure.WeightNormalisation).Select(f => $"{f.Title} (two of its arms)")
                    : [],
            ];
            rows.Add([
                new ReportCell($"figure {paper.Number}"),
                new ReportCell(paper.Shows),
                new ReportCell(paper.Data.Name),
                here.Length > 0
                    ? new ReportCell(string.Join("; ", here))
                    : new ReportCell(
                        $"not run: nothing in the plan trains on {paper.Data.Name} what it shows; run sweeps/{paper.SweepFile}"
                    ),
            ]);
        }
        return new ReportTable(
            "paper-figures",
            "The paper’s figures and what stands beside each of them in this report. Figures 1 and 2 of the paper show no measurements.",
            [
                new("paper", "paper", ColumnKind.RowHeader),
                new("shows", "shows", ColumnKind.Text),
                new("data", "data", ColumnKind.Text),
                new("here", "here", ColumnKind.Text),
            ],
            rows,
            []
        );
    }
}
