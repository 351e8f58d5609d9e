using System.Text.RegularExpressions;
using Rouser.Reports.Documents;
using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Reports.Tests.Fixtures;
using Rouser.Storage.Parquet;
using Rouser.Testing;

namespace Rouser.Reports.Tests.Figures;

/// <summary>What stands over a figure: what is to be seen in it, not only what it is of.</summary>
public sealed partial class FigureTitleTests
{
    [Theory]
    [InlineData("quickstart")]
    [InlineData("plausible")]
    [InlineData("sweep")]
    [InlineData("subset")]
    public void Title_of_every_figure_says_what_is_seen_and_no_caption_draws_the_first(string run)
    {
        Figure[] figures = [.. ReportDocument.Build(Model(run)).Figures];
        Assert.NotEmpty(figures);
        Assert.All(figures, f => Assert.Matches(Finding(), f.Title));
        Assert.All(figures, f => Assert.DoesNotContain("Drawn are the first", f.Caption, StringComparison.Ordinal));
    }

    [Fact]
    public void Distances_that_all_end_at_zero_are_told_as_they_begin()
    {
        ReportModel quickstart = Model("quickstart");
        Figure figure = StudyFigures.DistanceFinal(quickstart.Studies.Single())!;
        double first = quickstart
            .Studies.Single()
            .Rows.Single(r => r.Arm == "slayer" && r.Setting.StartsWith("threshold.init=1.25", StringComparison.Ordinal))
            .Completed.Average(r => r.History.Layer(1, 1).Find(Rouser.Results.LayersTable.WeightDistanceFinal)!.Value);
        Assert.Contains(
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"slayer {first:F2} in layer 1"),
            figure.Title,
            StringComparison.Ordinal
        );
        Assert.Contains("after epoch 1", figure.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Captions_tell_of_missing_seeds_only_where_some_are_missing()
    {
        Assert.DoesNotContain(
            ReportDocument.Build(Model("quickstart")).Figures,
            f => f.Caption.Contains("seeds are missing", StringComparison.Ordinal)
        );
        Assert.Contains(
            ReportDocument.Build(Model("plausible")).Figures,
            f => f.Caption.Contains("seeds are missing", StringComparison.Ordinal)
        );
    }

    private static ReportModel Model(string run) =>
        run == "quickstart"
            ? TableFiles.Read(Repository.Path("docs", "quickstart")).Then(ReportModel.From).Value
            : ReportModel
                .From(
                    run == "plausible" ? PlausibleRun.Build()
                    : run == "subset" ? SubsetRun.Build()
                    : SweepRun.Build()
                )
                .Value;

    // A number or a verdict after the quantity's name, and before the study's.
    [GeneratedRegex(
        @"^[^:]+: (?=.*, study |.* in \d+|.* in all \d+|.* in any of \d+|.* higher|.* lower).*(\d|higher|lower|no difference shown)"
    )]
    private static partial Regex Finding();
}
