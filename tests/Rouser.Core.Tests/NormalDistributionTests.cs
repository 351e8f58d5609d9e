namespace Rouser.Core.Tests;

public sealed class NormalDistributionTests
{
    // Abramowitz and Stegun, tables 26.1 and 26.2.
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.841344746068543)]
    [InlineData(1.959963984540054, 0.975)]
    [InlineData(3, 0.998650101968370)]
    [InlineData(-3.5, 2.326290790355e-4)]
    [InlineData(-5, 2.866515719e-7)]
    [InlineData(-8, 6.220960574e-16)]
    public void Probabilities_are_those_of_the_printed_tables(double z, double expected) =>
        Assert.Equal(1, NormalDistribution.Cumulative(z) / expected, 1e-9);

    [Theory]
    [InlineData(1e-12)]
    [InlineData(0.0004)]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.9999)]
    public void A_quantile_has_its_probability(double probability) =>
        Assert.Equal(1, NormalDistribution.Cumulative(NormalDistribution.Quantile(probability)) / probability, 1e-9);

    [Fact]
    public void The_arc_tangent_agrees_with_the_platforms()
    {
        RandomStream random = new(1, "atan");
        for (int i = 0; i < 100_000; i++)
        {
            double x = i % 2 == 0 ? random.NextDouble(0, 2) : 1 / random.NextDouble(1e-9, 1);
            Assert.Equal(1, PortableMath.Atan(x) / Math.Atan(x), 1e-15);
        }
    }
}
