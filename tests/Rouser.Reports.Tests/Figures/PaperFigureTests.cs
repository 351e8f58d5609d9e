using System.Globalization;
using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Reports.Tables;
using Rouser.Reports.Tests.Fixtures;
using Rouser.Testing;

namespace Rouser.Reports.Tests.Figures;

public sealed class PaperFigureTests
{
    [Fact]
    public void Figure_3_has_a_mark_per_threshold_for_arms_whose_threshold_is_fixed()
    {
        StudyResults study = Study("grid");
        Figure figure = FixedThresholdFigure.Build(study)!;
        Assert.Equal("3 (N-MNIST)", figure.Paper!.Number);
        PlotPanel panel = (PlotPanel)figure.Panels[1];
        Assert.Equal(["slayer", "slayer-wn"], panel.Curves.Select(c => c.Arm));
        Assert.Equal([0.25, 0.5, 0.75, 1, 1.25], panel.Curves[0].Points.Select(p => p.X));
    }

    [Theory]
    [InlineData("4 (a, b)", "slayer", "rouser")]
    [InlineData("5", "slayer", "slayer-wn", "rouser")]
    [InlineData(null, "slayer", "slayer-wn")]
    public void Accuracy_stands_beside_the_figure_with_the_same_arms(string? expected, params string[] arms)
    {
        RunTables run = new() { Arms = arms };
        foreach (string arm in arms)
            run.Add(arm, "threshold.init=1", 0, 0.5);
        Assert.Equal(expected, StudyFigures.Accuracy(ReportModel.From(run.Build()).Value.Studies.Single())!.Paper?.Number);
    }

    [Fact]
    public void Ablation_over_the_learning_rate_stands_beside_figure_11()
    {
        RunTables run = new() { Arms = ["rouser"] };
        foreach (string rate in (string[])["0", "0.001", "0.01"])
            run.Add("rouser", $"threshold.init=1 threshold.learning_rate={rate}", 0, 0.5, 0.6);
        Figure figure = StudyFigures.Accuracy(ReportModel.From(run.Build()).Value.Studies.Single())!;
        Assert.Equal("11", figure.Paper!.Number);
        Assert.EndsWith("It stands beside figure 11 of the paper.", figure.Caption, StringComparison.Ordinal);
    }

    [Fact]
    public void Fixed_arm_is_the_zero_of_the_ablation_too()
    {
        RunTables run = new() { Arms = ["slayer", "rouser"] };
        run.Add("slayer", "threshold.init=1", 0, 0.5);
        foreach (string rate in (string[])["0.001", "0.01"])
            run.Add("rouser", $"threshold.init=1 threshold.learning_rate={rate}", 0, 0.5);
        Assert.Equal("11", StudyFigures.Accuracy(ReportModel.From(run.Build()).Value.Studies.Single())!.Paper!.Number);
    }

    [Fact]
    public void Generated_data_is_said_to_stand_in()
    {
        ReportModel model = ReportModel.From(PlausibleRun.Build()).Value;
        Assert.EndsWith(
            "with generated data in place of N-MNIST.",
            StudyFigures.Accuracy(model.Studies[0])!.Caption,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Figures_that_the_plan_lacks_are_listed_with_what_to_run()
    {
        ReportModel model = ReportModel.From(PlausibleRun.Build(synthetic: false)).Value;
        ReportTable table = PaperFigureTable.Build([.. model.Studies.Select(s => StudyFigures.Accuracy(s)!)]);
        Assert.Equal(PaperFigure.All.Count, table.Rows.Count);
        Assert.StartsWith(
            "not run: nothing in the plan trains on DVS128 Gesture",
            table.Rows.Single(r => r[0].Text == "figure 8")[3].Text,
            StringComparison.Ordinal
        );
        Assert.All(
            PaperFigure.All,
            p => Assert.True(File.Exists(Path.Combine(Repository.Path("sweeps"), p.SweepFile)), p.SweepFile)
        );
    }

    [Fact]
    public void Distance_to_the_final_weights_ends_at_zero()
    {
        PlotPanel panel = (PlotPanel)StudyFigures.DistanceFinal(Study("one-by-one"))!.Panels[0];
        Assert.All(panel.Curves, c => Assert.Equal(0, c.Points[^1].Value));
    }

    [Fact]
    public void Csv_has_the_numbers_drawn()
    {
        StudyResults study = Study("one-by-one");
        string[] lines = FigureCsv.Render(StudyFigures.Accuracy(study)!).TrimEnd('\n').Split('\n');
        Assert.Equal("panel,arm,setting,shown,x_name,x,value,low,high,n", lines[0]);
        double[] seeds =
        [
            .. study
                .Rows.Single(r => r is { Arm: "rouser", Setting: "surrogate.tau=1" })
                .Completed.Select(r => 100 * r.History.TestAccuracy(4)),
        ];
        string line = lines.Single(l =>
            l.StartsWith("τ=1,rouser,", StringComparison.Ordinal) && l.Contains(",epoch,4,", StringComparison.Ordinal)
        );
        Assert.EndsWith(
            string.Create(CultureInfo.InvariantCulture, $",{seeds.Average():R},{seeds.Min():R},{seeds.Max():R},3"),
            line,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Long_training_is_thinned_in_the_picture_with_both_ends_kept_and_said_so()
    {
        Figure figure = StudyFigures.Accuracy(ReportModel.From(SweepRun.Build(epochs: 250)).Value.Studies[1])!;
        Curve curve = ((PlotPanel)figure.Panels[0]).Curves[0];
        Assert.Equal(250, curve.Points.Count);
        Assert.Equal((Curve.MostPoints, 1, 250), (curve.Drawn.Count, curve.Drawn[0].X, curve.Drawn[^1].X));
        Assert.Contains("Drawn are 100 of 250 epochs", figure.Caption, StringComparison.Ordinal);
    }

    private static StudyResults Study(string name) =>
        ReportModel.From(SweepRun.Build()).Value.Studies.Single(s => s.Name == name);
}
