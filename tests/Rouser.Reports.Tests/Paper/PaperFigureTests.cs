using Rouser.Reports.Documents;
using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Reports.Paper;
using Rouser.Reports.Tables;
using Rouser.Reports.Tests.Fixtures;
using Rouser.Testing;

namespace Rouser.Reports.Tests.Paper;

public sealed class PaperFigureTests
{
    [Fact]
    public void Figure_3_has_a_mark_per_threshold_for_arms_whose_threshold_is_fixed()
    {
        StudyResults study = Study("grid");
        Figure figure = FixedThresholdFigure.Build(study)!;
        Assert.Equal("3 (N-MNIST)", PaperFigure.Beside(new StudyFigure(study, figure))!.Number);
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
        Assert.Equal(expected, PaperFigure.Beside(Accuracy(run))?.Number);
    }

    [Fact]
    public void Ablation_over_the_learning_rate_stands_beside_figure_11()
    {
        RunTables run = new() { Arms = ["rouser"] };
        foreach (string rate in (string[])["0", "0.001", "0.01"])
            run.Add("rouser", $"threshold.init=1 threshold.learning_rate={rate}", 0, 0.5, 0.6);
        Assert.Equal("11", PaperFigure.Beside(Accuracy(run))!.Number);
        Assert.Equal(" It stands beside figure 11 of the paper.", new PaperReport().RemarkOn(Accuracy(run)));
    }

    [Fact]
    public void Fixed_arm_is_the_zero_of_the_ablation_too()
    {
        RunTables run = new() { Arms = ["slayer", "rouser"] };
        run.Add("slayer", "threshold.init=1", 0, 0.5);
        foreach (string rate in (string[])["0.001", "0.01"])
            run.Add("rouser", $"threshold.init=1 threshold.learning_rate={rate}", 0, 0.5);
        Assert.Equal("11", PaperFigure.Beside(Accuracy(run))!.Number);
    }

    [Fact]
    public void Generated_data_is_said_to_stand_in()
    {
        ReportModel model = ReportModel.From(PlausibleRun.Build()).Value;
        Assert.EndsWith(
            "with generated data in place of N-MNIST.",
            new PaperReport().RemarkOn(Accuracy(model.Studies[0])),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Figures_that_the_plan_lacks_are_listed_with_what_to_run()
    {
        ReportModel model = ReportModel.From(PlausibleRun.Build(synthetic: false)).Value;
        ReportTable table = PaperTables.Figures([.. model.Studies.Select(Accuracy)]);
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

    private static StudyFigure Accuracy(RunTables run) => Accuracy(ReportModel.From(run.Build()).Value.Studies.Single());

    private static StudyFigure Accuracy(StudyResults study) => new(study, StudyFigures.Accuracy(study, "as seen")!);

    private static StudyResults Study(string name) =>
        ReportModel.From(SweepRun.Build()).Value.Studies.Single(s => s.Name == name);
}
