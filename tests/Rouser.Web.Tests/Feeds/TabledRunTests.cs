using System.Text;
using Rouser.Coordination;
using Rouser.Results;
using Rouser.Sweeps;
using Rouser.Web.Charts;
using Rouser.Web.Feeds;
using Rouser.Web.Model;

namespace Rouser.Web.Tests.Feeds;

/// <summary>A run of which the tables alone are left, beside the page of its journal.</summary>
public sealed class TabledRunTests
{
    private static readonly PlannedTrial[] Trials = [.. Runs.Plan.Trials];

    // Every state that a trial of a table can be in.
    private static readonly Event[] Journal =
    [
        .. Trials[..6].SelectMany((trial, i) => Runs.Completed(trial, 0.5 + (0.05 * i), Runs.Start.AddMinutes(i))),
        new TrialAssigned(Runs.Start.AddMinutes(7), Trials[6].Id, 1, new WorkerId("w1")),
        new AttemptLost(Runs.Start.AddMinutes(8), Trials[6].Id, 1, "w1 was silent", Final: false),
        new TrialAssigned(Runs.Start.AddMinutes(9), Trials[6].Id, 2, new WorkerId("w2")),
        new EpochRecorded(Runs.Start.AddMinutes(10), Trials[6].Id, 2, Runs.Epoch(1, 0.4)),
        new AttemptFailed(Runs.Start.AddMinutes(11), Trials[6].Id, 2, "the loss is not finite", Final: true),
        new TrialAssigned(Runs.Start.AddMinutes(12), Trials[7].Id, 1, new WorkerId("w1")),
        new EpochRecorded(Runs.Start.AddMinutes(13), Trials[7].Id, 1, Runs.Epoch(1, 0.45)),
        new TrialCancelled(Runs.Start.AddMinutes(14), Trials[8].Id),
        new TrialsAnnotated(Runs.Start.AddMinutes(15), [Trials[1].Id], new AnnotationChange("odd", ["rerun"], [])),
        new SweepAnnotated(Runs.Start.AddMinutes(16), new AnnotationChange("a pilot", ["pilot"], [])),
    ];

    private static readonly ResultTables Tables = ResultTables.Build(Runs.Spec, Runs.Plan, Journal, Runs.Environment);

    [Fact]
    public void The_page_of_the_tables_says_what_the_page_of_the_journal_says()
    {
        OpenedRun run = TabledRun.Of(Tables).Value;
        RunView tabled = ViewOf(run),
            original = new(Runs.Spec, Runs.Plan);
        foreach (Event happened in Journal)
            original.Apply(happened);
        RunUpdate expected = original.Whole(1, Runs.Start),
            actual = tabled.Whole(1, Runs.Start);
        Assert.Equal(expected.Trials.Select(Known), actual.Trials.Select(Known));
        Assert.Equal(expected.Totals.States, actual.Totals.States);
        Assert.Equal(
            (expected.Totals.EpochsDone, expected.Totals.EpochsTotal, "a pilot"),
            (actual.Totals.EpochsDone, actual.Totals.EpochsTotal, actual.Totals.Note)
        );
        PlanDocument planned = PlanDocument.Of(Runs.Spec, Runs.Plan, "f"),
            read = PlanDocument.Of(run.Spec, run.Plan, "f");
        Assert.Equal(planned.Trials.Select(t => (t.Id, t.Seed, t.Epochs)), read.Trials.Select(t => (t.Id, t.Seed, t.Epochs)));
        Assert.Equal(planned.Trials.SelectMany(t => t.Cells), read.Trials.SelectMany(t => t.Cells));
        Assert.Equal(planned.Arms, read.Arms);
        Assert.Equal(planned.Studies, read.Studies);
        Assert.Equal(planned.CompareTo, read.CompareTo);
        foreach (int i in (int[])[0, 5, 6])
        {
            Assert.Equal(TrialChart.CurvesOf(original.Trial(i)), TrialChart.CurvesOf(tabled.Trial(i)));
            Assert.Equal(original.Trial(i).Layers, tabled.Trial(i).Layers);
        }
    }

    [Fact]
    public void Differences_are_the_numbers_of_the_journal()
    {
        OpenedRun run = TabledRun.Of(Tables).Value;
        RunView original = new(Runs.Spec, Runs.Plan);
        foreach (Event happened in Journal)
            original.Apply(happened);
        string Numbers(SweepSpec spec, RunView view) =>
            Encoding.UTF8.GetString(PageJson.Write(StudyNumbers.Of(spec, view.Plan, ResultEvents.Of(view), Runs.Environment)));
        Assert.Equal(Numbers(Runs.Spec, original), Numbers(run.Spec, ViewOf(run)));
    }

    [Fact]
    public void What_was_read_is_not_read_again()
    {
        using IJournal journal = TabledRun.Of(Tables).Value.OpenJournal().Value;
        Event[] all = [.. journal.Read()];
        for (int after = 0; after <= all.Length; after++)
            Assert.Equal(all[after..].Select(e => e.ToString()), journal.Read(after).Select(e => e.ToString()));
    }

    [Fact]
    public void Tables_without_trials_are_a_mistake()
    {
        ResultTables none = ResultTables.Build(Runs.Spec, Runs.Plan with { Trials = [], Cells = [] }, [], Runs.Environment);
        Assert.Contains("no trials", TabledRun.Of(none).Errors[0].Message, StringComparison.Ordinal);
    }

    private static RunView ViewOf(OpenedRun run)
    {
        RunView view = new(run.Spec, run.Plan);
        using IJournal journal = run.OpenJournal().Value;
        foreach (Event happened in journal.Read())
            view.Apply(happened);
        return view;
    }

    // All but when a running trial began its state, which the tables do not say of every state; and without lists, which
    // are compared by what is in them.
    private static string Known(TrialRow row) =>
        $"{row.Index} {row.State} {row.Attempt} {row.Epoch} {row.Worker} {row.Metric:R} {row.TestAccuracy:R} {row.TrainLoss:R} "
        + $"{(row.State is "failed" or "lost" ? row.Reason : "")} {string.Join(',', row.Tags ?? [])} {row.Note}";
}
