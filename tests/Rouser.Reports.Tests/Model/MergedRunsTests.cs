using Rouser.Coordination;
using Rouser.Core;
using Rouser.Reports.Model;
using Rouser.Reports.Tests.Fixtures;

namespace Rouser.Reports.Tests.Model;

public sealed class MergedRunsTests
{
    [Fact]
    public void Seeds_of_several_runs_stand_in_one_row_and_shared_trials_count_once()
    {
        ReportModel merged = Merge(
            new RunTables().Add("slayer", "", 0, 0.5).Add("slayer", "", 1, 0.6).Add("rouser", "", 0, 0.7),
            new RunTables().Add("slayer", "", 1, 0.6).Add("slayer", "", 2, 0.7)
        ).Value;
        Assert.Equal([("slayer", 3), ("rouser", 1)], merged.Rows.Select(r => (r.Arm, r.Replicates.Count)));
        Assert.Equal([0, 1, 2], merged.Rows.First().Replicates.Select(r => r.Seed));
        Assert.Equal(0.6, merged.Rows.First().Estimate(h => h.TestAccuracy(1))!.Value.Value, 12);
        Assert.Equal((4, 4, 2), (merged.Run.PlannedTrials, merged.Run.PlannedCells, merged.Runs.Count));
    }

    [Fact]
    public void Of_a_shared_trial_the_run_counts_that_got_further()
    {
        RunTables stopped = new RunTables().Add(
            new FixtureTrial("slayer", "", 0, [0.1, 0.2]) { State = TrialState.Failed, Reason = "out of memory" }
        );
        RunTables whole = new RunTables().Add("slayer", "", 0, 0.1, 0.2, 0.3);
        foreach (Result<ReportModel> merged in (Result<ReportModel>[])[Merge(stopped, whole), Merge(whole, stopped)])
        {
            Replicate replicate = Assert.Single(merged.Value.Cells);
            Assert.Equal((TrialState.Completed, 3), (replicate.State, replicate.History.Epochs));
        }
    }

    [Fact]
    public void A_trial_that_was_completed_for_one_study_is_so_in_all()
    {
        ReportModel merged = Merge(
            new RunTables().Add(new FixtureTrial("slayer", "", 0, [0.1]) { Study = "one" }),
            new RunTables().Add(new FixtureTrial("slayer", "", 0, []) { Study = "two", State = TrialState.Queued })
        ).Value;
        Assert.Equal(["one", "two"], merged.Studies.Select(s => s.Name));
        Assert.All(merged.Cells, c => Assert.True(c.IsComplete));
    }

    [Fact]
    public void Other_results_of_the_same_trial_are_told_with_both_folders()
    {
        UserError mistake = Assert.Single(
            Merge(new RunTables().Add("slayer", "", 0, 0.1, 0.2), new RunTables().Add("slayer", "", 0, 0.1, 0.25)).Errors
        );
        Assert.Equal("run1 and run2", mistake.Location);
        Assert.Contains(
            "test accuracy after epoch 2 is 0.2 in the one and 0.25 in the other",
            mistake.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void One_row_trained_by_two_engines_is_told_with_both_folders()
    {
        UserError mistake = Assert.Single(
            Merge(
                new RunTables().Add("slayer", "threshold.init=1", 0, 0.1),
                new RunTables().Add(new FixtureTrial("slayer", "threshold.init=1", 1, [0.1]) { Engine = "fused/2" })
            ).Errors
        );
        Assert.Equal("run1 and run2", mistake.Location);
        Assert.StartsWith(
            "tiny/slayer at threshold.init=1 was trained by fused/1 and by fused/2",
            mistake.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void One_row_with_two_values_of_a_parameter_is_told_with_both_folders()
    {
        UserError mistake = Assert.Single(
            Merge(
                new RunTables().Add("slayer", "", 0, 0.1),
                new RunTables().Add(
                    new FixtureTrial("slayer", "", 1, [0.1]) { Base = new Dictionary<string, string> { ["epochs"] = "30" } }
                )
            ).Errors
        );
        Assert.Contains("has epochs 10 and 30", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_data_lies_is_no_difference()
    {
        Assert.True(
            Merge(
                new RunTables().Add(
                    new FixtureTrial("slayer", "", 0, [0.1])
                    {
                        Base = new Dictionary<string, string> { ["dataset.root"] = "here" },
                    }
                ),
                new RunTables().Add(
                    new FixtureTrial("slayer", "", 1, [0.1])
                    {
                        Base = new Dictionary<string, string> { ["dataset.root"] = "there" },
                    }
                )
            ).IsOk
        );
    }

    private static Result<ReportModel> Merge(params RunTables[] runs) =>
        MergedRuns.Of([.. runs.Select((run, i) => new NamedRun($"run{i + 1}", ReportModel.From(run.Build()).Value))]);
}
