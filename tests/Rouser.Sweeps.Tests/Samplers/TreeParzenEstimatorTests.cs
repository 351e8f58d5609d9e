using Rouser.Sweeps.Samplers;

namespace Rouser.Sweeps.Tests.Samplers;

/// <summary>Which candidate of a pool is likely to be good.</summary>
public class TreeParzenEstimatorTests
{
    /// <summary>Four settings with four seeds each: one is good, and one is as likely good as not.</summary>
    [Fact]
    public void A_setting_near_the_bound_counts_partly_as_good()
    {
        TrainedSetting[] seen =
        [
            new(0, [0.70, 0.72, 0.70, 0.72]),
            new(1, [0.69, 0.71, 0.69, 0.71]),
            new(2, [0.19, 0.21, 0.19, 0.21]),
            new(3, [double.NegativeInfinity, 0.9]),
            new(4, []),
        ];
        double[] weights = TreeParzenEstimator.GoodWeights(seen);
        // One of three is good, and the bound lies between 0.71 and 0.7. All variances are 0.0004/3, which the moderated
        // variance of (4·0.0004/3 + 0.0004)/7 leaves as it is, so the standard error of a mean is its root over 2.
        double error = Math.Sqrt(0.0004 / 3) / 2,
            expected = Phi(0.005 / error);
        Assert.Equal(expected, weights[0], 12);
        Assert.Equal(1 - expected, weights[1], 12);
        Assert.Equal(0, weights[2], 12);
        Assert.Equal([0.0, 0.0], weights[3..]);

        // The same means of seeds that differ more are known less well.
        double[] noisy = TreeParzenEstimator.GoodWeights([
            .. seen.Select(s => s with { Goodness = [.. s.Goodness.Select((g, i) => g + (i % 2 == 0 ? -0.1 : 0.1))] }),
        ]);
        Assert.InRange(noisy[1], 0.1, 0.5);
        Assert.Equal(1 - noisy[1], noisy[0], 12);
    }

    /// <summary>Without a spread to go by, above the bound is good and below is not.</summary>
    [Fact]
    public void Of_one_seed_each_the_best_are_good()
    {
        double[] weights = TreeParzenEstimator.GoodWeights([.. Enumerable.Range(0, 16).Select(i => new TrainedSetting(i, [i]))]);
        Assert.Equal([.. new double[14], 1, 1], weights);
    }

    [Fact]
    public void The_neighbour_of_a_good_setting_is_proposed_and_not_that_of_a_bad_one()
    {
        SettingSearch search = Line(0, 0.05, 0.5, 0.95, 1);
        TrainedSetting[] seen = [new(0, [0.1]), new(4, [0.9])];
        Assert.Equal(3, TreeParzenEstimator.Propose(search, seen, [], [1, 2, 3])!.Value.Candidate);
        // One in work there is waited for.
        Assert.NotEqual(
            3,
            TreeParzenEstimator.Propose(Line(0, 0.05, 0.5, 0.95, 1, 0.94), seen, [5, 5, 5], [1, 2, 3])!.Value.Candidate
        );
        Assert.Null(TreeParzenEstimator.Propose(search, seen, [], []));
    }

    [Fact]
    public void A_word_that_was_good_is_proposed_and_a_parameter_that_is_missing_is_a_word_of_its_own()
    {
        SettingSearch search = new(
            9,
            1,
            1,
            [new(3), new(0)],
            [
                .. new[] { (0, 0.5), (1, double.NaN), (1, double.NaN), (2, 0.5), (0, 0.4) }.Select(c => new SearchCandidate(
                    "",
                    [c.Item1, c.Item2]
                )),
            ]
        );
        TrainedSetting[] seen = [new(0, [0.1]), new(1, [0.9])];
        Assert.Equal(2, TreeParzenEstimator.Propose(search, seen, [], [4, 3, 2])!.Value.Candidate);
    }

    /// <summary>A density integrates to one, at the ends of a range as within: the kernels are cut there.</summary>
    [Fact]
    public void Densities_at_the_ends_of_a_range_count_as_much_as_within()
    {
        double[] places = [.. Enumerable.Range(0, 1000).Select(i => (i + 0.5) / 1000)];
        foreach (double good in new[] { 0, 0.1, 0.5, 1 })
        {
            SettingSearch search = Line([good, .. places]);
            // With no other setting, g is the uniform density and the ratio is l.
            double sum = Enumerable
                .Range(1, 1000)
                .Sum(i => TreeParzenEstimator.Propose(search, [new(0, [1])], [], [i])!.Value.Ratio);
            Assert.Equal(1, sum / 1000, 5);
        }
    }

    private static SettingSearch Line(params double[] places) =>
        new(9, 1, 1, [new(0)], [.. places.Select(x => new SearchCandidate("", [x]))]);

    /// <summary>Simpson's rule on the density, independent of the program's series.</summary>
    private static double Phi(double z)
    {
        const int Steps = 20_000;
        double h = z / Steps,
            sum = 0;
        for (int i = 0; i <= Steps; i++)
            sum +=
                (
                    i == 0 || i == Steps ? 1
                    : i % 2 == 1 ? 4
                    : 2
                ) * Math.Exp(-(i * h) * (i * h) / 2);
        return 0.5 + (sum * h / 3 / Math.Sqrt(2 * Math.PI));
    }
}
