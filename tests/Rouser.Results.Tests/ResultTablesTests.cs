using Rouser.Coordination;
using Rouser.Core.Parameters;
using Rouser.Snn;
using Rouser.Sweeps;
using Rouser.Testing;

namespace Rouser.Results.Tests;

public class ResultTablesTests
{
    private static readonly WorkerId Worker = new("w1");

    [Fact]
    public void A_small_journal_gives_these_rows()
    {
        Plan plan = PlanOfTwoMethods();
        TrialId shared = Samples.Id(0),
            failed = Samples.Id(1),
            running = Samples.Id(2);
        Event[] journal =
        [
            new TrialAssigned(At(0), shared, 1, Worker),
            new EpochRecorded(At(10), shared, 1, Measured(shared, 1, test: 0.85)),
            new AttemptLost(At(70), shared, 1, "w1 was silent for 60 s", Final: false),
            new TrialAssigned(At(71), shared, 2, new("w2")),
            new EpochRecorded(At(80), shared, 2, Measured(shared, 2, test: 0.95)),
            new EpochRecorded(At(90), shared, 2, Measured(shared, 3, test: 0.75) with { Complexity = Samples.Complexity(0) }),
            new TrialCompleted(At(90), shared, 2, Samples.Distances(0, 3)),
            new TrialAssigned(At(91), failed, 1, Worker),
            new EpochRecorded(At(92), failed, 1, Measured(failed, 1, test: double.NaN)),
            new AttemptFailed(At(93), failed, 1, "the loss is not finite", Final: true),
            new TrialAssigned(At(94), running, 1, Worker),
            new EpochRecorded(At(95), running, 1, Measured(running, 1, test: 0.9)),
        ];
        ResultTables tables = ResultTables.Build(Sweeps.Spec, plan, journal, Sweeps.Environment);
        Snapshot.Match(
            $"{TableText.Of(tables.Trials)}\n{TableText.Of(tables.Epochs)}\n{TableText.Of(tables.Layers)}",
            "Tables/small_journal"
        );
    }

    [Fact]
    public void What_users_wrote_is_in_the_table_and_its_metadata_and_where_nobody_did_the_table_is_as_it_was()
    {
        Plan plan = PlanOfTwoMethods();
        Event[] journal =
        [
            new SweepAnnotated(At(0), new AnnotationChange("a first look\r\n\u001b[31mat layer 2", ["pilot"], [])),
            new TrialsAnnotated(At(1), [Samples.Id(0), Samples.Id(1)], new AnnotationChange(null, ["rerun", "good"], [])),
            new TrialsAnnotated(At(2), [Samples.Id(1)], new AnnotationChange("it diverged", [], ["good", "rerun"])),
        ];
        Table written = ResultTables.Build(Sweeps.Spec, plan, journal, Sweeps.Environment).Trials,
            plain = ResultTables.Build(Sweeps.Spec, plan, [], Sweeps.Environment).Trials;
        string?[] Texts(string column) =>
            [.. Enumerable.Range(0, written.RowCount).Select(row => TextIn((Column<string>)written.Find(column)!, row))];
        TrialId[] trials = [.. plan.Cells.Select(c => c.Trial)];
        Assert.Equal(trials.Select(t => t == Samples.Id(0) ? "good, rerun" : null), Texts("tags"));
        Assert.Equal(trials.Select(t => t == Samples.Id(1) ? "it diverged" : null), Texts("note"));
        Annotation read = RunMetadata.Read(written).Value.Annotation;
        Assert.Equal(("a first look\nat layer 2", "pilot"), (read.Note, Assert.Single(read.Tags)));

        Assert.Null(plain.Find("tags"));
        Assert.Null(plain.Find("note"));
        Assert.DoesNotContain(plain.Metadata.Keys, key => key is "rouser.note" or "rouser.tags");
        Assert.Equal(written.Columns.Select(c => c.Name).Except(["tags", "note"]), plain.Columns.Select(c => c.Name));
        // A table of before there were notes is read as if nobody had written any.
        List<UserError> mistakes = [];
        TableRows rows = new(plain, [TrialsTable.Tags, TrialsTable.Note], mistakes);
        Assert.Empty(mistakes);
        Assert.Null(rows.Find(TrialsTable.Tags, 0));

        static string? TextIn(Column<string> column, int row) => column.IsNull(row) ? null : column.Values[row];
    }

    [Fact]
    public void Columns_of_one_table_are_of_one_length_and_distinct_names()
    {
        ResultTables tables = ResultTables.Build(Sweeps.Spec, PlanOfTwoMethods(), [], Sweeps.Environment);
        foreach (Table table in new[] { tables.Trials, tables.Epochs, tables.Layers })
        {
            Assert.Equal(table.Columns.Count, table.Columns.Select(c => c.Name).Distinct().Count());
            Assert.All(table.Columns, column => Assert.Equal(table.RowCount, column.Count));
        }
        Assert.Equal(5, tables.Trials.RowCount);
        Assert.Equal(0, tables.Epochs.RowCount);
    }

    [Theory]
    [InlineData("test_accuracy", true, EpochSelection.Last, 0.75)]
    [InlineData("validation_accuracy", true, EpochSelection.Last, 0.7)]
    [InlineData("validation_accuracy", true, EpochSelection.Best, 0.9)]
    [InlineData("validation_loss", false, EpochSelection.Best, 0.05)]
    [InlineData("test_accuracy", true, EpochSelection.MeanLast3, 0.85)]
    [InlineData("train_loss", false, EpochSelection.Best, 0.25)]
    public void The_objective_is_the_metric_of_the_epoch_that_stands_for_the_trial(
        string metric,
        bool maximize,
        EpochSelection select,
        double expected
    )
    {
        double[] test = [0.1, 0.85, 0.95, 0.75];
        ResultTables tables = Completed(test, Sweeps.Spec with { Metric = new(metric, maximize, select) });
        Assert.Equal(expected, ((Column<double>)tables.Trials.Find("objective")!).Values[0], 12);
    }

    [Fact]
    public void An_epoch_that_measured_NaN_is_never_the_best_and_reaches_nothing()
    {
        Table trials = Completed([double.NaN, 0.6, double.NaN], Sweeps.Spec).Trials;
        Assert.Equal(2, ((Column<int>)trials.Find("best_epoch")!).Values[0]);
        Assert.True(trials.Find("epochs_to_0.8")!.IsNull(0));
        Assert.True(double.IsNaN(((Column<double>)trials.Find("final_test_accuracy")!).Values[0]));
        Assert.True(Completed([double.NaN], Sweeps.Spec).Trials.Find("best_epoch")!.IsNull(0));
    }

    private static ResultTables Completed(double[] testAccuracies, SweepSpec spec)
    {
        TrialId id = Samples.Id(0);
        Plan plan = Samples.Plan(1, testAccuracies.Length);
        IEnumerable<Event> epochs = testAccuracies.Select(
            (test, index) => new EpochRecorded(At(index), id, 1, Measured(id, index + 1, test))
        );
        return ResultTables.Build(
            spec,
            plan,
            [new TrialAssigned(At(0), id, 1, Worker), .. epochs, new TrialCompleted(At(9), id, 1, [])],
            Sweeps.Environment
        );
    }

    private static EpochMetrics Measured(TrialId trial, int epoch, double test) =>
        Samples.Epoch(trial.Value[0] - 'a', epoch) with
        {
            TestAccuracy = test,
            Validation = new ValidationScores(test - 0.05, 1 - test),
        };

    private static DateTimeOffset At(double seconds) => Samples.Start.AddSeconds(seconds);

    /// <summary>
    /// Trial a stands in two studies; b's method learns thresholds and a's does not; d was never started.
    /// </summary>
    private static Plan PlanOfTwoMethods()
    {
        ParameterSet fixedThreshold = Parameters(
            ("threshold.rule", new ParameterValue.Text("fixed")),
            ("threshold.init", new ParameterValue.Real(1.25))
        );
        ParameterSet learned = Parameters(
            ("threshold.rule", new ParameterValue.Text("learned")),
            ("threshold.init", new ParameterValue.Integer(1)),
            ("threshold.learning_rate", new ParameterValue.Real(0.01)),
            ("weights.normalize", new ParameterValue.Boolean(true)),
            ("network.hidden", new ParameterValue.Integers([500, 500])),
            ("epochs", new ParameterValue.Integer(3))
        );
        PlannedTrial[] trials =
        [
            Samples.Trial(Samples.Id(0), 3, seed: 0, fixedThreshold),
            Samples.Trial(Samples.Id(1), 3, seed: 0, learned),
            Samples.Trial(Samples.Id(2), 3, seed: 1, learned) with
            {
                Synthetic = true,
            },
            Samples.Trial(Samples.Id(3), 3, seed: 1, fixedThreshold),
        ];
        return new Plan(
            "sample",
            "f1a9",
            trials,
            [
                new("first", "slayer", "", 0, trials[0].Id),
                new("first", "rouser", "threshold.init=1", 0, trials[1].Id),
                new("first", "rouser", "threshold.init=1", 1, trials[2].Id),
                new("first", "slayer", "", 1, trials[3].Id),
                new("second", "slayer", "", 0, trials[0].Id),
            ]
        );
    }

    private static ParameterSet Parameters(params (string Name, ParameterValue Value)[] values) =>
        new(values.Select(v => KeyValuePair.Create(v.Name, v.Value)));
}
