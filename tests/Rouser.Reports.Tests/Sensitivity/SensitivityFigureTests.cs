using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Reports.Sensitivity;
using Rouser.Reports.Tests.Fixtures;
using Rouser.Sweeps;

namespace Rouser.Reports.Tests.Sensitivity;

public sealed class SensitivityFigureTests
{
    private static readonly Objective Accuracy = new(new MetricSettings("test_accuracy", true, EpochSelection.Last));
    private static readonly StudyResults Grid = DesignTests.SweepStudy("grid"),
        OneByOne = DesignTests.SweepStudy("one-by-one");

    [Fact]
    public void One_at_a_time_goes_through_the_setting_that_the_others_surround()
    {
        Figure figure = OneAtATimeFigure.Build(OneByOne, Design.Of(OneByOne), Accuracy)!;
        Assert.Equal(["over Th", "over τ", "over lr"], figure.Panels.Select(p => p.Title));
        Assert.Contains("Th = 1.25, τ = 3.75, lr = 0.001", figure.Caption, StringComparison.Ordinal);
        PlotPanel threshold = (PlotPanel)figure.Panels[0];
        Assert.Equal(["slayer", "slayer-wn", "rouser"], threshold.Curves.Select(c => c.Arm));
        Assert.All(threshold.Curves, c => Assert.Equal([1, 2, 3], c.Points.Select(p => p.X)));
        double[] seeds =
        [
            .. OneByOne
                .Rows.Single(r => r is { Arm: "rouser", Setting: "threshold.init=0.75" })
                .Completed.Select(r => 100 * r.Objective!.Value),
        ];
        Assert.Equal(new CurvePoint(2, seeds.Average(), seeds.Min(), seeds.Max()), threshold.Curves[2].Points[1]);
    }

    [Fact]
    public void Heat_map_has_a_panel_per_other_setting_and_shows_the_seeds_that_a_row_has()
    {
        Figure figure = ArmHeatMap.Build(Grid, Design.Of(Grid), Accuracy)!;
        Assert.Equal(["τ = 1", "τ = 3", "τ = 3.75"], figure.Panels.Select(p => p.Title));
        HeatPanel first = (HeatPanel)figure.Panels[0];
        Assert.Equal(["rouser", "slayer-wn", "slayer"], first.Y.Names!);
        Assert.Equal(2, first.Cells[1][0]!.Value.N);
        Assert.Equal(3, first.Cells[0][0]!.Value.N);
    }

    [Fact]
    public void Parallel_coordinates_draw_the_best_last()
    {
        Figure figure = ParallelFigure.Build(Grid, Design.Of(Grid), Accuracy)!;
        ParallelPanel panel = (ParallelPanel)figure.Panels[0];
        Assert.Equal(["arm", "Th", "τ", "test accuracy, %"], panel.Axes.Select(a => a.Name));
        Assert.Equal(45, panel.Lines.Count);
        Assert.Equal(panel.Lines.Max(l => l.Places[^1]), panel.Lines[^1].Places[^1]);
        Assert.Equal(Palette.Ranks - 1, panel.Lines[^1].Shade);
        // The words beside the strongest line are those of what is best.
        Assert.Equal(("lowest fifth", "highest fifth"), panel.Ends);
    }

    [Theory]
    // The highest fifth of six combinations is one of them, that of ten is two.
    [InlineData(3, "; the highest has arm rouser")]
    [InlineData(5, "; all 2 highest have arm rouser")]
    public void Title_says_what_the_best_have_in_common(int thresholds, string said)
    {
        RunTables run = new();
        for (int i = 0; i < thresholds; i++)
        {
            run.Add("slayer", $"threshold.init={i + 1}", 0, 0.5 + 0.01 * i);
            run.Add("rouser", $"threshold.init={i + 1}", 0, 0.7 + 0.01 * i);
        }
        StudyResults study = ReportModel.From(run.Build()).Value.Studies.Single();
        Assert.Contains(said, ParallelFigure.Build(study, Design.Of(study), Accuracy)!.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_many_parameters_those_are_drawn_over_which_results_spread_most()
    {
        RunTables run = new() { Arms = ["rouser"] };
        // One at a time: the k-th parameter moves the result by k points.
        string[] names =
        [
            "threshold.init",
            "surrogate.tau",
            "surrogate.scale",
            "optimizer.learning_rate",
            "threshold.learning_rate",
            "neuron.current_factor",
            "neuron.voltage_factor",
            "batch_size",
            "optimizer.beta1",
            "optimizer.beta2",
            "loss.true_period",
            "loss.false_period",
            "loss.filter_tau",
            "optimizer.epsilon",
        ];
        for (int moved = -1; moved < names.Length; moved++)
        {
            string setting = string.Join(' ', names.Select((name, i) => $"{name}={(i == moved ? 2 : 1)}"));
            run.Add("rouser", setting, 0, 0.5 + 0.01 * (moved + 1)).Add("rouser", setting, 1, 0.5 + 0.01 * (moved + 1));
        }
        StudyResults study = ReportModel.From(run.Build()).Value.Studies.Single();
        Design design = Design.Of(study);
        foreach (
            Figure figure in (Figure[])
                [SliceFigure.Build(study, design, Accuracy)!, OneAtATimeFigure.Build(study, design, Accuracy)!]
        )
        {
            Assert.Equal(12, figure.Panels.Count);
            Assert.Contains(figure.Panels, p => p.Title.EndsWith("optimizer.epsilon", StringComparison.Ordinal));
            Assert.Contains("over optimizer.epsilon", figure.Title, StringComparison.Ordinal);
            Assert.Contains("Drawn are 12 of 14 parameters", figure.Caption, StringComparison.Ordinal);
        }
        // By itself the first parameter moves results least; beside all the other trials, the seventh is in the middle.
        Assert.DoesNotContain(OneAtATimeFigure.Build(study, design, Accuracy)!.Panels, p => p.Title == "over Th");
        Assert.DoesNotContain(
            SliceFigure.Build(study, design, Accuracy)!.Panels,
            p => p.Title == "against neuron.voltage_factor"
        );
        ParallelPanel parallel = (ParallelPanel)ParallelFigure.Build(study, design, Accuracy)!.Panels[0];
        Assert.Equal(
            ["loss.true_period", "loss.false_period", "loss.filter_tau", "optimizer.epsilon"],
            parallel.Axes.SkipLast(1).TakeLast(4).Select(a => a.Name)
        );
    }

    [Fact]
    public void Slices_have_a_mark_for_every_completed_trial()
    {
        Figure figure = SliceFigure.Build(Grid, Design.Of(Grid), Accuracy)!;
        Assert.All(
            figure.Panels.Cast<PlotPanel>(),
            p => Assert.Equal(Grid.Rows.Sum(r => r.Completed.Count), p.Curves.Sum(c => c.Points.Count))
        );
    }

    [Fact]
    public void Histograms_hold_every_neuron_of_every_epoch()
    {
        Figure figure = ThresholdHistogramFigure.Build(Grid, ReportModel.From(SweepRun.Build()).Value.Histograms)!;
        foreach (HeatPanel panel in figure.Panels.Cast<HeatPanel>())
        {
            for (int epoch = 0; epoch < panel.XEdges.Count - 1; epoch++)
                Assert.Equal(100, panel.Cells.Sum(row => row[epoch]?.Value ?? 0), 1e-9);
        }
    }

    [Fact]
    public void Study_that_varies_nothing_but_seeds_has_none()
    {
        ReportModel model = ReportModel.From(new RunTables().Add("slayer", "", 0, 0.5).Add("slayer", "", 1, 0.6).Build()).Value;
        SensitivityFigures none = SensitivityFigures.Of(model, model.Studies.Single());
        Assert.Empty(none.Figures);
        Assert.Empty(none.Remarks);
    }
}
