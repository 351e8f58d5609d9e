namespace Rouser.Core.Tests;

public sealed class StudentTTests
{
    // The 0.975 column of the table that statistics textbooks print.
    [Theory]
    [InlineData(1, 12.706)]
    [InlineData(2, 4.303)]
    [InlineData(3, 3.182)]
    [InlineData(4, 2.776)]
    [InlineData(5, 2.571)]
    [InlineData(9, 2.262)]
    [InlineData(10, 2.228)]
    [InlineData(29, 2.045)]
    [InlineData(30, 2.042)]
    [InlineData(120, 1.980)]
    public void Quantiles_are_those_of_the_printed_table(int degrees, double expected) =>
        Assert.Equal(expected, StudentT.Quantile(0.975, degrees), 0.0005);

    [Theory]
    [InlineData(0.95, 2, 2.920)]
    [InlineData(0.995, 4, 4.604)]
    public void Other_probabilities_too(double probability, int degrees, double expected) =>
        Assert.Equal(expected, StudentT.Quantile(probability, degrees), 0.0005);
}
