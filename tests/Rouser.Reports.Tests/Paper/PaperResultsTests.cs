using Rouser.Reports.Paper;

namespace Rouser.Reports.Tests.Paper;

public sealed class PaperResultsTests
{
    // Copied from the paper by hand, apart from the data under test.
    [Theory]
    [InlineData("Table 1", "N-MNIST", 92.7, 92.87, 97.95, 98.66, 98.89, 99.21)]
    [InlineData("Table 1", "DVS128 Gesture", 84.72, 86.46)]
    [InlineData("Table 1", "SHD", 77.5, 78.14)]
    [InlineData("Table 3", "N-MNIST", 45.6, 37.1, 61.8, 15.4, 76.4, 0.0, 45.6, 37.1, 61.8, 15.4, 76.4, 0.0)]
    [InlineData("Figure 3", "N-MNIST", 96.0, 41.0)]
    [InlineData("Figure 3", "DVS128 Gesture", 86.0, 68.0)]
    [InlineData("Figure 10", "N-MNIST", 0.0)]
    public void Every_printed_number_is_there(string place, string dataset, params double[] printed) =>
        Assert.Equal(
            printed,
            PaperResults
                .Claims.Where(c => c.Place.Name == place && c.Dataset.Name == dataset)
                .Select(c => c.Printed)
                .OfType<double>()
        );

    [Fact]
    public void Every_table_and_figure_from_3_to_11_has_its_place()
    {
        string[] places =
        [
            .. PaperResults
                .Claims.Select(c => c.Place)
                .Concat(PaperResults.Undecidable.Select(p => p.Place))
                .Append(PaperResults.Table2)
                .Select(p => p.Name)
                .Distinct(),
        ];
        Assert.Equal(
            ((string[])["Table 1", "Table 2", "Table 3", .. Enumerable.Range(3, 9).Select(n => $"Figure {n}")]).Order(
                StringComparer.Ordinal
            ),
            places.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Statement_without_a_number_has_a_comparison() =>
        Assert.All(PaperResults.Claims, c => Assert.True(c.Printed is not null || c.Rival is not null, c.Label));

    [Fact]
    public void Printed_numbers_go_the_way_of_their_comparison()
    {
        foreach (
            PaperClaim claim in PaperResults.Claims.Where(c =>
                c is { Rival: not null, Printed: not null } && c.Place != PaperResults.Figure10
            )
        )
        {
            PaperClaim other = PaperResults.Claims.First(c =>
                c.Place == claim.Place
                && c.Dataset == claim.Dataset
                && c.Quantity.Description == claim.Quantity.Description
                && !ReferenceEquals(c, claim)
                && !c.Arm.IsQuoted
                && (claim.Rival!.Setting is null || c.Setting == claim.Rival.Setting)
            );
            Assert.Equal(claim.Rival!.IsLower, claim.Printed > other.Printed);
        }
    }
}
