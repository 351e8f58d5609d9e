using Rouser.Reports.Sensitivity;

namespace Rouser.Reports.Tests.Sensitivity;

public sealed class VarianceDecompositionTests
{
    [Fact]
    public void Sum_of_two_functions_has_their_variances_and_no_interaction()
    {
        double[] a = [0, 3, 6],
            b = [1, -1];
        VarianceDecomposition variance = new([3, 2], [.. a.SelectMany(x => b.Select(y => x + y))]);
        Assert.Equal(6, variance.Of(0b01), 12);
        Assert.Equal(1, variance.Of(0b10), 12);
        Assert.Equal(0, variance.Of(0b11), 12);
        Assert.Equal(7, variance.Total, 12);
    }

    [Fact]
    public void Product_of_two_centred_functions_is_interaction_alone()
    {
        double[] a = [-1, 0, 1],
            b = [-2, 2];
        VarianceDecomposition variance = new([3, 2], [.. a.SelectMany(x => b.Select(y => x * y))]);
        Assert.Equal([0, 0, 8.0 / 3], [Round(variance.Of(0b01)), Round(variance.Of(0b10)), variance.Of(0b11)]);
    }

    // By numpy, another way: V_U as the squared length of the projection of the values onto the tensor product of the
    // centred bases (QR) of the variables of U.
    [Theory]
    [InlineData(0b001u, 0.8050276354166668)]
    [InlineData(0b010u, 1.9660150468750002)]
    [InlineData(0b100u, 0.3157971684027779)]
    [InlineData(0b011u, 0.9554785729166664)]
    [InlineData(0b101u, 0.7187622118055552)]
    [InlineData(0b110u, 0.5400096718749999)]
    [InlineData(0b111u, 0.32617738541666674)]
    public void Shares_are_those_of_a_projection_onto_centred_bases(uint set, double expected)
    {
        VarianceDecomposition variance = new(
            [3, 4, 2],
            [
                0.004,
                0.896,
                -2.322,
                -4.172,
                -4.364,
                -5.975,
                -4.32,
                -0.479,
                0.523,
                0.139,
                1.97,
                1.571,
                -0.684,
                -3.791,
                -2.588,
                -0.414,
                -0.033,
                2.627,
                -3.204,
                -1.369,
                -4.525,
                0.295,
                -4.302,
                0.314,
            ]
        );
        Assert.Equal(expected, variance.Of(set), 1e-12);
        Assert.Equal(5.627267692708333, variance.Total, 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Shares_of_all_sets_add_up(int seed)
    {
        Random random = new(seed);
        int[] sizes = [2, 3, 2, 4];
        VarianceDecomposition variance = new(sizes, [.. Enumerable.Range(0, 48).Select(_ => random.NextDouble())]);
        Assert.Equal(variance.Total, Enumerable.Range(1, 15).Sum(set => variance.Of((uint)set)), 1e-12);
    }

    private static double Round(double value) => Math.Round(value, 12);
}
