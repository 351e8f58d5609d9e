using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Reports.Tables;
using Rouser.Reports.Tests.Fixtures;

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
                    new FixtureTrial(arm, "threshold.init=1", seed, [test, test - 0.1]) { ValidationAccuracy = [validation, 0.1] }
                );
        }
        ReportModel model = ReportModel.From(run.Build()).Value;
        Assert.EndsWith(
            "Best on validation of 2: slayer, Th=1, with a test accuracy of 60.0 % (n=2) there.",
            StudyAnswer.Sentence(model.Studies.Single(), model),
            StringComparison.Ordinal
        );
    }
}
