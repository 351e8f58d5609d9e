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

    [Fact]
    public void A_row_with_a_seed_missing_is_not_compared()
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
        Assert.Equal(JsonValueKind.Null, accuracy.GetProperty("difference").ValueKind);
        Assert.Equal("not compared (seeds missing)", accuracy.GetProperty("verdict").GetString());
        Assert.Contains(
            ConsoleComparison.Tables(comparison),
            t => t.Notes.Any(n => n.Contains("out of memory", StringComparison.Ordinal))
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
