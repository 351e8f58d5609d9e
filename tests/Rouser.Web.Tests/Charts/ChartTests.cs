using Rouser.Coordination;
using Rouser.Reports.Model;
using Rouser.Reports.Tables;
using Rouser.Results;
using Rouser.Sweeps;
using Rouser.Web.Charts;
using Rouser.Web.Model;

namespace Rouser.Web.Tests.Charts;

public sealed class ChartTests
{
    private readonly RunView _view = new(Runs.Spec, Runs.Plan);

    [Fact]
    public void A_curve_is_the_mean_over_the_seeds_that_have_come_that_far_within_the_lowest_and_the_highest()
    {
        // Of three seeds one is complete, one has two epochs.
        Cell[] cells = [.. Runs.Plan.Cells.Where(c => c.Arm == "learned" && c.Setting == "threshold.init=0.5")];
        Apply(Runs.Completed(_view.State.Find(cells[0].Trial)!.Planned, 0.8, Runs.Start));
        Apply(Runs.Completed(_view.State.Find(cells[1].Trial)!.Planned, 0.4, Runs.Start).Take(3));
        CurveLine line = Assert.Single(CurveChart.Of(_view, "thresholds", "test_accuracy").Lines);
        Assert.Equal(("learned", 3, 1), (line.Arm, line.Seeds, line.Completed));
        Assert.Equal([2, 2, 1, 1], line.N);
        Near([0.15, 0.3, 0.6, 0.8], line.Mean);
        Near([0.1, 0.2, 0.6, 0.8], line.Low);
        Near([0.2, 0.4, 0.6, 0.8], line.High);
    }

    [Fact]
    public void Layers_are_means_over_the_trials_that_have_come_that_far()
    {
        Apply(Runs.Completed(Runs.Plan.Trials[0], 0.8, Runs.Start));
        LayerChart chart = LayerChart.Of(_view, [0, 1]);
        Assert.Equal([8, 10], chart.Layers.Select(l => l.Neurons));
        Assert.Equal([0.25, 0.25, 0.25, 0.25], chart.Layers[0].Numbers["dead"]);
        Near([0.9, 0.9, 0.9, 0.9], chart.Layers[1].Numbers["max"]);
    }

    [Fact]
    public void Differences_and_importance_are_those_that_the_report_makes_of_the_journal()
    {
        Event[] journal = [.. Runs.AllCompleted()];
        Apply(journal);
        StudyNumbers shown = Assert.Single(StudyNumbers.Of(Runs.Spec, Runs.Plan, ResultEvents.Of(_view), Runs.Environment));

        ReportModel model = ReportModel.From(ResultTables.Build(Runs.Spec, Runs.Plan, journal, Runs.Environment)).Value;
        IReadOnlyList<Contrast> contrasts = Contrast.In(model.Studies[0], model.Run);
        Assert.Equal(2, contrasts.Count);
        Assert.Equal(
            contrasts.Select(c => (c.Label, c.Difference?.Value, c.Difference?.Low, c.Difference?.High, c.Verdict.Describe())),
            shown.Differences.Select(d => (d.Label, d.Value, d.Low, d.High, d.Verdict))
        );
        Assert.Equal(StudyAnswer.Sentence(model.Studies[0], model), shown.Answer);
        // By hand: ten points between the arms and twenty between the settings, additive, beside one point a seed.
        Assert.Equal(100, shown.Importance.Sum(i => i.Share), 6);
        double between = 10 * 10 / 4.0,
            settings = 20 * 20 / 4.0,
            seeds = 2 / 3.0;
        Assert.Equal(100 * settings / (between + settings + seeds), shown.Importance[0].Share, 6);
        Assert.Equal(100 * between / (between + settings + seeds), shown.Importance[1].Share, 6);
    }

    [Fact]
    public void A_pair_of_which_one_is_still_trained_gives_no_interval()
    {
        Apply(Runs.AllCompleted().SkipLast(1));
        StudyNumbers shown = Assert.Single(StudyNumbers.Of(Runs.Spec, Runs.Plan, ResultEvents.Of(_view), Runs.Environment));
        DifferenceNumber lacking = Assert.Single(shown.Differences, d => d.Missing > 0);
        Assert.Equal((2, 1, null), (lacking.N, lacking.Missing, lacking.Low));
        // Of the two that are there it is ten points each time, so that there is no spread.
        Assert.Null(lacking.SoFarLow);
    }

    [Fact]
    public void The_interval_so_far_is_Students_over_the_complete_pairs()
    {
        // Learned minus fixed of seeds 0 and 1: 12 and 10 points; seed 2 is missing.
        foreach (
            (string arm, double[] tests) in (ValueTuple<string, double[]>[])[("fixed", [0.5, 0.6]), ("learned", [0.62, 0.7])]
        )
        {
            Cell[] cells = [.. Runs.Plan.Cells.Where(c => c.Arm == arm && c.Setting == "threshold.init=1")];
            for (int i = 0; i < 2; i++)
                Apply(Runs.Completed(_view.State.Find(cells[i].Trial)!.Planned, tests[i], Runs.Start));
        }
        DifferenceNumber shown = Assert.Single(
            Assert.Single(StudyNumbers.Of(Runs.Spec, Runs.Plan, ResultEvents.Of(_view), Runs.Environment)).Differences,
            d => d.N > 0
        );
        Assert.Equal(11, shown.Value!.Value, 6);
        // t(0.975, 1) = 12.7062 times the standard error, which is 1 point.
        Assert.Equal(11 - 12.7062, shown.SoFarLow!.Value, 4);
        Assert.Equal(11 + 12.7062, shown.SoFarHigh!.Value, 4);
    }

    private void Apply(IEnumerable<Event> events)
    {
        foreach (Event happened in events)
            _view.Apply(happened);
    }

    private static void Near(double[] expected, IReadOnlyList<double?> actual)
    {
        Assert.Equal(expected.Length, actual.Count);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i]!.Value, 6);
    }
}
