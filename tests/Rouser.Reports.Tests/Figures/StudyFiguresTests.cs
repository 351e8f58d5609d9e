using System.Globalization;
using Rouser.Reports.Documents;
using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Reports.Tests.Fixtures;

namespace Rouser.Reports.Tests.Figures;

public sealed class StudyFiguresTests
{
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
        string[] lines = CsvText.Render(StudyFigures.Accuracy(study, "as seen")!).TrimEnd('\n').Split('\n');
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
        Figure figure = StudyFigures.Accuracy(ReportModel.From(SweepRun.Build(epochs: 250)).Value.Studies[1], "as seen")!;
        Curve curve = ((PlotPanel)figure.Panels[0]).Curves[0];
        Assert.Equal(250, curve.Points.Count);
        Assert.Equal((Curve.MostPoints, 1, 250), (curve.Drawn.Count, curve.Drawn[0].X, curve.Drawn[^1].X));
        Assert.Contains("Drawn are 100 of 250 epochs", figure.Caption, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_many_settings_those_evenly_by_rank_are_drawn_and_what_all_share_stands_in_the_caption()
    {
        RunTables run = new();
        for (int i = 0; i < 30; i++)
        {
            foreach (string arm in run.Arms)
                run.Add(arm, $"threshold.init={i} surrogate.tau=3", 0, 0.5 + 0.01 * (i * 7 % 30));
        }
        Figure figure = StudyFigures.Accuracy(ReportModel.From(run.Build()).Value.Studies.Single(), "as seen")!;
        string[] titles = [.. figure.Panels.Select(p => p.Title)];
        Assert.Equal(Series.MostPanels, titles.Length);
        // Lowest at 0; highest where 7i mod 30 is 29, at 17.
        Assert.Contains("Th=0", titles);
        Assert.Contains("Th=17", titles);
        Assert.Contains("All panels: τ=3.", figure.Caption, StringComparison.Ordinal);
        Assert.Contains("Drawn are 12 of 30 settings, evenly by rank", figure.Caption, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_many_arms_those_evenly_by_rank_are_drawn_each_in_its_own_colour()
    {
        string[] arms = [.. Enumerable.Range(0, 11).Select(i => $"arm {i}")];
        RunTables run = new() { Arms = arms, CompareTo = null };
        for (int i = 0; i < arms.Length; i++)
            run.Add(arms[i], "", 0, 0.1 + 0.05 * i).Add(arms[i], "", 1, 0.1 + 0.05 * i);
        StudyResults study = ReportModel.From(run.Build()).Value.Studies.Single();
        Figure figure = StudyFigures.Accuracy(study, "as seen")!;
        Curve[] curves = [.. ((PlotPanel)figure.Panels.Single()).Curves];
        Assert.Equal(["arm 0", "arm 2", "arm 4", "arm 6", "arm 8", "arm 10"], curves.Select(c => c.Arm));
        Assert.Equal(curves.Select(c => study.StyleOf(c.Arm)), curves.Select(c => c.Style));
        Assert.Contains(
            "Drawn are 6 of 11 lines, evenly by rank of their mean accuracy",
            figure.Caption,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Title_says_where_the_arms_end_farthest_apart()
    {
        Figure figure = StudyFigures.Active(ReportModel.From(PlausibleRun.Build()).Value.Studies[0])!;
        Assert.Matches(@"^Active neurons per layer: .+ \d+\.\d %, .+ \d+\.\d % in layer \d", figure.Title);
    }

    [Fact]
    public void Arms_have_the_colours_that_the_sweep_gives_them_and_others_those_that_are_left()
    {
        StudyResults study = Study("one-by-one") with { ColorsOfSweep = ["grey", "green"] };
        Assert.Equal([5, 2, 0], ((string[])["slayer", "slayer-wn", "rouser"]).Select(study.StyleOf));
        Assert.Equal([0, 1, 2], ((string[])["slayer", "slayer-wn", "rouser"]).Select(Study("one-by-one").StyleOf));
    }

    [Fact]
    public void Accuracy_stands_against_operations_where_every_seed_has_them()
    {
        StudyResults study = Study("one-by-one");
        Assert.Null(OperationsFigure.Build(study));
        ResultRow[] rows = [.. study.Rows.Select((row, k) => k == 0 ? row : WithOperations(row, 1000 * k))];
        Figure figure = OperationsFigure.Build(study with { Rows = rows })!;
        Curve[] marks = [.. ((PlotPanel)figure.Panels[0]).Curves];
        Assert.Equal(rows.Skip(1).Count(row => row.IsComplete), marks.Length);
        Assert.Matches(@"operations: from \d+\.\d % with [\d.]+ to \d+\.\d % with [\d.]+ thousand", figure.Title);
        ResultRow last = rows.Last(row => row.IsComplete);
        double[] seeds = [.. last.Completed.Select(r => 100 * r.History.TestAccuracy(r.History.Epochs))];
        Assert.Equal(last.Arm, marks[^1].Arm);
        // Seeds of 0, 1, 2 … thousand operations more.
        Assert.Equal(
            CurvePoint.OverSeeds(Array.IndexOf(rows, last) + ((last.Replicates.Count - 1) / 2.0), seeds),
            Assert.Single(marks[^1].Points)
        );

        static ResultRow WithOperations(ResultRow row, double least) =>
            row with
            {
                Replicates = [.. row.Replicates.Select((r, k) => r with { EffectiveAcs = least + (1000 * k) })],
            };
    }

    private static StudyResults Study(string name) =>
        ReportModel.From(SweepRun.Build()).Value.Studies.Single(s => s.Name == name);
}
