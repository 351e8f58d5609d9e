using Rouser.Coordination;
using Rouser.Sweeps;
using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Reports.Sensitivity;
using Rouser.Reports.Tests.Fixtures;
using Rouser.Sweeps;

namespace Rouser.Reports.Tests.Sensitivity;

public sealed class ImportanceTests
{
    private static readonly Objective Accuracy = new(new MetricSettings("test_accuracy", true, EpochSelection.Last));

    [Fact]
    public void Shares_are_those_of_the_function_that_made_the_results()
    {
        // 0.5 + arm ± 0.03 + threshold ± 0.01: variances 9 and 1, nothing else.
        (Figure? figure, _) = Build(
            Grid((arm, threshold, _) => 0.5 + (arm == "rouser" ? 0.03 : -0.03) + (threshold == "1" ? 0.01 : -0.01))
        );
        Assert.Equal([("arm", 90), ("Th", 10), ("arm × Th", 0), ("seed, by itself and with any factor", 0)], Bars(figure));
    }

    [Fact]
    public void What_depends_on_the_seed_is_the_seeds()
    {
        (Figure? figure, _) = Build(Grid((arm, _, seed) => 0.5 + (arm == "rouser" ? 0.03 : -0.03) + (seed == 1 ? 0.03 : -0.03)));
        Assert.Equal([("arm", 50), ("Th", 0), ("arm × Th", 0), ("seed, by itself and with any factor", 50)], Bars(figure));
    }

    [Fact]
    public void Level_with_missing_results_is_left_out_and_named()
    {
        RunTables run = Grid(
            (arm, threshold, _) => 0.5 + (arm == "rouser" ? 0.03 : -0.03) + (threshold == "1" ? 0.01 : -0.01),
            "1",
            "2",
            "3"
        );
        run.Add(new FixtureTrial("slayer", "threshold.init=4", 0, []) { State = TrialState.Failed })
            .Add("slayer", "threshold.init=4", 1, 0.1)
            .Add("rouser", "threshold.init=4", 0, 0.9)
            .Add("rouser", "threshold.init=4", 1, 0.9);
        (Figure? figure, _) = Build(run);
        Assert.Contains(
            "Left out, so that the grid is complete: Th = 4. 12 of 15 results are in.",
            figure!.Caption,
            StringComparison.Ordinal
        );
        Assert.Equal(90 / (90 + 80.0 / 9) * 100, Bars(figure)[0].Percent, 0.06);
    }

    [Fact]
    public void Study_that_varies_one_thing_at_a_time_has_no_shares_but_a_reason()
    {
        ReportModel model = ReportModel.From(SweepRun.Build()).Value;
        (Figure? figure, string? whyNot) = Build(model.Studies.Single(s => s.Name == "one-by-one"));
        Assert.Null(figure);
        Assert.Contains("one thing at a time", whyNot, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_results_have_no_variance_to_share() =>
        Assert.Contains("every trial has the same result", Build(Grid((_, _, _) => 0.5)).WhyNot, StringComparison.Ordinal);

    private static RunTables Grid(Func<string, string, int, double> accuracy, params string[] thresholds)
    {
        RunTables run = new();
        foreach (string threshold in thresholds.Length == 0 ? ["1", "2"] : thresholds)
        {
            foreach (string arm in (string[])["slayer", "rouser"])
            {
                for (int seed = 0; seed < 2; seed++)
                    run.Add(arm, $"threshold.init={threshold}", seed, accuracy(arm, threshold, seed));
            }
        }
        return run;
    }

    private static (Figure? Figure, string? WhyNot) Build(RunTables run) =>
        Build(ReportModel.From(run.Build()).Value.Studies.Single());

    private static (Figure? Figure, string? WhyNot) Build(StudyResults study) =>
        ImportanceFigure.Build(study, Design.Of(study), Accuracy);

    private static (string Name, double Percent)[] Bars(Figure? figure) =>
        [.. ((BarPanel)figure!.Panels[0]).Bars.Select(b => (b.Name, Math.Round(b.Value, 9)))];
}
