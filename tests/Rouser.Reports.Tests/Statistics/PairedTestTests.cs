using Rouser.Reports.Statistics;

namespace Rouser.Reports.Tests.Statistics;

// Expected values by SciPy 1.10: scipy.stats.permutation_test((d, zeros), mean of differences, permutation_type='samples',
// n_resamples=inf) and scipy.stats.binomtest(b, b + c).
public sealed class PairedTestTests
{
    [Theory]
    [InlineData(0.03125, 3.1, -0.4, 2.2, 5.0, 1.7, 0.9, 2.8)]
    [InlineData(0.0625, 1.0, 1.0, -1.0, 1.0, 1.0, 1.0, 1.0, 1.5)]
    [InlineData(0.03125, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0)]
    [InlineData(1.0, 0.0, 0.0)]
    public void Sign_flip_p_counts_all_patterns(double expected, params double[] differences)
    {
        Assert.Equal(expected, SignFlip.P(differences), 12);
        Assert.Equal(expected, SignFlip.P([.. differences.Select(d => -d)]), 12);
    }

    [Theory]
    [InlineData(3, 0.25, false)]
    [InlineData(5, 0.0625, false)]
    [InlineData(6, 0.03125, true)]
    [InlineData(21, 0.00000095367431640625, false)]
    public void Few_pairs_cannot_come_below_five_percent(int pairs, double lowest, bool canDecide) =>
        Assert.Equal((lowest, canDecide), (SignFlip.LowestP(pairs), SignFlip.CanDecide(pairs)));

    [Theory]
    [InlineData(12, 4, 0.076812744140625)]
    [InlineData(0, 6, 0.03125)]
    [InlineData(30, 31, 1.0)]
    [InlineData(3, 19, 0.0008554458618164062)]
    [InlineData(150, 101, 0.002380992521645344)]
    [InlineData(5, 5, 1.0)]
    [InlineData(0, 0, 1.0)]
    public void McNemar_is_the_binomial_test_of_the_samples_that_one_alone_gets_right(int first, int second, double expected)
    {
        Assert.Equal(expected, McNemar.P(first, second), 12);
        Assert.Equal(expected, McNemar.P(second, first), 12);
    }
}
