using Rouser.Reports.Statistics;

namespace Rouser.Reports.Tests.Statistics;

// Expected values by SciPy 1.10: trim_mean(x, 0.25) and mannwhitneyu(a, b).statistic / n²; the ends by enumerating
// all resamples of five, of two million for ten.
public sealed class OverSeedsTests
{
    private static readonly double[] A = [90.5, 92, 97, 88, 93.5],
        B = [91, 90, 95.5, 88, 91];

    [Fact]
    public void Interquartile_mean_leaves_the_collapsed_seed_out()
    {
        Estimate e = InterquartileMean.Of([61, 92, 97, 88, 93.5, 90, 94.5, 91.5, 89, 96])!.Value;
        Assert.Equal((91.75, 10), (e.Value, e.N));
        Assert.Equal(81.16666667, e.Low!.Value, 0.6);
        Assert.Equal(94.91666667, e.High!.Value, 0.3);
    }

    [Fact]
    public void Interquartile_mean_of_five_is_that_of_the_middle_three()
    {
        Estimate e = InterquartileMean.Of(A)!.Value;
        Assert.Equal(92, e.Value, 9);
        Assert.Equal((88.0, 97.0), (e.Low!.Value, e.High!.Value));
    }

    [Fact]
    public void Interquartile_mean_of_four_has_no_interval_and_of_three_is_none()
    {
        Assert.Equal(new Estimate(91.25, null, null, 4, IntervalKind.None), InterquartileMean.Of(A[..4]));
        Assert.Null(InterquartileMean.Of(A[..3]));
    }

    [Fact]
    public void Probability_of_improvement_counts_all_pairs_and_ties_by_half()
    {
        Estimate e = Improvement.Of(A, B);
        Assert.Equal(0.62, e.Value, 12);
        Assert.Equal(0.18, e.Low!.Value, 0.03);
        Assert.Equal(1, e.High!.Value, 0.03);
        Assert.Equal(0.38, Improvement.Of(B, A).Value, 12);
    }

    [Fact]
    public void Probability_of_improvement_of_few_seeds_has_no_interval() =>
        Assert.Equal(IntervalKind.None, Improvement.Of(A[..3], B[..3]).Interval);

    [Fact]
    public void Certain_improvement_claims_no_interval_of_width_zero()
    {
        Estimate e = Improvement.Of(A, [1, 2, 3, 4, 5]);
        Assert.Equal((1.0, IntervalKind.NoSpread), (e.Value, e.Interval));
        Assert.Null(e.Low);
    }
}
