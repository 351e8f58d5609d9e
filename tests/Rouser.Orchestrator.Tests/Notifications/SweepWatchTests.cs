using Rouser.Coordination;
using Rouser.Orchestrator.Notifications;
using Rouser.Orchestrator.Sessions;
using Rouser.Snn;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Tests.Notifications;

/// <summary>What is worth a word, and when.</summary>
public sealed class SweepWatchTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private static readonly Plan Plan = Planner
        .Create(SweepFile.Parse("small.yaml", SmallSweep.Yaml, []).Value.Spec, _ => "d1", _ => "fused/2")
        .Value;

    private readonly SweepWatch _watch = new(Plan, "small", "here", TimeSpan.FromMinutes(30), Start);

    private static TrialId Trial(int index) => Plan.Trials[index].Id;

    private static DateTimeOffset After(double minutes) => Start.AddMinutes(minutes);

    [Fact]
    public void A_trial_that_failed_for_good_is_told_at_once_with_its_cell_and_reason()
    {
        Assert.Empty(_watch.Record([new AttemptFailed(Start, Trial(0), 1, "not yet", Final: false)], Start));
        Notification told = Assert.Single(
            _watch.Record([new AttemptFailed(Start, Trial(0), 2, "diverged\n\u001b[31m", Final: true)], After(1))
        );
        Assert.Equal(
            ("trial_failed", $"small: a trial failed: slayer seed 0 ({Trial(0).Short}): diverged "),
            (told.Kind, told.Text)
        );
        Assert.Equal(new NotifiedTrial(Trial(0).Value, "arms", "slayer", "", 0, 2, "failed", "diverged "), told.Trial);
    }

    [Fact]
    public void Of_trials_that_fail_one_after_the_other_those_after_the_first_are_told_together()
    {
        Assert.Single(Fail(0, 0));
        Assert.Empty(Fail(1, 0.1));
        Assert.Empty(Fail(2, 0.2));
        Assert.Empty(_watch.Tick(After(0.9)));
        Notification told = Assert.Single(_watch.Tick(After(1)));
        Assert.Equal(2, told.Count);
        Assert.Equal(Trial(2).Value, told.Trial!.Id);
        Assert.Empty(_watch.Tick(After(3)));
        // What waits for company is told before the end.
        Assert.Single(Fail(3, 3.5));
        Assert.Empty(Fail(0, 3.6));
        Assert.Equal(["trial_failed", "finished"], _watch.End(null, null, After(3.7)).Select(n => n.Kind));

        IReadOnlyList<Notification> Fail(int trial, double minutes) =>
            _watch.Record([new AttemptFailed(Start, Trial(trial), 1, "x", Final: true)], After(minutes));
    }

    [Fact]
    public void A_sweep_of_which_nothing_has_come_for_so_long_has_stalled_until_something_comes()
    {
        Assert.Empty(_watch.Tick(After(29.9)));
        Notification told = Assert.Single(_watch.Tick(After(30)));
        Assert.Equal(("stalled", 1800.0), (told.Kind, told.SilentSeconds));
        Assert.Empty(_watch.Tick(After(90)));
        _watch.Record([Epoch(0)], After(91));
        Assert.Empty(_watch.Tick(After(120.9)));
        Assert.Single(_watch.Tick(After(121)));
    }

    [Fact]
    public void A_paused_sweep_does_not_stall()
    {
        _watch.Record([new SweepPaused(Start)], Start);
        Assert.Empty(_watch.Tick(After(100)));
        _watch.Record([new SweepContinued(Start)], After(100));
        Assert.Empty(_watch.Tick(After(129)));
        Assert.Single(_watch.Tick(After(130)));
    }

    [Fact]
    public void A_worker_that_fell_silent_is_told_once_however_many_trials_it_held()
    {
        WorkerId a = new("a"),
            b = new("b");
        // One is known from before this orchestrator was started.
        _watch.Holds(Trial(0), a);
        _watch.Record([new TrialAssigned(Start, Trial(1), 1, a), new TrialAssigned(Start, Trial(2), 1, b)], Start);
        Notification told = Assert.Single(_watch.Record([Lost(0), Lost(1)], After(1)));
        Assert.Equal(("worker_lost", "a", 2), (told.Kind, told.Worker, told.Count));
        Assert.Equal("b", Assert.Single(_watch.Record([Lost(2)], After(1.1))).Worker);
        _watch.Record([new TrialAssigned(Start, Trial(0), 2, a)], After(1.2));
        Assert.Empty(_watch.Record([Lost(0)], After(1.3)));
        _watch.Record([new TrialAssigned(Start, Trial(0), 3, a)], After(5));
        Assert.Equal("a", Assert.Single(_watch.Record([Lost(0)], After(6))).Worker);

        Event Lost(int trial) => new AttemptLost(Start, Trial(trial), 1, "silent", Final: false);
    }

    [Fact]
    public void The_end_says_how_many_trials_are_in_which_state_and_an_error_what_it_was()
    {
        Dictionary<string, int> trials = new()
        {
            ["completed"] = 3,
            ["failed"] = 1,
            ["lost"] = 0,
        };
        Notification end = Assert.Single(_watch.End(null, trials, After(1)));
        Assert.Equal(("finished", "small: finished: 3 completed, 1 failed"), (end.Kind, end.Text));
        Notification stopped = Assert.Single(_watch.End("the disk is full", trials, After(1)));
        Assert.Equal(("stopped", "small: stopped by an error, to be resumed: the disk is full"), (stopped.Kind, stopped.Text));
    }

    private static EpochRecorded Epoch(int trial) => new(Start, Trial(trial), 1, new EpochMetrics(1, 1, 0.5, 0.5, 1, 1, []));
}
