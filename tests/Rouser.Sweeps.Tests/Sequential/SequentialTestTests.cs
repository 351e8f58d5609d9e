using Rouser.Sweeps.Sequential;
using Xunit.Abstractions;

namespace Rouser.Sweeps.Tests.Sequential;

/// <summary>
/// Seeds as a budget, held against simulated comparisons: the error that it states, and the trainings that it saves.
/// </summary>
public sealed class SequentialTestTests(ITestOutputHelper output)
{
    private const int Comparisons = 10_000;

    private static readonly GroupSequentialDesign Design = GroupSequentialDesign.Of(5, 30, 0.05);

    [Fact]
    public void Looks_come_after_a_quarter_more_seeds_each() => Assert.Equal([5, 7, 9, 12, 15, 19, 24, 30], Design.Looks);

    [Fact]
    public void A_first_look_alone_is_the_ordinary_test() =>
        Assert.Equal(0.05, Assert.Single(GroupSequentialDesign.Of(8, 8, 0.05).Levels), 1e-9);

    /// <summary>Paths drawn at random, which know nothing of the importance sampling that found the bounds.</summary>
    [Fact]
    public void Power_is_that_of_simulated_comparisons()
    {
        RandomStream random = new(7, "power");
        Tally tally = Simulate(Design, () => 0.6 + random.NextGaussian(), goesOnWhenFutile: false);
        Assert.Equal(Design.PowerBy(0.6)[^1], tally.Decided / (double)Comparisons, 0.05);
    }

    /// <summary>
    /// Futility is switched off by <paramref name="goesOnWhenFutile"/>: the error has to hold for whoever trains on.
    /// Differences of accuracies are bounded, as those of two uniform ones are.
    /// </summary>
    [Theory]
    [InlineData(5, 30, false, false)]
    [InlineData(5, 30, true, false)]
    [InlineData(3, 20, true, false)]
    [InlineData(5, 100, true, false)]
    [InlineData(10, 12, true, false)]
    [InlineData(5, 30, true, true)]
    public void No_more_than_one_in_twenty_equal_arms_is_called_different(int from, int to, bool goesOnWhenFutile, bool bounded)
    {
        GroupSequentialDesign design = GroupSequentialDesign.Of(from, to, 0.05);
        RandomStream random = new(11, $"null/{from}/{to}/{goesOnWhenFutile}/{bounded}");
        Tally tally = Simulate(
            design,
            () => bounded ? random.NextDouble() - random.NextDouble() : random.NextGaussian(),
            goesOnWhenFutile
        );
        double error = (double)tally.Decided / Comparisons,
            margin = 1.645 * Math.Sqrt(0.05 * 0.95 / Comparisons);
        output.WriteLine(
            $"{from} to {to}: error {error:P2}, {tally.Seeds / (double)Comparisons:F1} seeds, futile {tally.Futile}"
        );
        Assert.True(error <= 0.05 + margin, $"{error:P2} of equal arms are called different");
        // A test that never decides would pass, too.
        Assert.True(error >= 0.025, $"{error:P2} of equal arms are called different; the error is not used");
    }

    [Fact]
    public void The_intervals_of_all_looks_hold_the_true_difference()
    {
        RandomStream random = new(12, "coverage");
        int held = 0;
        for (int i = 0; i < Comparisons; i++)
        {
            double[] differences = [.. Enumerable.Range(0, 30).Select(_ => 0.7 + random.NextGaussian())];
            held += Enumerable
                .Range(0, Design.Looks.Count)
                .Select(look => SequentialTest.Judge(Design, look, differences[..Design.Looks[look]]))
                .All(look => Math.Abs(look.Mean - 0.7) <= look.HalfWidth!.Value)
                ? 1
                : 0;
        }
        double coverage = (double)held / Comparisons;
        output.WriteLine($"simultaneous coverage {coverage:P2}");
        Assert.True(coverage >= 0.95 - (1.645 * Math.Sqrt(0.05 * 0.95 / Comparisons)), $"the intervals hold it in {coverage:P2}");
    }

    [Theory]
    [InlineData(1.5, 0.6)]
    [InlineData(1.0, 0.75)]
    public void A_clear_difference_takes_fewer_trainings_than_a_fixed_number_of_seeds(double effect, double share)
    {
        RandomStream random = new(13, $"power/{effect}");
        Tally tally = Simulate(Design, () => effect + random.NextGaussian(), goesOnWhenFutile: false);
        double power = (double)tally.Decided / Comparisons,
            seeds = tally.Seeds / (double)Comparisons;
        // The lower end of the power's 95 % interval, which favours the fixed design.
        double least = power == 1 ? 1 - (3.0 / Comparisons) : power - (1.96 * Math.Sqrt(power * (1 - power) / Comparisons));
        int equal = Enumerable.Range(2, 60).First(n => FixedPower(n, effect) >= least);
        output.WriteLine(
            $"effect {effect}: power {power:P2} with {seeds:F2} seeds; a fixed design of equal power takes {equal} ({seeds / equal:P0})"
        );
        Assert.True(seeds / equal <= share, $"{seeds:F2} seeds of {equal}");
    }

    // The sample sizes of G*Power 3.1 for a paired t-test, two-sided, α = 0.05.
    [Theory]
    [InlineData(1.0, 10)]
    [InlineData(0.5, 34)]
    public void A_fixed_number_of_seeds_is_that_of_a_table(double effect, int seeds) =>
        Assert.Equal(seeds, SeedCount.ForPower(effect, 0.8));

    [Fact]
    public void Equal_results_decide_nothing()
    {
        SequentialLook look = SequentialTest.Judge(Design, 0, [0, 0, 0, 0, 0]);
        Assert.Equal((SequentialVerdict.Open, null), (look.Verdict, look.HalfWidth));
        Assert.Equal(SequentialVerdict.Futile, SequentialTest.Judge(Design, 4, new double[15]).Verdict);
        Assert.Equal(SequentialVerdict.Undecided, SequentialTest.Judge(Design, 7, [.. Enumerable.Repeat(1.0, 30)]).Verdict);
    }

    /// <summary>A sweep of twenty comparisons: Bonferroni's correction keeps the error of all of them together.</summary>
    [Fact]
    public void The_error_of_a_sweep_is_that_of_all_its_comparisons()
    {
        GroupSequentialDesign design = new SeedBudget(5, 30, IsForSweep: true).Design(20);
        RandomStream random = new(14, "sweep");
        int wrong = 0;
        for (int sweep = 0; sweep < Comparisons / 20; sweep++)
            wrong += Enumerable.Range(0, 20).Any(_ => Decides(design, random.NextGaussian)) ? 1 : 0;
        double error = wrong / (Comparisons / 20.0);
        output.WriteLine($"per sweep: {error:P2}");
        Assert.True(error <= 0.05 + (1.645 * Math.Sqrt(0.05 * 0.95 / (Comparisons / 20))), $"{error:P2} of sweeps err");
    }

    private static bool Decides(GroupSequentialDesign design, Func<double> next) =>
        Run(design, next, goesOnWhenFutile: false).Verdict is SequentialVerdict.Higher or SequentialVerdict.Lower;

    private static Tally Simulate(GroupSequentialDesign design, Func<double> next, bool goesOnWhenFutile)
    {
        Tally tally = new();
        for (int i = 0; i < Comparisons; i++)
        {
            SequentialLook end = Run(design, next, goesOnWhenFutile);
            tally.Seeds += end.N;
            tally.Decided += end.Verdict is SequentialVerdict.Higher or SequentialVerdict.Lower ? 1 : 0;
            tally.Futile += end.Verdict == SequentialVerdict.Futile ? 1 : 0;
        }
        return tally;
    }

    private static SequentialLook Run(GroupSequentialDesign design, Func<double> next, bool goesOnWhenFutile)
    {
        List<double> differences = [];
        for (int look = 0; ; look++)
        {
            while (differences.Count < design.Looks[look])
                differences.Add(next());
            SequentialLook judged = SequentialTest.Judge(design, look, differences);
            bool goesOn =
                judged.Verdict == SequentialVerdict.Open || (goesOnWhenFutile && judged.Verdict == SequentialVerdict.Futile);
            if (!goesOn)
                return judged;
        }
    }

    /// <summary>The power of the t-test of n pairs, by integration over the sample's variance.</summary>
    private static double FixedPower(int n, double effect)
    {
        double critical = StudentT.Quantile(0.975, n - 1),
            sum = 0,
            weights = 0;
        int degrees = n - 1;
        for (double s = 0.0005; s < 5; s += 0.001)
        {
            // The density of s for σ = 1, but for its constant.
            double weight = Math.Exp(((degrees - 1) * Math.Log(s)) - (degrees * s * s / 2));
            double edge = critical * s,
                center = effect * Math.Sqrt(n);
            weights += weight;
            sum += weight * (NormalDistribution.Cumulative(center - edge) + NormalDistribution.Cumulative(-edge - center));
        }
        return sum / weights;
    }

    private sealed class Tally
    {
        public long Seeds { get; set; }

        public int Decided { get; set; }

        public int Futile { get; set; }
    }
}
