using Rouser.Core;
using Rouser.Reports.Statistics;

namespace Rouser.Reports.Tests.Statistics;

public sealed class BootstrapTests
{
    // numpy.quantile(x, p), whose default is the same linear interpolation.
    [Theory]
    [InlineData(0.0, 1.0)]
    [InlineData(0.1, 1.4)]
    [InlineData(0.25, 2.0)]
    [InlineData(0.975, 6.8)]
    [InlineData(1.0, 7.0)]
    public void Quantiles_interpolate_between_order_statistics(double probability, double expected) =>
        Assert.Equal(expected, Bootstrap.Quantile([7, 2, 5, 2, 1], probability), 9);

    [Fact]
    public void Quantiles_of_any_values_are_those_of_the_sorted_ones()
    {
        RandomStream random = new(7, "quantiles");
        for (int round = 0; round < 200; round++)
        {
            // Few distinct values, as resamples of few seeds have.
            double[] values = [.. Enumerable.Range(0, 1 + random.NextInt(400)).Select(_ => (double)random.NextInt(1 + round))];
            double[] sorted = [.. values.Order()];
            double probability = random.NextDouble(),
                place = probability * (sorted.Length - 1);
            double expected =
                sorted[(int)place]
                + (place - (int)place) * (sorted[Math.Min((int)place + 1, sorted.Length - 1)] - sorted[(int)place]);
            Assert.Equal(expected, Bootstrap.Quantile(values, probability), 12);
        }
    }

    [Fact]
    public void Coverage_of_the_interval_is_near_what_it_says()
    {
        // 1,000 samples of ten normal values. Plain percentiles would hold the mean in some 910 of them.
        RandomStream random = new(3, "coverage");
        int held = 0;
        for (int round = 0; round < 1000; round++)
        {
            Estimate e = Estimate.Of([.. Enumerable.Range(0, 10).Select(_ => random.NextGaussian())]);
            if (e.Low <= 0 && e.High >= 0)
                held++;
        }
        Assert.InRange(held, 925, 965);
    }
}
