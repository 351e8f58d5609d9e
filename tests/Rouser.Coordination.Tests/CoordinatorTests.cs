using Rouser.Sweeps;
using Rouser.Testing;

namespace Rouser.Coordination.Tests;

public class CoordinatorTests
{
    private static readonly WorkerId Worker = new("w1");

    [Fact]
    public void An_empty_plan_is_finished_from_the_start()
    {
        Coordinator machine = new(Samples.Plan(0, 1), Samples.Run, []);
        Assert.True(machine.State.IsFinished);
        Assert.Equal([new EndSweep()], machine.Step(new SweepResumed(Samples.Start)).Effects);
    }

    [Fact]
    public void A_finished_sweep_that_is_resumed_ends_again()
    {
        Plan plan = Samples.Plan(1, 1);
        List<Event> journal = [];
        Coordinator machine = Running(plan, journal);
        journal.AddRange(
            machine
                .Step(new MessageReceived(Samples.Start, Worker, new EpochReported(Samples.Lease(0, 1), Samples.Epoch(0, 1))))
                .Events
        );
        journal.AddRange(
            machine
                .Step(new MessageReceived(Samples.Start, Worker, new TrialFinished(Samples.Lease(0, 1), Samples.Distances(0, 1))))
                .Events
        );
        Assert.Equal([new EndSweep()], new Coordinator(plan, Samples.Run, journal).Step(new SweepResumed(Samples.Start)).Effects);
    }

    [Fact]
    public void A_step_that_decides_nothing_returns_empty_lists()
    {
        Ready ready = new Coordinator(Samples.Plan(1, 1), Samples.Run, []).Step(new Tick(Samples.Start));
        Assert.Empty(ready.Events);
        Assert.Empty(ready.Effects);
    }

    [Fact]
    public void No_time_limit_is_a_very_long_span()
    {
        Coordinator machine = new(Samples.Plan(1, 1), Samples.Run with { Timeout = TimeSpan.MaxValue }, []);
        machine.Step(new MessageReceived(Samples.Start, Worker, new WorkerJoined(1)));
        machine.Step(new MessageReceived(Samples.Start, Worker, new WorkRequested(1)));
        Assert.Equal(DateTimeOffset.MaxValue, machine.State.LeaseOf(machine.State.Trials[0])!.TimesOutAt);
    }

    [Fact]
    public void The_state_tells_who_holds_a_trial_and_what_it_last_measured()
    {
        List<Event> journal = [];
        Coordinator machine = Running(Samples.Plan(2, 3), journal);
        machine.Step(
            new MessageReceived(Samples.Start.AddSeconds(9), Worker, new EpochReported(Samples.Lease(0, 1), Samples.Epoch(0, 1)))
        );
        TrialStatus trial = machine.State.Find(Samples.Id(0))!;
        Assert.Equal((TrialState.Running, 1, Worker, 1), (trial.State, trial.Attempt, trial.Worker, trial.EpochsRecorded));
        Assert.Equal(Samples.Epoch(0, 1).TestAccuracy, trial.LastScore!.Value.TestAccuracy);
        Assert.Equal(Samples.Start, trial.Since);
        Assert.Equal([0], machine.State.HeldBy(Worker));
        Assert.Equal(1, machine.State.Workers[Worker].Slots);
    }

    /// <summary>
    /// Guards against a sweep that waits for ever: an old message, come late, made a worker that has the data one
    /// that lacks it.
    /// </summary>
    [Fact]
    public void That_a_worker_lacks_data_is_forgotten_after_ten_leases()
    {
        Coordinator machine = Running(Samples.Plan(1, 1), []);
        machine.Step(new MessageReceived(Samples.Start, Worker, new WorkerJoined(1)));
        machine.Step(new MessageReceived(Samples.Start, Worker, new DataMissing(Samples.Lease(0, 1), "d1")));
        for (int beat = 1; beat < 40; beat++)
            Assert.Empty(
                machine
                    .Step(new MessageReceived(Samples.Start + (beat * Samples.Run.Lease / 4), Worker, new WorkRequested(1)))
                    .Effects
            );
        Assert.Single(
            machine
                .Step(new MessageReceived(Samples.Start + (10 * Samples.Run.Lease), Worker, new WorkRequested(1)))
                .Effects.OfType<SendCommand>(),
            sent => sent.Command is WorkerCommand.Assign
        );
    }

    /// <summary>
    /// Guards against a drain that lasts as long as the longest trial, because the one message that asked for it was
    /// lost.
    /// </summary>
    [Fact]
    public void A_worker_that_holds_trials_is_asked_to_drain_with_every_heartbeat()
    {
        Coordinator machine = Running(Samples.Plan(1, 1), []);
        machine.Step(new DrainRequested(Samples.Start));
        Assert.Equal(
            [new SendCommand(Worker, new WorkerCommand.Drain())],
            machine.Step(new MessageReceived(Samples.Start, Worker, new Heartbeat([Samples.Lease(0, 1)]))).Effects
        );
        Assert.Empty(machine.Step(new MessageReceived(Samples.Start, Worker, new Heartbeat([]))).Effects);
    }

    /// <summary>A training that left the finite numbers was trained again, to the same end.</summary>
    [Theory]
    [InlineData(false, TrialState.Queued)]
    [InlineData(true, TrialState.Failed)]
    public void An_error_that_would_repeat_is_not_tried_again(bool repeats, TrialState after)
    {
        Coordinator machine = Running(Samples.Plan(1, 1), []);
        machine.Step(
            new MessageReceived(Samples.Start, Worker, new TrialErrored(Samples.Lease(0, 1), "a weight is not finite", repeats))
        );
        Assert.Equal(after, machine.State.Trials[0].State);
    }

    public static TheoryData<Event> EventsThatFitNoJournal =>
        new()
        {
            new TrialAssigned(Samples.Start, Samples.Id(7), 1, Worker),
            new TrialAssigned(Samples.Start, Samples.Id(0), 3, Worker),
            new EpochRecorded(Samples.Start, Samples.Id(0), 1, Samples.Epoch(0, 2)),
            new EpochRecorded(Samples.Start, Samples.Id(0), 2, Samples.Epoch(0, 1)),
            new TrialCompleted(Samples.Start, Samples.Id(1), 1, []),
            new TrialRequeued(Samples.Start, Samples.Id(0)),
        };

    [Theory]
    [MemberData(nameof(EventsThatFitNoJournal), DisableDiscoveryEnumeration = true)]
    public void A_journal_of_another_plan_or_with_a_hole_in_it_is_refused_with_the_trial_s_name(Event unfit)
    {
        List<Event> journal = [];
        Running(Samples.Plan(2, 3), journal);
        journal.Add(unfit);
        InvalidDataException refused = Assert.Throws<InvalidDataException>(() =>
            new Coordinator(Samples.Plan(2, 3), Samples.Run, journal)
        );
        Assert.Contains("another plan", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Trial a runs as attempt 1 on w1.</summary>
    private static Coordinator Running(Plan plan, List<Event> journal)
    {
        Coordinator machine = new(plan, Samples.Run, []);
        journal.AddRange(machine.Step(new MessageReceived(Samples.Start, Worker, new WorkerJoined(1))).Events);
        journal.AddRange(machine.Step(new MessageReceived(Samples.Start, Worker, new WorkRequested(1))).Events);
        return machine;
    }
}
