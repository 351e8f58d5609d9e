using Rouser.Coordination;
using Rouser.Core;
using Rouser.Reports.Documents;
using Rouser.Reports.Model;
using Rouser.Reports.Tests.Fixtures;
using Rouser.Results;
using Rouser.Sweeps;

namespace Rouser.Reports.Tests.Model;

public sealed class ReportModelTests
{
    [Fact]
    public void Rows_stand_by_setting_then_arm_with_their_seeds_in_order()
    {
        ReportModel model = ReportModel
            .From(
                new RunTables()
                    .Add("rouser", "threshold.init=1", 1, 0.5)
                    .Add("rouser", "threshold.init=1", 0, 0.5)
                    .Add("slayer", "threshold.init=2", 0, 0.5)
                    .Add("slayer", "threshold.init=1", 0, 0.5)
                    .Build()
            )
            .Value;
        StudyResults study = Assert.Single(model.Studies);
        Assert.Equal(
            [("threshold.init=1", "slayer"), ("threshold.init=1", "rouser"), ("threshold.init=2", "slayer")],
            study.Rows.Select(r => (r.Setting, r.Arm))
        );
        Assert.Equal([0, 1], study.Rows[1].Replicates.Select(r => r.Seed));
    }

    [Fact]
    public void Mean_is_over_the_completed_seeds_and_says_how_many_are_missing()
    {
        RunTables run = new RunTables().Add("slayer", "", 0, 0.2, 0.4).Add("slayer", "", 1, 0.2, 0.6);
        ResultRow whole = ReportModel.From(run.Build()).Value.Rows.Single();
        Assert.Equal(0.5, whole.Estimate(h => h.TestAccuracy(h.Epochs))!.Value.Value, 12);

        run.Add(new FixtureTrial("slayer", "", 2, [0.2]) { State = TrialState.Failed, Reason = "out of memory" });
        ResultRow missing = ReportModel.From(run.Build()).Value.Rows.Single();
        Assert.Equal(
            (0.5, 1),
            (
                missing.Estimate(h => h.TestAccuracy(h.Epochs))!.Value.Value,
                missing.Estimate(h => h.TestAccuracy(1))!.Value.Missing
            )
        );
        Assert.Equal((2, 3), (missing.Completed.Count, missing.Replicates.Count));
        Assert.Equal("seed 2 failed after 1 epoch (out of memory)", missing.WhyMissing);
    }

    [Fact]
    public void Level_is_reached_after_the_first_epoch_that_gets_there_and_keeps_it()
    {
        TrialHistory history = ReportModel
            .From(new RunTables().Add("slayer", "", 0, 0.5, 0.8, 0.7, 0.9).Build())
            .Value.Cells.Single()
            .History;
        // 0.8, 0.7 and 0.9 are 0.8 on average.
        Assert.Equal(2, history.EpochsTo(0.79));
        Assert.Equal(4, history.EpochsTo(0.82));
        Assert.Equal(4, history.EpochsTo(0.85));
        Assert.Null(history.EpochsTo(0.95));
        Assert.Equal(4, history.HighestTestEpoch);
        // A table of before there were validation samples: nothing was chosen.
        Assert.Null(history.BestEpoch(ValidationMetric.Accuracy));
    }

    [Fact]
    public void Rows_of_the_tables_may_stand_in_any_order()
    {
        ResultTables tables = new RunTables().Add("slayer", "", 0, 0.1, 0.2, 0.3).Build();
        ResultTables reversed = new(tables.Trials, Reverse(tables.Epochs), Reverse(tables.Layers));
        TrialHistory a = ReportModel.From(tables).Value.Cells.Single().History,
            b = ReportModel.From(reversed).Value.Cells.Single().History;
        Assert.Equal([0.1, 0.2, 0.3], Enumerable.Range(1, 3).Select(b.TestAccuracy));
        Assert.Equal(a.Layer(2, 3)[LayersTable.DeadFraction], b.Layer(2, 3)[LayersTable.DeadFraction]);
    }

    [Fact]
    public void No_trials_is_a_mistake_that_says_what_to_do()
    {
        ResultTables tables = new RunTables().Add("slayer", "", 0, 0.1).Build();
        Table empty = new("trials", [], tables.Trials.Metadata);
        UserError mistake = Assert.Single(ReportModel.From(tables with { Trials = empty }).Errors);
        Assert.Equal("trials.parquet", mistake.Location);
        Assert.Contains("run the sweep first", mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("test_accuracy")]
    [InlineData("epoch")]
    public void Missing_column_is_a_mistake_that_names_it(string column)
    {
        ResultTables tables = new RunTables().Add("slayer", "", 0, 0.1).Build();
        Table epochs = tables.Epochs with { Columns = [.. tables.Epochs.Columns.Where(c => c.Name != column)] };
        UserError mistake = Assert.Single(ReportModel.From(tables with { Epochs = epochs }).Errors);
        Assert.Equal("epochs.parquet", mistake.Location);
        Assert.Contains(column, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gap_in_the_epochs_is_a_mistake()
    {
        ResultTables tables = new RunTables().Add("slayer", "", 0, 0.1, 0.2, 0.3).Build();
        Table epochs = Without(tables.Epochs, row: 1);
        Assert.Contains(
            ReportModel.From(tables with { Epochs = epochs }).Errors,
            m => m.Location == "epochs.parquet" && m.Message.Contains("epoch 2", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Layer_without_its_row_is_a_mistake()
    {
        ResultTables tables = new RunTables().Add("slayer", "", 0, 0.1, 0.2, 0.3).Build();
        Table layers = Without(tables.Layers, row: 3);
        Assert.Contains(ReportModel.From(tables with { Layers = layers }).Errors, m => m.Location == "layers.parquet");
    }

    [Fact]
    public void Seed_that_stands_twice_in_a_row_is_a_mistake()
    {
        ResultTables tables = new RunTables().Add("slayer", "", 0, 0.1).Add("slayer", "", 0, 0.2).Build();
        Assert.Contains(
            ReportModel.From(tables).Errors,
            m => m.Message.Contains("seed 0 stands twice", StringComparison.Ordinal)
        );
    }

    // Tables of before histograms were recorded lack the column.
    [Fact]
    public void Layers_without_the_column_of_histograms_are_read_as_without_histograms()
    {
        ResultTables tables = new RunTables().Add("slayer", "", 0, 0.1, 0.2).Build();
        Table older = tables.Layers with { Columns = [.. tables.Layers.Columns.Where(c => c.Name != "threshold_histogram")] };
        ReportModel model = ReportModel.From(tables with { Layers = older }).Value;
        string trial = model.Cells.Single().TrialId;
        Assert.Null(model.Histograms.Find(trial, layer: 1, epoch: 2));
        Assert.NotNull(ReportModel.From(tables).Value.Histograms.Find(trial, layer: 1, epoch: 2));
        Assert.NotEmpty(ReportDocument.Build(model).Blocks);
    }

    private static Table Reverse(Table table) => Pick(table, [.. Enumerable.Range(0, table.RowCount).Reverse()]);

    private static Table Without(Table table, int row) =>
        Pick(table, [.. Enumerable.Range(0, table.RowCount).Where(i => i != row)]);

    private static Table Pick(Table table, int[] rows) =>
        table with
        {
            Columns = [.. table.Columns.Select(column => column.Take(rows))],
        };
}
