using Rouser.Reports.Statistics;

namespace Rouser.Reports.Tests.Statistics;

public sealed class EstimateTests
{
    [Fact]
    public void Interval_of_three_values_is_the_one_by_hand()
    {
        // 90, 92, 97: mean 93, s² = (9 + 1 + 16) / 2 = 13, half = 4.302653 · √(13/3) = 8.95660.
        Estimate e = Estimate.Of([90, 92, 97]);
        Assert.Equal(93, e.Value, 12);
        Assert.Equal(8.9566, e.HalfWidth!.Value, 0.0005);
        Assert.Equal(84.0434, e.Low!.Value, 0.0005);
        Assert.Equal(3, e.N);
    }

    [Fact]
    public void One_value_has_no_interval()
    {
        Estimate e = Estimate.Of([0.5]);
        Assert.Equal((0.5, 1), (e.Value, e.N));
        Assert.Null(e.HalfWidth);
    }

    [Fact]
    public void Ratios_average_geometrically_so_that_two_and_a_half_cancel() =>
        Assert.Equal(1, Estimate.OfRatios([2, 0.5]).Value, 12);
}
