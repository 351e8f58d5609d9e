using Rouser.Coordination;
using Rouser.Reports.Model;
using Rouser.Reports.Paper;
using Rouser.Reports.Tests.Fixtures;

namespace Rouser.Reports.Tests.Paper;

public sealed class PaperComparisonTests
{
    private const string High = "threshold.init=1.25 surrogate.tau=3.75 surrogate.scale=1.5",
        Low = "threshold.init=0.25 surrogate.tau=3 surrogate.scale=3";

    [Fact]
    public void Number_of_the_papers_own_training_is_met_within_its_tolerance()
    {
        RunTables run = Pair(High, 60_000, [0.9885, 0.9889, 0.9890], [0.9921, 0.9920, 0.9922]);
        PaperComparison slayer = Find(run, "table-1-n-mnist-slayer"),
            rouser = Find(run, "table-1-n-mnist-rouser");
        Assert.Equal((PaperVerdict.Met, PaperVerdict.Met), (slayer.Number!.Verdict, rouser.Number!.Verdict));
        Assert.Equal((null, PaperVerdict.Met), (slayer.Direction, rouser.Direction!.Verdict));
        Assert.Empty(rouser.Differences);
        Assert.Equal(99.21, rouser.Ours!.Value.Value, 9);
    }

    [Theory]
    [InlineData(PaperVerdict.Met, 0.9921, 0.9920, 0.9922)]
    [InlineData(PaperVerdict.Contradicted, 0.985, 0.986, 0.987)]
    [InlineData(PaperVerdict.Undecided, 0.9891, 0.9921, 0.9931)]
    // Equal in every seed: there is no interval, and the value itself counts.
    [InlineData(PaperVerdict.Met, 0.9921, 0.9921, 0.9921)]
    // Two seeds decide nothing.
    [InlineData(PaperVerdict.Undecided, 0.9921, 0.9920)]
    public void Number_is_judged_by_the_whole_interval(PaperVerdict verdict, params double[] learned) =>
        Assert.Equal(
            verdict,
            Find(Pair(High, 60_000, [.. learned.Select(_ => 0.5)], learned), "table-1-n-mnist-rouser").Number!.Verdict
        );

    [Fact]
    public void Undecided_says_how_many_seeds_would_decide()
    {
        // Differences of 1, 2 and 6 points: 3 ± 2.65; for 80 % power nine pairs by the noncentral t (R, power.t.test).
        PaperComparison figure = Find(Pair(Low, 60_000, [0.5, 0.5, 0.5], [0.51, 0.52, 0.56]), "figure-4-n-mnist-bad");
        Assert.Equal(PaperVerdict.Undecided, figure.Direction!.Verdict);
        Assert.Contains("by 9 seeds", figure.Direction.Outlook, StringComparison.Ordinal);
    }

    [Fact]
    public void Decided_says_what_would_overturn_it()
    {
        // Differences of 39, 40 and 41 points: the lower end is 40 − 4.303/√3.
        PaperComparison figure = Find(Pair(Low, 60_000, [0.5, 0.5, 0.5], [0.89, 0.90, 0.91]), "figure-4-n-mnist-bad");
        Assert.Equal(PaperVerdict.Met, figure.Direction!.Verdict);
        Assert.Contains("by 37.52,", figure.Direction.Outlook, StringComparison.Ordinal);
    }

    [Fact]
    public void As_good_in_fewer_epochs_is_judged_but_for_one_point()
    {
        RunTables run = new();
        for (int seed = 0; seed < 3; seed++)
        {
            double[] slow = [.. Enumerable.Range(1, 20).Select(e => 0.04 * e + 0.001 * seed)],
                // 79.5 % after six epochs against 80 % after twenty.
                fast = [.. Enumerable.Range(1, 20).Select(e => Math.Min(0.795, 0.1325 * e) + 0.002 * seed)];
            run.Add(new FixtureTrial("slayer", Low, seed, slow) { TrainSamples = 60_000 });
            run.Add(new FixtureTrial("rouser", Low, seed, fast) { TrainSamples = 60_000 });
        }
        PaperComparison six = Find(run, "headline-epochs-bad");
        Assert.Equal(-0.4, six.Difference!.Value.Value, 9);
        Assert.Equal(PaperVerdict.Met, six.Direction!.Verdict);
        // After 30 % of the epochs, the same sixth, by the same seeds.
        Assert.Equal(six.Difference, Find(run, "headline-70-percent-bad").Difference);
    }

    [Fact]
    public void Training_that_is_too_short_for_a_statement_does_not_test_it()
    {
        PaperComparison six = Find(Pair(Low, 60_000, [0.5, 0.6, 0.7], [0.8, 0.9, 0.95]), "headline-epochs-bad");
        Assert.Equal(PaperVerdict.NotTestable, six.Direction!.Verdict);
        Assert.Equal("the statement needs 6 epochs, the trainings have 1", six.Direction.Why);
    }

    [Fact]
    public void Two_points_more_are_a_number_of_the_difference()
    {
        PaperComparison two = Find(Pair(High, 60_000, [0.960, 0.961, 0.962], [0.980, 0.982, 0.981]), "headline-2-points");
        Assert.Equal(PaperVerdict.Met, two.Number!.Verdict);
        Assert.Equal((2.0, PaperVerdict.Met), (Math.Round(two.Difference!.Value.Value, 9), two.Direction!.Verdict));
    }

    [Fact]
    public void Conventions_of_the_authors_own_program_count_as_stated()
    {
        const string lava = $"{High} neuron.reset=hard surrogate.convention=lava loss.time_reduction=sum quantize=lava";
        PaperComparison slayer = Find(
            Pair(lava, 60_000, [0.9885, 0.9889, 0.9890], [0.99, 0.991, 0.992]),
            "table-1-n-mnist-slayer"
        );
        Assert.Empty(slayer.Differences);
        Assert.Equal(PaperVerdict.Met, slayer.Number!.Verdict);
    }

    // The paper's figure 8 is of DVS128 Gesture; its figure 7, the same of N-MNIST.
    [Fact]
    public void Figure_without_a_number_is_not_run_where_nothing_trains_on_its_data()
    {
        ReportModel model = ReportModel.From(Pair(High, 60_000, [0.985, 0.988, 0.987], [0.991, 0.990, 0.992]).Build()).Value;
        Dictionary<string, string> remarks = new PaperReport()
            .Section(model)!
            .Overview.Rows.ToDictionary(r => r[0].Text, r => r[^1].Text);
        Assert.Equal("nothing of it was run", remarks["Figure 8"]);
        Assert.EndsWith("drawn with its study", remarks["Figure 7"], StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_samples_leave_the_comparison_and_are_named()
    {
        PaperComparison rouser = Find(Pair(High, 1000, [0.985, 0.988, 0.987], [0.993, 0.992, 0.994]), "table-1-n-mnist-rouser");
        Assert.Equal((PaperVerdict.NotTestable, PaperVerdict.Met), (rouser.Number!.Verdict, rouser.Direction!.Verdict));
        Assert.Equal(["1,000 of 60,000 training samples"], rouser.Differences);
    }

    [Fact]
    public void Generated_data_decides_comparisons_alone_and_is_named()
    {
        PaperComparison rouser = Find(
            Pair(High, 60_000, [0.985, 0.988, 0.987], [0.993, 0.992, 0.994], synthetic: true),
            "table-1-n-mnist-rouser"
        );
        Assert.Equal((PaperVerdict.NotTestable, PaperVerdict.Met), (rouser.Number!.Verdict, rouser.Direction!.Verdict));
        Assert.Equal(["saccade-digits, synthetic, in place of N-MNIST"], rouser.Differences);
    }

    [Fact]
    public void Digits_simulated_from_MNIST_stand_in_for_the_recordings()
    {
        RunTables run = new();
        for (int seed = 0; seed < 3; seed++)
            run.Add(
                new FixtureTrial("rouser", $"dataset.name=mnist-saccades {High}", seed, [0.98 + 0.001 * seed])
                {
                    TrainSamples = 60_000,
                    Synthetic = true,
                }
            );
        PaperComparison rouser = Find(run, "table-1-n-mnist-rouser");
        Assert.Equal(["mnist-saccades, simulated from MNIST, in place of N-MNIST"], rouser.Differences);
        Assert.Equal((PaperVerdict.NotTestable, PaperVerdict.NotRun), (rouser.Number!.Verdict, rouser.Direction!.Verdict));
    }

    [Theory]
    [InlineData(PaperVerdict.Undecided, "undecided", 0.90, 0.80, 0.85, 0.85, 0.86, 0.84)]
    [InlineData(PaperVerdict.Contradicted, "opposite", 0.90, 0.91, 0.92, 0.80, 0.82, 0.81)]
    [InlineData(PaperVerdict.Undecided, "same in every seed", 0.80, 0.81, 0.82, 0.90, 0.91, 0.92)]
    [InlineData(PaperVerdict.Contradicted, "equal in every seed", 0.80, 0.81, 0.82, 0.80, 0.81, 0.82)]
    public void Comparison_that_is_not_met_says_why(
        PaperVerdict verdict,
        string why,
        double f0,
        double f1,
        double f2,
        double l0,
        double l1,
        double l2
    )
    {
        PaperComparison figure = Find(Pair(Low, 60_000, [f0, f1, f2], [l0, l1, l2]), "figure-4-n-mnist-bad");
        Assert.Equal(verdict, figure.Direction!.Verdict);
        Assert.Contains(why, figure.Direction.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void One_seed_decides_nothing()
    {
        PaperComparison figure = Find(Pair(Low, 60_000, [0.2], [0.9]), "figure-4-n-mnist-bad");
        Assert.Equal((PaperVerdict.Undecided, "one seed decides nothing"), (figure.Direction!.Verdict, figure.Direction.Why));
    }

    [Theory]
    [InlineData(TrialState.Failed)]
    [InlineData(TrialState.Pruned)]
    [InlineData(TrialState.Queued)]
    public void Mean_that_lacks_a_seed_is_shown_and_decides_nothing(TrialState state)
    {
        RunTables run = Pair(High, 60_000, [0.985, 0.988], [0.991, 0.990]);
        run.Add(Trial("rouser", High, 2, 0.99, 60_000) with { State = state }).Add(Trial("slayer", High, 2, 0.98, 60_000));
        PaperComparison rouser = Find(run, "table-1-n-mnist-rouser");
        Assert.Equal((PaperVerdict.NotRun, "seeds are missing"), (rouser.Number!.Verdict, rouser.Number.Why));
        Assert.Equal(PaperVerdict.NotRun, rouser.Direction!.Verdict);
        Assert.Equal((2, 1), (rouser.Ours!.Value.N, rouser.Ours.Value.Missing));
        Assert.Equal(1, rouser.Difference!.Value.Missing);
    }

    [Fact]
    public void Pair_without_the_measure_on_the_other_side_is_missing()
    {
        RunTables run = Pair(High, 60_000, [0.985, 0.988, double.NaN], [0.991, 0.990, 0.992]);
        PaperComparison rouser = Find(run, "table-1-n-mnist-rouser");
        Assert.Equal(PaperVerdict.NotRun, rouser.Direction!.Verdict);
        Assert.Equal((2, 1), (rouser.Difference!.Value.N, rouser.Difference.Value.Missing));
    }

    [Fact]
    public void Rows_are_known_by_their_parameters_not_by_their_arms()
    {
        RunTables run = new() { Arms = ["a", "b"] };
        foreach (
            (string arm, string rule, double accuracy) in ((string, string, double)[])
                [("a", "threshold.rule=learned threshold.learning_rate=0.01", 0.9), ("b", "threshold.rule=fixed", 0.5)]
        )
        {
            for (int seed = 0; seed < 3; seed++)
                run.Add(Trial(arm, $"{Low} {rule}", seed, accuracy + 0.01 * seed * (arm == "a" ? 1 : 2), 60_000));
        }
        PaperComparison figure = Find(run, "figure-4-n-mnist-bad");
        Assert.Equal(("a", "b"), (figure.Row!.Arm, figure.Rival!.Arm));
        Assert.Equal(PaperVerdict.Met, figure.Direction!.Verdict);
    }

    [Fact]
    public void Row_nearest_to_the_paper_stands_beside_it_and_its_rival_differs_in_nothing_else()
    {
        RunTables run = Pair($"{High} network.hidden=[128,128]", 60_000, [0.5, 0.6, 0.7], [0.9, 0.95, 0.99]);
        foreach (string setting in (string[])[$"{High} network.hidden=[500,500]"])
        {
            for (int seed = 0; seed < 3; seed++)
                run.Add(Trial("rouser", setting, seed, 0.99 + 0.001 * seed, 60_000));
        }
        PaperComparison rouser = Find(run, "table-1-n-mnist-rouser");
        Assert.Contains("[500,500]", rouser.Row!.Setting, StringComparison.Ordinal);
        Assert.Null(rouser.Rival);
    }

    [Fact]
    public void Figure_3_compares_two_thresholds_of_one_arm_after_ten_epochs()
    {
        RunTables run = new();
        for (int seed = 0; seed < 3; seed++)
        {
            foreach ((string threshold, double end) in ((string, double)[])[("1", 0.955), ("0.25", 0.405)])
            {
                double[] accuracy =
                [
                    .. Enumerable.Range(1, 12).Select(e => e == 10 ? end + 0.002 * seed * (threshold == "1" ? 1 : 2) : 0.1),
                ];
                run.Add(
                    new FixtureTrial(
                        "slayer",
                        $"threshold.init={threshold} surrogate.tau=3.75 surrogate.scale=1.5",
                        seed,
                        accuracy
                    )
                    {
                        TrainSamples = 60_000,
                    }
                );
            }
        }
        PaperComparison good = Find(run, "figure-3-n-mnist-good"),
            bad = Find(run, "figure-3-n-mnist-bad");
        Assert.Equal((PaperVerdict.Met, PaperVerdict.Met), (good.Number!.Verdict, bad.Number!.Verdict));
        Assert.Equal(PaperVerdict.Met, good.Direction!.Verdict);
        Assert.True(good.Difference!.Value.Value > 0);
    }

    [Fact]
    public void Studies_that_share_their_trials_count_once()
    {
        RunTables run = Pair(High, 60_000, [0.985, 0.988, 0.987], [0.991, 0.990, 0.992]);
        ReportModel model = ReportModel.From(run.Build()).Value;
        ReportModel twice = model with { Studies = [.. model.Studies, model.Studies[0] with { Name = "again" }] };
        Assert.Equal(PaperComparison.Of(model).Count, PaperComparison.Of(twice).Count);
    }

    private static RunTables Pair(
        string setting,
        int samples,
        double[] fixedAccuracy,
        double[] learnedAccuracy,
        bool synthetic = false
    )
    {
        RunTables run = new();
        for (int seed = 0; seed < fixedAccuracy.Length; seed++)
        {
            run.Add(Trial("slayer", setting, seed, fixedAccuracy[seed], samples) with { Synthetic = synthetic });
            run.Add(Trial("rouser", setting, seed, learnedAccuracy[seed], samples) with { Synthetic = synthetic });
        }
        return run;
    }

    private static FixtureTrial Trial(string arm, string setting, int seed, double accuracy, int samples) =>
        new(arm, setting, seed, [accuracy]) { TrainSamples = samples };

    private static PaperComparison Find(RunTables run, string id) =>
        Assert.Single(PaperComparison.Of(ReportModel.From(run.Build()).Value), c => c.Claim.Id == id);
}
