using Rouser.Coordination;
using Rouser.Reports.Documents;
using Rouser.Reports.Model;
using Rouser.Reports.Paper;
using Rouser.Reports.Tables;
using Rouser.Reports.Tests.Fixtures;
using Rouser.Results;

namespace Rouser.Reports.Tests.Tables;

public sealed class TableTests
{
    [Fact]
    public void Means_state_their_interval_and_n()
    {
        ReportTable table = Accuracy(
            new RunTables().Add("slayer", "", 0, 0.90).Add("slayer", "", 1, 0.92).Add("slayer", "", 2, 0.97)
        );
        ReportCell last = Cell(table, 0, "test_accuracy_last_percent");
        Assert.Equal(("93.0 ± 9.0", "n=3"), (last.Text, last.Aside));
    }

    [Fact]
    public void One_seed_has_no_interval_and_says_so()
    {
        ReportCell last = Cell(Accuracy(new RunTables().Add("slayer", "", 0, 0.9)), 0, "test_accuracy_last_percent");
        Assert.Equal(("90.0", "n=1"), (last.Text, last.Aside));
        Assert.Null(last.Value!.Value.HalfWidth);
    }

    [Theory]
    [InlineData(TrialState.Failed)]
    [InlineData(TrialState.Lost)]
    [InlineData(TrialState.Queued)]
    [InlineData(TrialState.Running)]
    public void Mean_of_some_of_the_seeds_is_a_number_that_says_so_and_has_no_interval(TrialState state)
    {
        ReportTable table = Accuracy(
            new RunTables()
                .Add("slayer", "", 0, 0.9, 0.9)
                .Add("slayer", "", 1, 0.7, 0.7)
                .Add(new FixtureTrial("slayer", "", 2, []) { State = state })
        );
        ReportCell last = Cell(table, 0, "test_accuracy_last_percent");
        Assert.Equal(("80.0", "2 of 3", CellMark.Partial), (last.Text, last.Aside, last.Mark));
        Assert.Equal((2, 1, (double?)null), (last.Value!.Value.N, last.Value.Value.Missing, last.Value.Value.Low));
        Assert.Equal(2, last.Sources.Count);
        // Once for the table, however many cells lack a seed.
        Assert.Equal([Footnotes.OfPartial], table.Notes);
    }

    [Fact]
    public void Row_without_any_result_has_no_number()
    {
        ReportTable table = Accuracy(
            new RunTables().Add("slayer", "", 0, 0.9).Add(new FixtureTrial("rouser", "", 0, []) { State = TrialState.Queued })
        );
        ReportCell last = Cell(table, 1, "test_accuracy_last_percent");
        Assert.Equal(("0 of 1", "1 queued", CellMark.Incomplete), (last.Text, last.Aside, last.Mark));
        Assert.Null(last.Value);
    }

    [Fact]
    public void No_verdict_rests_on_some_of_the_seeds()
    {
        RunTables run = new RunTables()
            .Add("slayer", "", 0, 0.1)
            .Add("slayer", "", 1, 0.12)
            .Add("slayer", "", 2, 0.11)
            .Add("rouser", "", 0, 0.9)
            .Add("rouser", "", 1, 0.93)
            .Add(new FixtureTrial("rouser", "", 2, []) { State = TrialState.Running });
        ThresholdComparison comparison = Assert.Single(ThresholdComparison.In(Model(run).Studies.Single()));
        Assert.Equal(Verdict.Incomplete, comparison.Verdict);
        Assert.Equal(
            (80.5, 2, 1),
            (
                Math.Round(comparison.Difference!.Value.Value, 9),
                comparison.Difference.Value.N,
                comparison.Difference.Value.Missing
            )
        );
    }

    // A difference of two rows of a merged report rests on the seeds that both have, and on no others.
    [Fact]
    public void Difference_of_rows_with_different_seeds_names_only_the_trials_of_its_pairs()
    {
        RunTables run = new RunTables()
            .Add("slayer", "", 0, 0.1)
            .Add("slayer", "", 1, 0.2)
            .Add("slayer", "", 2, 0.3)
            .Add("rouser", "", 1, 0.5)
            .Add("rouser", "", 2, 0.9)
            .Add("rouser", "", 3, 0.9);
        ReportModel model = Model(run);
        ReportCell difference = Cell(SeedsTable.Build(model.Studies.Single(), model.Run), 1, "difference_points");
        Assert.Equal((45.0, 2), (Math.Round(difference.Value!.Value.Value, 9), difference.Value.Value.N));
        Assert.Equal([1L, 2, 1, 2], difference.Sources.Select(r => r.Seed));
    }

    [Fact]
    public void Without_validation_nothing_is_called_best_and_the_highest_on_test_is_labelled_optimistic()
    {
        IReadOnlyList<ReportColumn> columns = Accuracy(new RunTables().Add("slayer", "", 0, 0.9)).Columns;
        Assert.Contains(
            columns,
            c => c.Key == "highest_test_accuracy_percent" && c.Group.Contains("optimistic", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(columns, c => $"{c.Key} {c.Group} {c.Header}".Contains("best", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void With_validation_it_chooses_the_epoch_and_the_report_says_how_optimistic_the_test_set_would_have_been()
    {
        ReportModel model = ReportModel
            .From(
                new RunTables()
                    .Add(new FixtureTrial("slayer", "", 0, [0.70, 0.95, 0.80]) { ValidationAccuracy = [0.5, 0.6, 0.7] })
                    .Add(new FixtureTrial("slayer", "", 1, [0.70, 0.75, 0.90]) { ValidationAccuracy = [0.5, 0.6, 0.8] })
                    .Add(new FixtureTrial("rouser", "", 0, [0.99, 0.60, 0.60]) { ValidationAccuracy = [0.5, 0.9, 0.5] })
                    .Add(new FixtureTrial("rouser", "", 1, [0.99, 0.60, 0.60]) { ValidationAccuracy = [0.5, 0.9, 0.5] })
                    .Build()
            )
            .Value;
        ReportTable optimism = OptimismTable.Build(Assert.Single(model.Studies), model.Run)!;
        // Ranked by validation: rouser, with 90 %, stands before slayer, with 75 %.
        Assert.Equal(75, Cell(optimism, 1, "best_validation_accuracy_percent").Value!.Value.Value, 9);
        Assert.Equal(85, Cell(optimism, 1, "best_test_accuracy_percent").Value!.Value.Value, 9);
        Assert.Equal(92.5, Cell(optimism, 1, "highest_test_accuracy_percent").Value!.Value.Value, 9);
        Assert.Equal(7.5, Cell(optimism, 1, "optimism_points").Value!.Value.Value, 9);
        Assert.Equal(39, Cell(optimism, 0, "optimism_points").Value!.Value.Value, 9);
        // The row that is chosen is the one of every other sentence: by the epoch that stands for a trial, here the last.
        Assert.Contains("validation chooses slayer", optimism.Caption, StringComparison.Ordinal);
        Assert.Contains("with a test accuracy of 85.0 % after the last epoch", optimism.Caption, StringComparison.Ordinal);
        Assert.Contains("shown 99.0 %, 14.0 points more", optimism.Caption, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_validation_no_table_of_optimism_stands_in_the_report()
    {
        ReportModel model = Model(new RunTables().Add("slayer", "", 0, 0.9));
        Assert.Null(OptimismTable.Build(model.Studies.Single(), model.Run));
    }

    [Fact]
    public void Level_that_some_seeds_never_reach_has_a_restricted_mean()
    {
        ReportTable table = Reached(
            new RunTables { CompareTo = null }
                .Add("slayer", "", 0, 0.5, 0.85)
                .Add("slayer", "", 1, 0.5, 0.7)
        );
        ReportCell reached = Cell(table, 0, "epochs_to_0.8");
        Assert.Equal((2.0, "1 of 2 reach it"), (reached.Value!.Value.Value, reached.Aside));
        Assert.Contains("counts with all epochs", table.Notes[reached.Note], StringComparison.Ordinal);
    }

    [Fact]
    public void Level_that_no_seed_reaches_has_no_mean()
    {
        ReportTable table = Reached(
            new RunTables { CompareTo = null }
                .Add("slayer", "", 0, 0.5, 0.6)
                .Add("slayer", "", 1, 0.5, 0.7)
        );
        ReportCell reached = Cell(table, 0, "epochs_to_0.8");
        Assert.Equal(("none of 2 reaches it", CellMark.NotReached), (reached.Text, reached.Mark));
        Assert.Null(reached.Value);
    }

    [Fact]
    public void Level_that_is_touched_and_lost_again_is_reached_when_it_is_kept()
    {
        ReportTable table = Reached(
            new RunTables { CompareTo = null }.Add("slayer", "", 0, 0.81, 0.5, 0.6, 0.85, 0.84, 0.86, 0.79)
        );
        Assert.Equal(4, Cell(table, 0, "epochs_to_0.8").Value!.Value.Value);
    }

    [Fact]
    public void Speed_up_pairs_by_seed_and_setting()
    {
        // Seed 0: 4 epochs against 2, seed 1: 2 against 2; the geometric mean of 2 and 1. The other setting must not
        // matter.
        ReportTable table = Reached(
            new RunTables { Reach = [0.8] }
                .Add("slayer", "threshold.init=1", 0, 0, 0, 0, 0.8)
                .Add("slayer", "threshold.init=1", 1, 0, 0.8, 0.8, 0.8)
                .Add("rouser", "threshold.init=1", 1, 0, 0.8, 0.8, 0.8)
                .Add("rouser", "threshold.init=1", 0, 0, 0.8, 0.8, 0.8)
                .Add("slayer", "threshold.init=2", 0, 0.9, 0.9, 0.9, 0.9)
                .Add("slayer", "threshold.init=2", 1, 0.9, 0.9, 0.9, 0.9)
        );
        ReportCell speedUp = Cell(table, 1, "speed_up_at_0.8");
        Assert.Equal(Math.Sqrt(2), speedUp.Value!.Value.Value, 12);
        Assert.StartsWith("1.41×", speedUp.Text, StringComparison.Ordinal);
        Assert.Equal("reference", Cell(table, 0, "speed_up_at_0.8").Text);
    }

    [Fact]
    public void Speed_up_against_what_never_gets_there_is_a_number_that_says_it_is_restricted()
    {
        ReportTable table = Reached(
            new RunTables { Reach = [0.8] }
                .Add("slayer", "", 0, 0.1, 0.1, 0.1, 0.1)
                .Add("slayer", "", 1, 0.1, 0.1, 0.1, 0.1)
                .Add("rouser", "", 0, 0.8, 0.8, 0.8, 0.8)
                .Add("rouser", "", 1, 0.1, 0.8, 0.8, 0.8)
        );
        // Four epochs against one, and against two: √8.
        ReportCell speedUp = Cell(table, 1, "speed_up_at_0.8");
        Assert.Equal(Math.Sqrt(8), speedUp.Value!.Value.Value, 12);
        Assert.Contains("Restricted", table.Notes[speedUp.Note], StringComparison.Ordinal);
    }

    [Fact]
    public void Speed_up_where_neither_gets_there_is_no_number()
    {
        ReportTable table = Reached(
            new RunTables { Reach = [0.8] }
                .Add("slayer", "", 0, 0.1)
                .Add("rouser", "", 0, 0.2)
        );
        Assert.Equal("neither reaches it", Cell(table, 1, "speed_up_at_0.8").Text);
    }

    [Fact]
    public void Dead_neurons_are_shown_under_both_definitions_beside_the_paper()
    {
        RunTables run = new RunTables().Add(
            new FixtureTrial("slayer", "", 0, [0.1, 0.2])
            {
                LayerCount = 3,
                Layer = (layer, epoch) => FixtureTrial.Metrics(10, 0.1 * layer * epoch, 0.3, 0, 1, 0),
            }
        );
        StudyResults study = Model(run).Studies.Single();
        IReadOnlyList<PublishedShares> paper = new PaperReport().DeadNeurons(study);
        ReportTable whole = DeadNeuronTable.Build(study, DeadDefinition.WholeEpoch, paper),
            first = DeadNeuronTable.Build(study, DeadDefinition.FirstInput, paper);
        Assert.Equal("40.0", Cell(whole, 0, "dead_last_layer_2_percent").Text);
        Assert.Equal("30.0", Cell(whole, 0, "dead_mean_layer_2_percent").Text);
        Assert.Equal("70.0", Cell(first, 0, "dead_last_layer_2_percent").Text);
        Assert.Equal(["45.6", "61.8", "76.4"], whole.Rows[^1].TakeLast(3).Select(c => c.Text));
        Assert.Contains("not measured here", whole.Notes[whole.Rows[^1][0].Note], StringComparison.Ordinal);
        Assert.DoesNotContain(whole.Rows, r => r[1].Text.StartsWith("ROUSER", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Verdict.Higher, 0.80, 0.81, 0.82, 0.90, 0.92, 0.91)]
    [InlineData(Verdict.Lower, 0.90, 0.92, 0.91, 0.80, 0.81, 0.82)]
    [InlineData(Verdict.NoSpread, 0.80, 0.81, 0.82, 0.90, 0.91, 0.92)]
    [InlineData(Verdict.Undecided, 0.80, 0.81, 0.82, 0.80, 0.81, 0.82)]
    [InlineData(Verdict.Undecided, 0.80, 0.85, 0.90, 0.90, 0.84, 0.88)]
    public void Learned_against_fixed_is_decided_by_the_paired_interval(
        Verdict expected,
        double f0,
        double f1,
        double f2,
        double l0,
        double l1,
        double l2
    )
    {
        RunTables run = new RunTables()
            .Add("slayer", "", 0, f0)
            .Add("slayer", "", 1, f1)
            .Add("slayer", "", 2, f2)
            .Add("rouser", "", 0, l0)
            .Add("rouser", "", 1, l1)
            .Add("rouser", "", 2, l2);
        ThresholdComparison comparison = Assert.Single(ThresholdComparison.In(Model(run).Studies.Single()));
        Assert.Equal(expected, comparison.Verdict);
        Assert.Equal(100 * (l0 + l1 + l2 - f0 - f1 - f2) / 3, comparison.Difference!.Value.Value, 9);
    }

    [Fact]
    public void One_seed_gives_a_difference_but_no_conclusion()
    {
        StudyResults study = Model(new RunTables().Add("slayer", "", 0, 0.2).Add("rouser", "", 0, 0.9)).Studies.Single();
        IReadOnlyList<ThresholdComparison> comparisons = ThresholdComparison.In(study);
        Assert.Equal(Verdict.OneSeed, Assert.Single(comparisons).Verdict);
        Assert.Contains("One seed is one draw", ThresholdComparisonTable.Summary(study, comparisons), StringComparison.Ordinal);
    }

    [Fact]
    public void Zero_learning_rate_counts_as_fixed_and_other_methods_are_no_baseline()
    {
        RunTables run = new RunTables { Arms = ["slayer-wn", "rouser"] }
            .Add("slayer-wn", "", 0, 0.2)
            .Add("rouser", "threshold.learning_rate=0", 0, 0.5)
            .Add("rouser", "threshold.learning_rate=0.01", 0, 0.9);
        ThresholdComparison comparison = Assert.Single(ThresholdComparison.In(Model(run).Studies.Single()));
        Assert.Equal(
            ("threshold.learning_rate=0.01", "threshold.learning_rate=0"),
            (comparison.Learned.Setting, comparison.Fixed.Setting)
        );
    }

    // It differs from a fixed threshold in more than the threshold.
    [Fact]
    public void Rule_that_learns_the_leak_too_is_compared_with_no_fixed_threshold()
    {
        RunTables run = new RunTables { Arms = ["slayer", "diet", "ltmd"] }
            .Add("slayer", "", 0, 0.5)
            .Add("ltmd", "threshold.rule=ltmd threshold.learning_rate=0.01 threshold.bound=2", 0, 0.7)
            .Add("diet", "threshold.rule=diet threshold.learning_rate=0.01 neuron.membrane_learning_rate=0.001", 0, 0.9);
        ThresholdComparison comparison = Assert.Single(ThresholdComparison.In(Model(run).Studies.Single()));
        Assert.Equal("ltmd", comparison.Learned.Arm);
    }

    [Fact]
    public void Hyperparameters_are_those_the_trials_used()
    {
        ReportTable table = ParameterTables.Common(Model(new RunTables().Add("slayer", "", 0, 0.2).Add("rouser", "", 0, 0.5)));
        Assert.Equal("not used · 0.01", table.Rows.Single(r => r[0].Text == "threshold.learning_rate")[2].Text);
        Assert.Equal("fixed · learned", table.Rows.Single(r => r[0].Text == "threshold.rule")[2].Text);
    }

    [Theory]
    [InlineData(-0.04, "0.0")]
    [InlineData(-0.05, "−0.1")]
    [InlineData(99.96, "100.0")]
    public void Numbers_have_a_true_minus_and_no_minus_zero(double value, string expected) =>
        Assert.Equal(expected, Format.Fixed(value, 1));

    [Theory]
    [InlineData("", "as in base")]
    [InlineData("threshold.init=0.25 surrogate.tau=3", "Th=0.25 τ=3")]
    [InlineData("network.hidden=[500, 500] threshold.init=1", "network.hidden=[500, 500] Th=1")]
    public void Settings_are_read_in_symbols(string setting, string expected) =>
        Assert.Equal(expected, SettingLabel.Short(setting));

    [Fact]
    public void Studies_whose_names_differ_have_files_that_differ()
    {
        string[] slugs =
        [
            .. ((string[])["a b", "a-b", "A-B", "a_b", "ab", "", "α", "../x", new StudyResults("a b", []).Slug]).Select(name =>
                new StudyResults(name, []).Slug
            ),
        ];
        Assert.Equal(slugs.Length, slugs.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(slugs, s => Assert.Matches("^[a-z0-9_-]+$", s));
    }

    // A file is called KIND-STUDY. Of the kinds "dead" and "dead-first-input" the studies "first-input-x" and "x" had one file.
    [Fact]
    public void No_kind_of_table_or_figure_and_a_part_of_a_studys_name_make_up_another_kind()
    {
        const string study = "-grid";
        Document document = ReportDocument.Build(ReportModel.From(SweepRun.Build()).Value, new PaperReport());
        foreach (
            string[] ids in (string[][])
                [
                    [.. document.Tables.Select(t => t.Id)],
                    [.. document.Figures.Select(f => f.Id)],
                    [.. document.Blocks.OfType<Heading>().Select(h => h.Id)],
                ]
        )
        {
            Assert.Equal(ids.Length, ids.Distinct(StringComparer.OrdinalIgnoreCase).Count());
            string[] kinds = [.. ids.Where(id => id.EndsWith(study, StringComparison.Ordinal)).Select(id => id[..^study.Length])];
            Assert.True(kinds.Length > 4);
            foreach (string kind in kinds)
            {
                Assert.DoesNotContain(kinds, other => other.StartsWith($"{kind}-", StringComparison.Ordinal));
                Assert.DoesNotContain(
                    ids,
                    id =>
                        id.StartsWith($"{kind}-", StringComparison.Ordinal)
                        && !id.StartsWith($"{kind}{study}", StringComparison.Ordinal)
                        && !id.StartsWith($"{kind}-one-by-one", StringComparison.Ordinal)
                );
            }
        }
    }

    [Fact]
    public void A_confusion_matrix_adds_up_the_seeds_of_each_arm_and_names_the_classes()
    {
        ReportModel model = Model(
            new RunTables()
                .Add("slayer", "", 0, 0.5)
                .Add("slayer", "", 1, 0.5)
                .Add("rouser", "", 0, 0.5)
                .Add(new FixtureTrial("rouser", "", 1, []) { State = TrialState.Queued })
        );
        Replicate[] cells = [.. model.Cells];
        Assert.Empty(ConfusionTable.Build(model, model.Studies.Single()));
        // Labels 0, 1, 1; the second seed of slayer takes the last for a 0.
        SampleOutcomes Of(Replicate cell, int last) =>
            SampleOutcomes.Of(new TrialPredictions(new Sweeps.TrialId(cell.TrialId), 2, [0, 1, 1], [4, 1, 0, 3, last, 2]));
        model = model with
        {
            Run = model.Run with
            {
                Classes = new Dictionary<string, IReadOnlyList<string>> { [cells[0].DatasetDigest] = ["clap", "wave"] },
            },
            Outcomes = cells.Where(c => c.IsComplete).ToDictionary(c => c.TrialId, c => Of(c, c.Seed == 0 ? 1 : 2)),
        };
        ReportTable table = Assert.Single(ConfusionTable.Build(model, model.Studies.Single()));
        Assert.Equal(["label", "clap", "wave"], table.Columns.Select(c => c.Header));
        Assert.Equal(
            (string[][])
                [
                    ["clap", "2", "0"],
                    ["wave", "1", "3"],
                ],
            table.Rows.Select(row => row.Select(cell => cell.Text).ToArray())
        );
        Assert.Contains("slayer", table.Caption, StringComparison.Ordinal);
    }

    private static ReportModel Model(RunTables run) => ReportModel.From(run.Build()).Value;

    private static ReportTable Accuracy(RunTables run) => ConvergenceTable.Accuracy(Model(run).Studies.Single());

    private static ReportTable Reached(RunTables run)
    {
        ReportModel model = Model(run);
        RunMetadata metadata = model.Run;
        return ConvergenceTable.EpochsToReach(model.Studies.Single(), metadata)!;
    }

    private static ReportCell Cell(ReportTable table, int row, string key) =>
        table.Rows[row][table.Columns.TakeWhile(c => c.Key != key).Count()];
}
