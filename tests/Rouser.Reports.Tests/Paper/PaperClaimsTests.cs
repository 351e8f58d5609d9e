using System.Security.Cryptography;
using Rouser.Reports.Paper;
using Rouser.Testing;

namespace Rouser.Reports.Tests.Paper;

public sealed class PaperClaimsTests
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
    [InlineData("Headline", "N-MNIST", 2.0)]
    public void Every_printed_number_is_there(string place, string dataset, params double[] printed) =>
        Assert.Equal(
            printed,
            PaperClaims
                .All.Where(c => c.Place.Name == place && c.Dataset.Name == dataset)
                .Select(c => c.Number?.Printed)
                .OfType<double>()
        );

    [Fact]
    public void Every_table_and_figure_from_3_to_11_has_its_place() =>
        Assert.Equal(
            ["Table 1", "Table 2", "Table 3", .. Enumerable.Range(3, 9).Select(n => $"Figure {n}"), "Headline"],
            PaperClaims.Places.Select(p => p.Name)
        );

    [Fact]
    public void Place_without_a_statement_is_one_that_is_drawn_only() =>
        Assert.Equal(
            ["Table 2", "Figure 7", "Figure 8"],
            PaperClaims.Places.Where(p => PaperClaims.All.All(c => c.Place != p)).Select(p => p.Name)
        );

    [Fact]
    public void Every_statement_has_an_id_of_its_own_and_can_be_decided_or_is_quoted()
    {
        Assert.Equal(PaperClaims.All.Count, PaperClaims.All.Select(c => c.Id).Distinct().Count());
        Assert.All(PaperClaims.All, c => Assert.True(c.Number is not null || c.Rival is not null, c.Id));
        // A misspelt arm would be taken for somebody else's.
        Assert.Equal(
            [
                "Sparse BP (34×34-200-200-10)",
                "SKIM (10000 hidden)",
                "DART",
                "Backpropagation, Lee 2016 (800 hidden)",
                "Sparse BP",
            ],
            PaperClaims.All.Where(c => c.Arm.IsQuoted).Select(c => c.Arm.Name)
        );
        Assert.All(PaperClaims.All, c => Assert.False(c.Rival is { Arm.IsQuoted: true }, c.Id));
        Assert.All(PaperClaims.All, c => Assert.Equal(c.Arm.IsQuoted, c.Number is { Tolerance: null }));
    }

    [Fact]
    public void Printed_numbers_go_the_way_of_their_comparison() =>
        Assert.All(
            PaperClaims.All.Where(c => c is { Number.IsDifference: false, Rival.Printed: not null }),
            c => Assert.Equal(c.Rival!.IsLower, c.Number!.Printed > c.Rival.Printed)
        );

    [Fact]
    public void Tolerance_is_half_of_the_printed_effect_and_at_most_five_points()
    {
        PaperClaim[] compared = [.. PaperClaims.All.Where(c => c is { Number.IsDifference: false, Rival.Printed: not null })];
        Assert.Equal(10, compared.Length);
        foreach (PaperClaim claim in compared)
        {
            double half = Math.Min(5, Math.Abs(claim.Number!.Printed - claim.Rival!.Printed!.Value) / 2);
            Assert.Equal(half, claim.Number.Tolerance!.Value, 0.0051);
            // Its other side, which stands by itself, has the same.
            Assert.Contains(
                PaperClaims.All,
                c =>
                    c.Number is { } other
                    && other.Printed == claim.Rival.Printed
                    && other.Tolerance == claim.Number.Tolerance
                    && c.Quantity.Description == claim.Quantity.Description
            );
        }
    }

    [Fact]
    public void Digest_is_that_of_the_file_in_the_repository()
    {
        byte[] file = File.ReadAllBytes(Repository.Path("Reports", "Rouser.Reports.Paper", "claims.json"));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), PaperClaims.Digest);
    }
}
