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
    public void Number_of_the_papers_own_training_is_reproduced_within_its_tolerance()
    {
        RunTables run = Pair(High, 60_000, [0.985, 0.988, 0.987], [0.991, 0.990, 0.992]);
        PaperComparison slayer = Find(run, PaperResults.Table1, PaperDataset.NMnist, "SLAYER"),
            rouser = Find(run, PaperResults.Table1, PaperDataset.NMnist, "ROUSER");
        Assert.Equal((PaperVerdict.Reproduced, PaperVerdict.Reproduced), (slayer.Verdict, rouser.Verdict));
        Assert.Empty(rouser.Differences);
        Assert.Equal(99.1, rouser.Ours!.Value.Value, 9);
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
    public void Fewer_samples_leave_the_direction_and_are_named()
    {
        PaperComparison rouser = Find(
            Pair(High, 1000, [0.985, 0.988, 0.987], [0.993, 0.992, 0.994]),
            PaperResults.Table1,
            PaperDataset.NMnist,
            "ROUSER"
        );
        Assert.Equal(PaperVerdict.DirectionOnly, rouser.Verdict);
        Assert.Equal(["1,000 of 60,000 training samples"], rouser.Differences);
    }

    [Fact]
    public void Generated_data_shows_a_direction_at_most_and_is_named()
    {
        PaperComparison rouser = Find(
            Pair(High, 60_000, [0.985, 0.988, 0.987], [0.993, 0.992, 0.994], synthetic: true),
            PaperResults.Table1,
            PaperDataset.NMnist,
            "ROUSER"
        );
        Assert.Equal(PaperVerdict.DirectionOnly, rouser.Verdict);
        Assert.Equal(["saccade-digits, generated, in place of N-MNIST"], rouser.Differences);
    }

    [Fact]
    public void Number_without_a_comparison_is_not_run_on_generated_data()
    {
        RunTables run = new();
        for (int seed = 0; seed < 3; seed++)
            run.Add(
                new FixtureTrial("rouser", $"dataset.name=spoken-digits {High}", seed, [0.78 + 0.001 * seed]) { Synthetic = true }
            );
        Assert.Equal(PaperVerdict.NotRun, Find(run, PaperResults.Table1, PaperDataset.Shd, "ROUSER").Verdict);
    }

    [Theory]
    [InlineData("undecided", 0.90, 0.80, 0.85, 0.85, 0.86, 0.84)]
    [InlineData("opposite", 0.90, 0.91, 0.92, 0.80, 0.82, 0.81)]
    [InlineData("same in every seed", 0.80, 0.81, 0.82, 0.90, 0.91, 0.92)]
    [InlineData("equal in every seed", 0.80, 0.81, 0.82, 0.80, 0.81, 0.82)]
    public void Comparison_that_does_not_show_is_not_reproduced_and_says_why(
        string why,
        double f0,
        double f1,
        double f2,
        double l0,
        double l1,
        double l2
    )
    {
        PaperComparison figure = Find(
            Pair(Low, 60_000, [f0, f1, f2], [l0, l1, l2]),
            PaperResults.Figure4,
            PaperDataset.NMnist,
            "ROUSER"
        );
        Assert.Equal(PaperVerdict.NotReproduced, figure.Verdict);
        Assert.Contains(why, figure.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void One_seed_decides_nothing()
    {
        PaperComparison figure = Find(Pair(Low, 60_000, [0.2], [0.9]), PaperResults.Figure4, PaperDataset.NMnist, "ROUSER");
        Assert.Equal(PaperVerdict.NotReproduced, figure.Verdict);
        Assert.StartsWith("one seed", figure.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TrialState.Failed)]
    [InlineData(TrialState.Pruned)]
    [InlineData(TrialState.Queued)]
    public void Mean_that_lacks_a_seed_is_shown_and_decides_nothing(TrialState state)
    {
        RunTables run = Pair(High, 60_000, [0.985, 0.988], [0.991, 0.990]);
        run.Add(Trial("rouser", High, 2, 0.99, 60_000) with { State = state }).Add(Trial("slayer", High, 2, 0.98, 60_000));
        PaperComparison rouser = Find(run, PaperResults.Table1, PaperDataset.NMnist, "ROUSER"),
            slayer = Find(run, PaperResults.Table1, PaperDataset.NMnist, "SLAYER");
        Assert.Equal((PaperVerdict.NotRun, "seeds are missing"), (rouser.Verdict, rouser.Why));
        Assert.Equal((2, 1), (rouser.Ours!.Value.N, rouser.Ours.Value.Missing));
        Assert.True(slayer.Difference is null or { Missing: 1 });
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
        PaperComparison figure = Find(run, PaperResults.Figure4, PaperDataset.NMnist, "ROUSER");
        Assert.Equal(("a", "b"), (figure.Row!.Arm, figure.Rival!.Arm));
        Assert.Equal(PaperVerdict.Reproduced, figure.Verdict);
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
        PaperComparison rouser = Find(run, PaperResults.Table1, PaperDataset.NMnist, "ROUSER");
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
        PaperComparison[] figure =
        [
            .. PaperComparison
                .Of(ReportModel.From(run.Build()).Value)
                .Where(c => c.Claim.Place == PaperResults.Figure3 && c.Row is not null),
        ];
        Assert.Equal([PaperVerdict.Reproduced, PaperVerdict.Reproduced], figure.Select(c => c.Verdict));
        Assert.Equal([true, false], figure.Select(c => c.Difference!.Value.Value > 0));
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

    private static PaperComparison Find(RunTables run, PaperPlace place, PaperDataset dataset, string arm) =>
        Assert.Single(
            PaperComparison.Of(ReportModel.From(run.Build()).Value),
            c =>
                c.Claim.Place == place
                && c.Claim.Dataset == dataset
                && c.Claim.Arm.Name == arm
                && (c.Row is not null || place.Name[0] == 'T')
        );
}
