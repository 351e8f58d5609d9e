using Rouser.Core;
using Rouser.Reports.Documents;
using Rouser.Reports.Model;
using Rouser.Reports.Statistics;
using Rouser.Reports.Tables;
using Rouser.Reports.Tests.Fixtures;
using Rouser.Sweeps.Sequential;

namespace Rouser.Reports.Tests.Tables;

/// <summary>Comparisons whose seeds were a budget, with other numbers of seeds in each row.</summary>
public sealed class SequentialTableTests
{
    private const string Open = "threshold.init=0.25";

    // From 3 to 12 seeds: looks at 3, 4, 5, 7, 9 and 12.
    private static readonly SeedBudget Budget = new(3, 12, IsForSweep: false);

    [Fact]
    public void The_interval_is_that_of_the_look_at_which_the_comparison_ended()
    {
        ReportModel model = Model();
        ReportTable table = SequentialTable.Build(model.Studies[0], model)!;
        Assert.Equal(2, table.Rows.Count);
        ReportCell difference = Cell(table, 0, "difference_points");

        double[] d = [20, 21, 19];
        double half = StudentT.Quantile(1 - (Budget.Design(2).Levels[0] / 2), 2) * 1 / Math.Sqrt(3);
        Assert.Equal((3, IntervalKind.Repeated), (difference.Value!.Value.N, difference.Value.Value.Interval));
        Assert.Equal(d.Average(), difference.Value.Value.Value, 1e-9);
        Assert.Equal(d.Average() - half, difference.Value.Value.Low!.Value, 1e-9);
        Assert.Equal("higher", Cell(table, 0, "verdict").Text);
        // The usual interval of three seeds is narrower: it does not know of the looks to come.
        Assert.True(half > Estimate.Of(d).HalfWidth);
    }

    [Fact]
    public void A_comparison_that_still_runs_is_open()
    {
        ReportModel model = Model();
        ReportTable table = SequentialTable.Build(model.Studies[0], model)!;
        Assert.StartsWith("open", Cell(table, 1, "verdict").Text, StringComparison.Ordinal);
        Assert.Equal("not decided", Cell(table, 1, "verdict_for_sweep").Text);
        Assert.Equal(4, Cell(table, 1, "difference_points").Value!.Value.N);
    }

    [Fact]
    public void The_usual_intervals_of_such_a_study_are_marked()
    {
        string page = MarkdownOf(Model());
        Assert.Contains("Sequential comparisons of study", page, StringComparison.Ordinal);
        Assert.Contains(SequentialTable.Warning.Trim(), page, StringComparison.Ordinal);
        string plain = MarkdownOf(ReportModel.From(new RunTables().Add("slayer", "", 0, 0.9).Build()).Value);
        Assert.DoesNotContain("equential", plain, StringComparison.Ordinal);
    }

    [Fact]
    public void The_answer_has_the_interval_and_the_verdict_that_hold()
    {
        ReportModel model = Model();
        string sentence = StudyAnswer.Sentence(model.Studies[0], model);
        double half = 100 * SequentialTest.Judge(Budget.Design(2), 0, [0.20, 0.21, 0.19]).HalfWidth!.Value;
        string interval = $"+20.0 [{Format.Signed(20 - half, 1)}, {Format.Signed(20 + half, 1)}] points";
        Assert.Contains($"rouser − slayer {interval} (n=3: higher)", sentence, StringComparison.Ordinal);
        Assert.Contains("(n=4: open", sentence, StringComparison.Ordinal);
        Assert.Null(Rouser.Reports.Figures.AnswerFigure.Build(model));
    }

    private static string MarkdownOf(ReportModel model) => MarkdownRenderer.Render(ReportDocument.Build(model));

    private static ReportModel Model()
    {
        RunTables run = new() { Budgets = new() { ["study"] = Budget } };
        double[] slayer = [0.70, 0.71, 0.72, 0.73],
            clear = [0.90, 0.92, 0.91],
            unclear = [0.72, 0.70, 0.73, 0.715];
        for (int seed = 0; seed < 4; seed++)
        {
            run.Add(new FixtureTrial("slayer", "", seed, [slayer[seed]]) { Study = "study" });
            run.Add(new FixtureTrial("slayer", Open, seed, [slayer[seed]]) { Study = "study" });
            if (seed < clear.Length)
                run.Add(new FixtureTrial("rouser", "", seed, [clear[seed]]) { Study = "study" });
            run.Add(new FixtureTrial("rouser", Open, seed, [unclear[seed]]) { Study = "study" });
        }
        return ReportModel.From(run.Build()).Value;
    }

    private static ReportCell Cell(ReportTable table, int row, string key) =>
        table.Rows[row][table.Columns.Select(c => c.Key).ToList().IndexOf(key)];
}
