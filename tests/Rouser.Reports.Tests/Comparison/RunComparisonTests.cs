using System.Text.Json;
using Rouser.Coordination;
using Rouser.Reports.Comparison;
using Rouser.Reports.Model;
using Rouser.Reports.Terminal;
using Rouser.Reports.Tests.Fixtures;

namespace Rouser.Reports.Tests.Comparison;

public sealed class RunComparisonTests
{
    [Fact]
    public void A_run_beside_itself_differs_in_nothing()
    {
        RunTables run = new RunTables().Add("slayer", "", 0, 0.5, 0.6).Add("rouser", "", 0, 0.5, 0.7);
        RunComparison comparison = Compare(run, run);
        Assert.Empty(comparison.Conditions);
        Assert.Empty(comparison.Parameters);
        Assert.Empty(comparison.Changed);
        Assert.Empty(comparison.Contradictions);
        Assert.Equal(2, comparison.Rows.Count);
    }

    // By hand: differences of 20 and 30 points, mean 25, s = √50, t(0.975, 1) = 12.7062: 25 ± 12.7062·√50/√2 = 25 ±
    // 63.531.
    [Fact]
    public void Differences_are_paired_by_seed_with_the_intervals_of_the_report()
    {
        RunComparison comparison = Compare(
            new RunTables().Add("slayer", "", 0, 0.5).Add("slayer", "", 1, 0.6).Add("rouser", "", 0, 0.5),
            new RunTables()
                .Add(Later("slayer", 0, 0.7))
                .Add(Later("slayer", 1, 0.9))
                .Add(Later("rouser", 0, 0.5))
                .Add(Later("slayer-wn", 0, 0.5))
        );
        JsonElement json = JsonDocument.Parse(ComparisonWriter.Json(comparison)).RootElement;
        JsonElement row = json.GetProperty("rows")[0],
            accuracy = row.GetProperty("test_accuracy"),
            difference = accuracy.GetProperty("difference");
        Assert.False(row.GetProperty("same").GetBoolean());
        Assert.Equal(55, accuracy.GetProperty("before").GetProperty("value").GetDouble(), 9);
        Assert.Equal(25, difference.GetProperty("value").GetDouble(), 9);
        Assert.Equal(25 - 63.531, difference.GetProperty("low").GetDouble(), 3);
        Assert.Equal("no difference shown", accuracy.GetProperty("verdict").GetString());
        Assert.Equal(1, accuracy.GetProperty("probability_of_increase").GetProperty("value").GetDouble());
        Assert.True(json.GetProperty("rows")[1].GetProperty("same").GetBoolean());
        Assert.Equal(
            "slayer-wn",
            Assert.Single(json.GetProperty("only_after").EnumerateArray().ToArray()).GetProperty("arm").GetString()
        );
        Assert.Contains(comparison.Conditions, c => c is { What: "training engine", Before: "fused/1", After: "fused/2" });
        Assert.Empty(comparison.Contradictions);
    }

    [Fact]
    public void Parameters_that_changed_are_named_with_the_rows_they_are_in()
    {
        RunComparison comparison = Compare(
            new RunTables().Add("slayer", "", 0, 0.5).Add("rouser", "", 0, 0.5),
            new RunTables()
                .Add(new FixtureTrial("slayer", "", 0, [0.5]) { Base = Epochs("30") })
                .Add(new FixtureTrial("rouser", "", 0, [0.5]) { Base = Epochs("30") })
        );
        Assert.Equal(new ParameterChange("epochs", "10", "30", 2), Assert.Single(comparison.Parameters));
    }

    [Fact]
    public void Other_results_of_the_same_trial_are_a_contradiction_and_said_first()
    {
        RunComparison comparison = Compare(new RunTables().Add("slayer", "", 0, 0.5), new RunTables().Add("slayer", "", 0, 0.6));
        Assert.Contains(
            "test accuracy after epoch 1 is 0.5 in the one and 0.6 in the other",
            Assert.Single(comparison.Contradictions),
            StringComparison.Ordinal
        );
        Assert.StartsWith("Same trial, other results.", ConsoleComparison.Lines(comparison).First(), StringComparison.Ordinal);
    }

    // One seed more made every row "changed", with differences of 0.
    [Fact]
    public void A_run_that_has_seeds_more_is_the_same_where_the_shared_ones_are_and_both_are_counted()
    {
        RunTables three = new RunTables().Add("slayer", "", 0, 0.5).Add("slayer", "", 1, 0.6).Add("slayer", "", 2, 0.7);
        RunTables more = new RunTables()
            .Add("slayer", "", 1, 0.6)
            .Add("slayer", "", 2, 0.7)
            .Add("slayer", "", 3, 0.1)
            .Add("slayer", "", 4, 0.2);
        RunComparison comparison = Compare(three, more);
        Assert.Equal((2, 2, true), SeedsOf(comparison));
        Assert.Empty(comparison.Changed);
        Assert.Contains(
            "1 row (study, arm and setting) in both, 1 of them with the same numbers in every epoch of every seed that both "
                + "have (2 trainings of the same row and seed completed in both, 2 the same)",
            ConsoleComparison.Lines(comparison).First(),
            StringComparison.Ordinal
        );
        JsonElement row = JsonDocument.Parse(ComparisonWriter.Json(comparison)).RootElement.GetProperty("rows")[0];
        Assert.Equal((2, 2), (row.GetProperty("shared_seeds").GetInt32(), row.GetProperty("same_seeds").GetInt32()));
    }

    [Fact]
    public void Of_shared_seeds_those_with_other_numbers_and_those_without_a_result_are_not_counted_as_the_same()
    {
        RunTables before = new RunTables().Add("slayer", "", 0, 0.5).Add("slayer", "", 1, 0.6).Add("slayer", "", 2, 0.7);
        Assert.Equal(
            (3, 2, false),
            SeedsOf(
                Compare(before, new RunTables().Add("slayer", "", 0, 0.5).Add(Later("slayer", 1, 0.9)).Add("slayer", "", 2, 0.7))
            )
        );
        RunTables failed = new RunTables()
            .Add("slayer", "", 0, 0.5)
            .Add("slayer", "", 1, 0.6)
            .Add(new FixtureTrial("slayer", "", 2, [0.7]) { State = TrialState.Failed, Reason = "out of memory" });
        Assert.Equal((2, 2, false), SeedsOf(Compare(before, failed)));
        Assert.Equal((0, 0, false), SeedsOf(Compare(before, new RunTables().Add("slayer", "", 9, 0.5))));
    }

    private static (int Shared, int Same, bool IsSame) SeedsOf(RunComparison comparison)
    {
        RowPair pair = Assert.Single(comparison.Rows);
        return (pair.SharedSeeds, pair.SameSeeds, pair.IsSame);
    }

    [Fact]
    public void A_row_with_a_seed_missing_has_a_marked_difference_and_no_verdict()
    {
        RunComparison comparison = Compare(
            new RunTables().Add("slayer", "", 0, 0.5).Add("slayer", "", 1, 0.5),
            new RunTables()
                .Add("slayer", "", 0, 0.5)
                .Add(new FixtureTrial("slayer", "", 1, [0.5]) { State = TrialState.Failed, Reason = "out of memory" })
        );
        JsonElement accuracy = JsonDocument
            .Parse(ComparisonWriter.Json(comparison))
            .RootElement.GetProperty("rows")[0]
            .GetProperty("test_accuracy");
        Assert.Equal("not compared (seeds missing)", accuracy.GetProperty("verdict").GetString());
        Assert.Contains(
            ConsoleComparison.Tables(comparison),
            t => t.Rows.Any(r => r.Any(cell => cell.EndsWith("(1 of 2)", StringComparison.Ordinal)))
        );
    }

    private static FixtureTrial Later(string arm, long seed, double accuracy) =>
        new(arm, "", seed, [accuracy]) { Engine = "fused/2" };

    private static Dictionary<string, string> Epochs(string epochs) => new() { ["epochs"] = epochs };

    private static RunComparison Compare(RunTables before, RunTables after) =>
        RunComparison.Of(
            new NamedRun("before", ReportModel.From(before.Build()).Value),
            new NamedRun("after", ReportModel.From(after.Build()).Value)
        );
}
