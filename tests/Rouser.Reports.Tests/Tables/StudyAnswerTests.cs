using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Reports.Tables;
using Rouser.Reports.Tests.Fixtures;
using Rouser.Sweeps;

namespace Rouser.Reports.Tests.Tables;

public sealed class StudyAnswerTests
{
    // Twenty settings without a difference, and one, in the middle by rank, with a small one in every seed.
    private static ReportModel OneDecidedOfMany()
    {
        RunTables run = new();
        for (int i = 0; i < 21; i++)
        {
            for (int seed = 0; seed < 3; seed++)
            {
                double noise = i == 10 ? 0.001 * seed : 0.2 * (seed - 1);
                run.Add("slayer", $"threshold.init={i}", seed, 0.5)
                    .Add("rouser", $"threshold.init={i}", seed, 0.5 + (i == 10 ? 0.005 : 0.01 * (i - 10)) + noise);
            }
        }
        return ReportModel.From(run.Build()).Value;
    }

    [Fact]
    public void Of_many_comparisons_the_sentence_names_the_one_that_shows_a_difference()
    {
        ReportModel model = OneDecidedOfMany();
        string sentence = StudyAnswer.Sentence(model.Studies.Single(), model);
        Assert.Contains(
            "in 21 comparisons: higher in 1 (+0.6 ± 0.2 points, rouser − slayer at Th=10, n=3)",
            sentence,
            StringComparison.Ordinal
        );
        Assert.EndsWith("no difference shown in 20.", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Arms_that_learn_no_threshold_are_compared_with_that_of_the_sweep_as_well()
    {
        RunTables run = new() { Arms = ["slayer", "rouser", "slayer-wn"] };
        foreach ((string arm, double accuracy) in ((string, double)[])[("slayer", 0.5), ("rouser", 0.6), ("slayer-wn", 0.4)])
        {
            for (int seed = 0; seed < 3; seed++)
                run.Add(arm, "", seed, accuracy + (0.01 * seed * (arm == "slayer" ? 1 : 2)));
        }
        ReportModel model = ReportModel.From(run.Build()).Value;
        Assert.Equal(
            ["rouser − slayer", "slayer-wn − slayer"],
            Contrast.In(model.Studies.Single(), model.Run).Select(c => c.Names)
        );
    }

    [Fact]
    public void Of_many_comparisons_the_figure_keeps_those_that_show_a_difference()
    {
        Figure figure = AnswerFigure.Build(OneDecidedOfMany())!;
        string[] names = [.. ((IntervalPanel)figure.Panels.Single()).Marks.Select(m => m.Name)];
        Assert.Equal(12, names.Length);
        // The lowest, the highest, and the one in the middle that is decided.
        Assert.Subset(names.ToHashSet(), new HashSet<string> { "Th=0", "Th=10", "Th=20" });
        Assert.Contains("Drawn are 12 of 21: the one that shows a difference", figure.Caption, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_validation_samples_can_choose_the_sentence_says_what_they_choose()
    {
        RunTables run = new();
        foreach (
            (string arm, double validation, double test) in (ReadOnlySpan<(string, double, double)>)
                [("slayer", 0.9, 0.6), ("rouser", 0.8, 0.7)]
        )
        {
            for (int seed = 0; seed < 2; seed++)
                run.Add(
                    new FixtureTrial(arm, "threshold.init=1", seed, [test, test - 0.1]) { ValidationAccuracy = [0.1, validation] }
                );
        }
        ReportModel model = ReportModel.From(run.Build()).Value;
        Assert.EndsWith(
            "Best on validation of 2: slayer, Th=1, with a test accuracy of 50.0 % (n=2) after the last epoch.",
            StudyAnswer.Sentence(model.Studies.Single(), model),
            StringComparison.Ordinal
        );
    }

    // The sentence once chose by the best epoch and the table by the last, and they named two settings.
    [Theory]
    [InlineData("test_accuracy", EpochSelection.Last, "Th=2", 70, "after the last epoch")]
    [InlineData("validation_accuracy", EpochSelection.Best, "Th=1", 60, "at the epoch that is best on the validation samples")]
    [InlineData("validation_accuracy", EpochSelection.Last, "Th=2", 70, "after the last epoch")]
    [InlineData("validation_accuracy", EpochSelection.MeanLast3, "Th=2", 65, "averaged over the last three epochs")]
    public void Every_sentence_and_table_chooses_the_same_setting_by_the_epoch_that_stands_for_a_trial(
        string metric,
        EpochSelection select,
        string chosen,
        double test,
        string epoch
    )
    {
        RunTables run = new() { Metric = new MetricSettings(metric, true, select), Arms = ["slayer", "rouser"] };
        for (int seed = 0; seed < 2; seed++)
        {
            // At 1 the best epoch is the first; at 2 the last.
            Add("threshold.init=1", seed, [0.60, 0.55, 0.50], [0.90, 0.10, 0.40]);
            Add("threshold.init=2", seed, [0.60, 0.65, 0.70], [0.60, 0.70, 0.80]);
            run.Add(
                new FixtureTrial("rouser", "threshold.init=1", seed, [0.1, 0.1, 0.1]) { ValidationAccuracy = [0.1, 0.1, 0.1] }
            );
        }
        ReportModel model = ReportModel.From(run.Build()).Value;
        StudyResults study = Assert.Single(model.Studies);
        string percent = $"{test:0.0} %";
        Assert.EndsWith(
            $"Best on validation of 3: slayer, {chosen}, with a test accuracy of {percent} (n=2) {epoch}.",
            StudyAnswer.Sentence(study, model),
            StringComparison.Ordinal
        );
        ReportTable tuned = TunedArmsTable.Build(study, model.Run)!;
        Assert.Equal((chosen, test), (tuned.Rows[0][2].Text, Math.Round(tuned.Rows[0][4].Value!.Value.Value, 9)));
        Assert.Contains(
            $"validation chooses slayer, {chosen}, with a test accuracy of {percent} {epoch}",
            OptimismTable.Build(study, model.Run)!.Caption,
            StringComparison.Ordinal
        );

        void Add(string setting, int seed, double[] test, double[] validation) =>
            run.Add(new FixtureTrial("slayer", setting, seed, test) { ValidationAccuracy = validation });
    }
}
