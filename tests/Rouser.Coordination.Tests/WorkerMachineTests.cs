using Rouser.Testing;

namespace Rouser.Coordination.Tests;

/// <summary>Stories of a worker, to be read in Transcripts/worker_*.verified.txt.</summary>
public class WorkerMachineTests
{
    [Fact]
    public void A_worker_trains_what_it_is_given_and_tells_each_end_until_it_is_acknowledged() =>
        Verify(
            "to_the_end",
            slots: 2,
            """
            start
            train a#1 15
            train b#1 15
            epoch a#1 1
            epoch a#1 2
            epoch a#1 3
            finished a#1
            # The first acknowledgement was lost, so the end is told with the heartbeat.
            beat
            acknowledge a#1
            beat
            nodata b#1
            acknowledge b#1
            beat
            end
            """
        );

    [Fact]
    public void The_same_lease_twice_is_one_attempt_and_one_that_has_ended_is_told_again() =>
        Verify(
            "same_lease",
            slots: 2,
            """
            start
            train a#1
            train a#1
            error a#1
            train a#1
            acknowledge a#1
            """
        );

    [Fact]
    public void An_attempt_without_a_slot_waits_and_one_that_is_not_wanted_any_more_never_starts() =>
        Verify(
            "waiting",
            slots: 1,
            """
            start
            train a#1
            train b#1
            train c#1
            stop b#1
            finished a#1
            drain
            stopped c#1
            """
        );

    [Fact]
    public void Of_a_revoked_attempt_nothing_more_is_said() =>
        Verify(
            "revoked",
            slots: 1,
            """
            start
            train a#1
            epoch a#1 1
            stop a#1
            epoch a#1 2
            resend a#1 1
            stopped a#1
            beat
            # One that has ended needs no acknowledgement.
            train a#2
            finished a#2
            stop a#2
            beat
            """
        );

    [Fact]
    public void A_drain_hands_back_what_runs_and_what_waits_and_an_idle_worker_still_asks() =>
        Verify(
            "drain",
            slots: 1,
            """
            start
            train a#1
            train b#1
            drain
            train c#1
            stopped a#1
            beat
            acknowledge a#1
            acknowledge b#1
            beat
            # Whoever gives work to an idle worker does not drain: the command was an old one.
            train d#1
            """
        );

    [Fact]
    public void A_worker_that_leaves_takes_nothing_even_if_it_is_asked_to_join() =>
        Verify(
            "leave",
            slots: 2,
            """
            start
            train a#1
            leave
            join
            train b#1
            stopped a#1
            acknowledge a#1
            beat
            train c#1
            """
        );

    [Fact]
    public void A_disk_that_fails_hands_everything_back() =>
        Verify(
            "disk",
            slots: 2,
            """
            start
            train a#1
            train b#1
            train c#1
            diskfull a#1
            stopped b#1
            beat
            """
        );

    [Fact]
    public void Missing_epochs_are_sent_again_and_then_the_end() =>
        Verify(
            "resend",
            slots: 1,
            """
            start
            train a#1
            epoch a#1 1
            epoch a#1 2
            resend a#1 2
            epoch a#1 3
            finished a#1
            resend a#1 1
            resend b#1 1
            """
        );

    [Fact]
    public void Nothing_that_a_worker_is_told_of_a_lease_that_it_does_not_have_changes_anything() =>
        Verify(
            "unknown",
            slots: 1,
            """
            start
            train a#1
            stop a#2
            acknowledge a#2
            # An attempt in work has no end that could be on record.
            acknowledge a#1
            epoch b#1 1
            finished b#1
            beat
            """
        );

    [Theory]
    [InlineData(30, 10)]
    [InlineData(6, 2)]
    [InlineData(3600, 10)]
    [InlineData(0.001, 0.05)]
    public void Heartbeats_come_three_times_a_lease_and_at_least_every_ten_seconds(double lease, double interval)
    {
        WorkerMachine machine = new(slots: 1);
        BeatEvery? last = machine.Step(new WorkerStarted()).Actions.OfType<BeatEvery>().Single();
        WorkerCommand.Assign assignment = new(
            Samples.Lease(0, 1),
            TimeSpan.FromSeconds(lease),
            CheckpointEvery: 1,
            Samples.Trial(Samples.Id(0), epochs: 1)
        );
        last = machine.Step(new CommandReceived(assignment)).Actions.OfType<BeatEvery>().SingleOrDefault() ?? last;
        Assert.Equal(TimeSpan.FromSeconds(interval), last.Interval);
    }

    private static void Verify(string name, int slots, string script) =>
        Snapshot.Match(WorkerTranscript.Play(slots, script), $"Transcripts/worker_{name}");
}
