using Rouser.Coordination;
using Rouser.Sweeps;
using Rouser.Web.Model;

namespace Rouser.Web.Tests.Model;

public sealed class RunViewTests
{
    private readonly RunView _view = new(Runs.Spec, Runs.Plan);

    [Fact]
    public void Changes_lead_from_one_whole_to_the_next()
    {
        _view.TakeChanges(1, Runs.Start);
        Dictionary<int, TrialRow> rows = _view.Whole(1, Runs.Start).Trials.ToDictionary(r => r.Index);
        long version = 1;
        foreach (Event[] part in Runs.AllCompleted().Chunk(7))
        {
            foreach (Event happened in part)
                _view.Apply(happened);
            RunUpdate changes = _view.TakeChanges(++version, Runs.Start)!;
            foreach (TrialRow row in changes.Trials)
                rows[row.Index] = row;
            RunUpdate whole = _view.Whole(version, Runs.Start);
            Assert.Equal(whole.Trials, rows.OrderBy(r => r.Key).Select(r => r.Value));
            Assert.Equal(whole.Totals.EpochsDone, changes.Totals.EpochsDone);
            Assert.Equal(whole.Events.TakeLast(changes.Events.Count), changes.Events);
        }
        Assert.True(_view.Whole(version, Runs.Start).Totals.IsFinished);
    }

    [Fact]
    public void Nothing_new_is_no_update()
    {
        Apply(Runs.Completed(Runs.Plan.Trials[0], 0.7, Runs.Start));
        Assert.NotNull(_view.TakeChanges(1, Runs.Start));
        Assert.Null(_view.TakeChanges(2, Runs.Start));
    }

    [Fact]
    public void A_change_names_only_the_trials_that_it_touched()
    {
        _view.TakeChanges(1, Runs.Start);
        Apply(Runs.Completed(Runs.Plan.Trials[3], 0.7, Runs.Start));
        TrialRow row = Assert.Single(_view.TakeChanges(2, Runs.Start)!.Trials);
        Assert.Equal((3, "completed", Runs.Epochs, "w1"), (row.Index, row.State, row.Epoch, row.Worker));
        Assert.Equal(0.7, row.Metric);
    }

    [Fact]
    public void What_users_write_is_told_of_the_trials_that_they_wrote_to_and_of_the_sweep()
    {
        _view.TakeChanges(1, Runs.Start);
        Apply([
            new TrialsAnnotated(Runs.Start, [Runs.Plan.Trials[1].Id], new AnnotationChange("odd curve", ["rerun"], [])),
            new SweepAnnotated(Runs.Start, new AnnotationChange("first\nsecond", ["pilot"], [])),
        ]);
        RunUpdate changes = _view.TakeChanges(2, Runs.Start)!;
        TrialRow row = Assert.Single(changes.Trials);
        Assert.Equal((1, "odd curve", "rerun", "queued"), (row.Index, row.Note, Assert.Single(row.Tags!), row.State));
        Assert.Equal(("first\nsecond", "pilot"), (changes.Totals.Note, Assert.Single(changes.Totals.Tags!)));
        Assert.Equal(["user", "user"], changes.Events.Select(e => e.Kind));
        Assert.Equal("the sweep noted: first second, tagged pilot", changes.Events[1].Text);
        // There is one study, and no order of studies to speak of.
        Assert.Null(changes.Totals.Priorities);
    }

    [Fact]
    public void A_lost_attempt_is_told_with_its_reason_and_counted_for_its_worker()
    {
        TrialId trial = Runs.Plan.Trials[0].Id;
        Apply([
            new TrialAssigned(Runs.Start, trial, 1, new WorkerId("w1")),
            new AttemptLost(Runs.Start.AddSeconds(60), trial, 1, "w1 was silent", Final: false),
            new TrialAssigned(Runs.Start.AddSeconds(61), trial, 2, new WorkerId("w2")),
        ]);
        RunUpdate whole = _view.Whole(1, Runs.Start);
        Assert.Equal(
            [(1, "lost", "w1 was silent"), (2, "running", null)],
            _view.Trial(0).Attempts.Select(a => (a.Number, a.Outcome, a.Reason))
        );
        Assert.Equal([("w1", 1), ("w2", 0)], whole.Workers!.Select(w => (w.Name, w.Lost)));
        Assert.Equal([0], whole.Workers![1].Running);
        Assert.Equal("warn", whole.Events[1].Kind);
    }

    [Fact]
    public void The_time_left_follows_the_last_minutes_and_not_what_was_before_a_pause()
    {
        // Sixty epochs a minute; two of them before the pause are forgotten with it.
        Apply(Runs.Completed(Runs.Plan.Trials[0], 0.7, Runs.Start));
        Apply([new SweepPaused(Runs.Start.AddHours(1))]);
        Assert.Null(_view.Whole(1, Runs.Start.AddHours(1)).Totals.SecondsLeft);
        Apply([new SweepContinued(Runs.Start.AddHours(2))]);
        Apply(Runs.Completed(Runs.Plan.Trials[1], 0.7, Runs.Start.AddHours(2)));
        RunTotals totals = _view.Whole(1, Runs.Start.AddHours(2).AddSeconds(4)).Totals;
        Assert.Equal(60, totals.EpochsPerMinute!.Value, 6);
        Assert.Equal(10 * Runs.Epochs, totals.SecondsLeft!.Value, 6);
    }

    [Fact]
    public void What_a_worker_wrote_is_one_harmless_line()
    {
        TrialId trial = Runs.Plan.Trials[0].Id;
        Apply([
            new TrialAssigned(Runs.Start, trial, 1, new WorkerId("w1")),
            new AttemptFailed(Runs.Start, trial, 1, "\u001b[31mred\nline two\u202e", Final: true),
        ]);
        RunUpdate whole = _view.Whole(1, Runs.Start);
        Assert.DoesNotContain(whole.Events[1].Text + whole.Trials[0].Reason, c => char.IsControl(c) || c == '\u202e');
    }

    [Fact]
    public void Only_the_last_events_are_kept()
    {
        for (int i = 0; i < RunView.LastEvents; i++)
            Apply([new SweepPaused(Runs.Start.AddSeconds(2 * i)), new SweepContinued(Runs.Start.AddSeconds((2 * i) + 1))]);
        RunUpdate changes = _view.TakeChanges(1, Runs.Start)!;
        Assert.Equal(RunView.LastEvents, changes.Events.Count);
        Assert.Equal(Runs.Start.AddSeconds((2 * RunView.LastEvents) - 1).ToUnixTimeMilliseconds(), changes.Events[^1].At);
    }

    [Fact]
    public void Who_is_here_is_known_by_whoever_serves_alone()
    {
        Assert.Empty(_view.Whole(1, Runs.Start).Workers!);
        Assert.False(_view.Whole(1, Runs.Start).Totals.IsLive);
        _view.Know(
            new Presence(
                new Dictionary<WorkerId, (int, DateTimeOffset)> { [new WorkerId("w9")] = (3, Runs.Start) },
                IsDraining: true,
                new Dictionary<LeaseKey, double>(),
                TimeSpan.FromSeconds(30)
            )
        );
        Assert.False(_view.Whole(1, Runs.Start.AddSeconds(30)).Workers![0].IsSilent);
        Assert.True(_view.Whole(1, Runs.Start.AddSeconds(31)).Workers![0].IsSilent);
        RunUpdate whole = _view.Whole(1, Runs.Start);
        WorkerRow worker = Assert.Single(whole.Workers!);
        Assert.Equal(("w9", 3, true), (worker.Name, worker.Slots, worker.IsHere));
        Assert.True(whole.Totals is { IsLive: true, IsDraining: true });
    }

    private void Apply(IEnumerable<Event> events)
    {
        foreach (Event happened in events)
            _view.Apply(happened);
    }
}
