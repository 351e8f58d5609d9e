using Rouser.Core;
using Rouser.Reports.Documents;
using Rouser.Reports.Model;
using Rouser.Reports.Sensitivity;
using Rouser.Reports.Tests.Fixtures;
using Rouser.Results;
using Rouser.Storage.Parquet;

namespace Rouser.Reports.Tests.Model;

public sealed class ThresholdHistogramsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rouser-histograms-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // A large sweep has millions of histograms, a report draws a few hundred.
    [Fact]
    public void Report_of_the_histograms_of_the_trials_that_are_drawn_is_that_of_all()
    {
        ResultTables tables = SweepRun.Build();
        TableFiles.Write(_folder, tables);
        ReportModel lean = ReportModel.From(TableFiles.Read(_folder, ReportModel.LayerColumns).Value).Value;
        HashSet<string> shown = [.. ThresholdHistogramFigure.TrialsShown(lean)];
        Assert.InRange(shown.Count, 1, lean.Cells.Count() / 2);
        IReadOnlyList<Table> parts = TableFiles
            .ReadLayers(_folder, TableDigests.Read(_folder).Value, ThresholdHistograms.Columns, shown)
            .Value;
        Assert.Equal(shown, parts.SelectMany(part => ((Column<string>)part.Find("trial_id")!).Values).ToHashSet());
        List<UserError> mistakes = [];
        ReportModel model = lean with { Histograms = ThresholdHistograms.In(parts, mistakes) };
        Assert.Empty(mistakes);
        ReportModel whole = ReportModel.From(tables).Value;
        Assert.Contains(
            ReportDocument.Build(whole).Figures,
            f => f.Id.StartsWith("threshold-histograms-", StringComparison.Ordinal)
        );
        Assert.Equal(HtmlRenderer.Render(ReportDocument.Build(whole)), HtmlRenderer.Render(ReportDocument.Build(model)));
    }

    [Fact]
    public void Column_of_another_type_is_a_mistake()
    {
        ResultTables tables = SweepRun.Build();
        Table layers = tables.Layers with
        {
            Columns =
            [
                .. tables.Layers.Columns.Select(c =>
                    c.Name == "threshold_histogram" ? new Column<int>(c.Name, new int[c.Count]) : c
                ),
            ],
        };
        Assert.Contains("threshold_histogram", Assert.Single(ReportModel.From(tables with { Layers = layers }).Errors).Message);
    }
}
