using Rouser.Reports.Statistics;

namespace Rouser.Reports.Tests.Statistics;

// Expected ends by SciPy 1.10: scipy.stats.t.interval(0.95, n - 1, mean, scipy.stats.sem(x)) for n below 10. From 10
// on, every multiset of n draws was enumerated with its multinomial probability
// (itertools.combinations_with_replacement), and the ends are where the probabilities pass norm.cdf(-sqrt(n/(n-1)) *
// t.ppf(0.975, n-1)) and its complement; for n = 10, numpy.quantile of two million resamples.
public sealed class EstimateTests
{
    private static readonly double[] Ten = [61, 92, 97, 88, 93.5, 90, 94.5, 91.5, 89, 96];

    [Theory]
    [InlineData(84.04331410463357, 101.95668589536643, 90.0, 92.0, 97.0)]
    [InlineData(85.83760634158608, 97.91239365841392, 90.5, 92.0, 97.0, 88.0)]
    [InlineData(88.02147317691625, 96.37852682308376, 90.5, 92.0, 97.0, 88.0, 93.5)]
    [InlineData(80.28612462289202, 96.71387537710798, 61.0, 92.0, 97.0, 88.0, 93.5, 90.0, 94.5, 91.5, 89.0)]
    public void Few_seeds_have_the_interval_of_Student(double low, double high, params double[] values)
    {
        Estimate e = Estimate.Of(values);
        Assert.Equal((IntervalKind.StudentT, values.Length), (e.Interval, e.N));
        // SciPy 1.10 has t to nine digits or so.
        Assert.Equal(low, e.Low!.Value, 8);
        Assert.Equal(high, e.High!.Value, 8);
    }

    [Fact]
    public void Ten_seeds_have_the_interval_of_two_million_resamples() => AssertBootstrap(89.25, 80.05, 94.2, 0.35, Ten);

    [Fact]
    public void Bootstrap_leaves_no_accuracy_above_the_highest_seed()
    {
        Estimate e = Estimate.Of([100, 100, 100, 100, 98, 100, 100, 100, 100, 99]);
        Assert.InRange(e.High!.Value, 99.6, 100);
    }

    [Fact]
    public void One_value_has_no_interval()
    {
        Estimate e = Estimate.Of([0.5]);
        Assert.Equal((0.5, 1, IntervalKind.None), (e.Value, e.N, e.Interval));
        Assert.Null(e.HalfWidth);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Equal_values_have_no_interval_of_width_zero_even_if_their_last_bits_differ(int n)
    {
        // 100 · (0.8 − 0.7) and 100 · (0.9 − 0.8) differ by 1.4e-14.
        double[] values = [.. Enumerable.Range(0, n).Select(i => i % 2 == 0 ? 100 * (0.8 - 0.7) : 100 * (0.9 - 0.8))];
        Estimate e = Estimate.Of(values);
        Assert.Equal((IntervalKind.NoSpread, n), (e.Interval, e.N));
        Assert.Null(e.Low);
    }

    [Fact]
    public void Ratios_average_geometrically_so_that_two_and_a_half_cancel() =>
        Assert.Equal(1, Estimate.OfRatios([2, 0.5]).Value, 12);

    [Fact]
    public void Interval_of_ratios_is_that_of_their_logarithms()
    {
        Estimate e = Estimate.OfRatios([2, 0.5, 1.5, 1, 3]);
        Assert.Equal(1.3509600385206133, e.Value, 12);
        Assert.Equal(0.5767289869016236, e.Low!.Value, 9);
        Assert.Equal(3.1645592074097277, e.High!.Value, 9);
    }

    // Ten thousand resamples find such far percentiles with an error of some order statistics: hence the tolerance.
    private static void AssertBootstrap(double mean, double low, double high, double tolerance, double[] values)
    {
        Estimate e = Estimate.Of(values);
        Assert.Equal((IntervalKind.Bootstrap, values.Length), (e.Interval, e.N));
        Assert.Equal(mean, e.Value, 9);
        Assert.Equal(low, e.Low!.Value, tolerance);
        Assert.Equal(high, e.High!.Value, tolerance);
        Assert.Equal(e, Estimate.Of(values));
    }
}
