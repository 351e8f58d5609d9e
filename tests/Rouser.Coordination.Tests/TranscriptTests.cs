using Rouser.Sweeps;
using Rouser.Testing;

namespace Rouser.Coordination.Tests;

/// <summary>Stories of a sweep, to be read in Transcripts/*.verified.txt.</summary>
public class TranscriptTests
{
    [Fact]
    public void A_sweep_runs_to_its_end() =>
        Verify(
            "to_the_end",
            trials: 3,
            epochs: 2,
            """
            0 join w1 2
            0 why
            0 ask w1 2
            10 epoch a#1 1
            11 epoch b#1 1
            12 why
            20 epoch a#1 2
            20 finish a#1
            20 ask w1 1
            21 epoch b#1 2
            21 finish b#1
            # A duplicate of what is done is let pass; one of the end too.
            22 epoch b#1 2
            22 finish b#1
            30 epoch c#1 1
            40 epoch c#1 2
            40 finish c#1
            41 ask w1 2
            41 why
            """
        );

    [Fact]
    public void Notes_and_tags_are_one_line_of_the_journal_each_and_outlive_a_restart() =>
        Verify(
            "annotated",
            trials: 3,
            epochs: 1,
            """
            0 note sweep a first look
            0 tag ab good rerun
            # What stands there already is no news; of two trials, only one is changed.
            1 tag a good
            1 tag ac good
            2 untag b rerun
            2 note a look at layer 2
            # No such trial, and no tag: nothing.
            3 tag z good
            3 tag a no,comma
            4 restart
            4 written
            # Notes are for readers: a worker gets what it would have got.
            5 join w1 1
            5 ask w1 1
            """
        );

    [Fact]
    public void A_trial_takes_over_the_epochs_of_a_shorter_one_and_its_worker_goes_on_after_them() =>
        Verify(
            "continued",
            trials: 3,
            epochs: 3,
            """
            0 join w1 1
            # All of its epochs, a gap, or what another trial measured are none of a shorter one.
            0 shorter a x 1 2 3
            0 shorter a x 2
            0 shorter a x 1 2
            # Only once.
            0 shorter a y 1
            1 ask w1 1
            # The worker tells of the epochs in its checkpoint first, and of one with other numbers not unnoticed.
            2 epoch a#2 1
            3 epoch a#2 2
            4 epoch a#2 3
            5 finish a#2
            6 ask w1 1
            # What is being trained is trained to its end.
            7 shorter b x 1
            8 epoch b#1 1
            9 return b#1 the worker goes
            # What is recorded stays.
            10 shorter b x 1 2
            11 shorter c x 1
            12 ask w1 1
            13 epoch b#2 1
            14 epoch b#2 2
            15 epoch b#2 3
            16 finish b#2
            17 ask w1 1
            18 other c#2 1
            19 epoch c#2 2
            20 epoch c#2 3
            21 finish c#2
            """
        );

    [Fact]
    public void A_result_that_was_found_is_recorded_as_that_of_another_run() =>
        Verify(
            "reused",
            trials: 4,
            epochs: 2,
            """
            0 join w1 1
            # Half a result is none.
            0 cut a host:/runs/first
            0 found a host:/runs/first
            0 ask w1 1
            # What is being trained is trained to its end.
            5 found b host:/runs/first
            10 epoch b#1 1
            11 return b#1 the worker goes
            # What is recorded stays, and the rest follows.
            12 found b host:/runs/first
            # Nothing ends twice.
            13 found b host:/runs/first
            20 ask w1 1
            21 epoch c#1 1
            22 return c#1 the worker goes
            # Two runs must tell the same; if not, the trial is trained.
            23 wrong c host:/runs/second
            24 ask w1 1
            30 epoch c#2 1
            31 epoch c#2 2
            32 finish c#2
            40 found d host:/runs/first
            """
        );

    [Fact]
    public void An_expired_lease_returns_the_trial_to_its_place_and_fences_off_what_the_lost_worker_still_says() =>
        Verify(
            "expired_lease",
            trials: 3,
            epochs: 2,
            """
            0 join w1 1
            0 join w2 1
            0 ask w1 1
            0 ask w2 1
            30 epoch a#1 1
            30 beat w2 b#1
            # w1 falls silent.
            60 beat w2 b#1
            72 why
            89 tick
            90 tick
            90 why
            91 join w3 1
            91 ask w3 1
            92 epoch a#1 2
            92 beat w1 a#1
            93 finish a#1
            93 error a#1 too late
            # The next attempt trains epoch 1 again and reports the same.
            100 epoch a#2 1
            110 epoch a#2 2
            110 finish a#2
            """
        );

    [Fact]
    public void Lost_and_failed_attempts_have_budgets_of_their_own_and_a_retry_renews_them() =>
        Verify(
            "budgets",
            trials: 1,
            epochs: 1,
            """
            0 join w1 1
            0 ask w1 1
            1 error a#1 the loss is not finite
            1 ask w1 1
            2 gone w1 w1 was removed
            3 join w1 1
            3 ask w1 1
            4 gone w1 w1 was removed
            5 join w1 1
            5 ask w1 1
            6 return a#4 w1 drains
            7 ask w1 1
            8 error a#5 the loss is not finite
            8 why
            9 ask w1 1
            10 retry Lost
            11 retry Failed
            11 ask w1 1
            12 error a#6 the loss is not finite
            12 ask w1 1
            13 gone w1 w1 was removed
            14 join w1 1
            14 ask w1 1
            15 gone w1 w1 was removed
            16 join w1 1
            16 ask w1 1
            17 gone w1 w1 was removed
            17 why
            """
        );

    [Fact]
    public void A_worker_that_says_it_goes_costs_its_trials_nothing_even_where_the_order_never_reached_it() =>
        Verify(
            "farewell",
            trials: 2,
            epochs: 1,
            """
            0 join w1 2
            0 ask w1 2
            1 return a#1 stopped
            1 leave w1 the worker has left
            2 join w2 1
            2 ask w2 1
            # A farewell that comes late, after a worker of that name has joined again.
            3 join w1 1
            3 ask w1 1
            4 leave w1 the worker has left
            5 beat w1 b#2
            5 ask w2 1
            """
        );

    [Fact]
    public void A_restart_gives_open_leases_their_full_time_and_a_resumed_run_ends_them_at_no_cost() =>
        Verify(
            "restart",
            trials: 3,
            epochs: 2,
            """
            0 join w1 3
            0 ask w1 2
            1 epoch a#1 1
            # The orchestrator is away for an hour; the worker is not.
            4000 restart
            4000 why
            4000 tick
            4000 why
            4001 epoch a#1 2
            4001 finish a#1
            # w1 has not joined this orchestrator yet.
            4002 ask w1 3
            4003 join w1 3
            4003 ask w1 2
            4004 restart
            4004 resume
            4005 join w2 1
            4005 ask w2 1
            """
        );

    [Fact]
    public void A_report_that_skips_is_not_recorded_and_the_worker_is_asked_for_what_is_missing() =>
        Verify(
            "gap",
            trials: 1,
            epochs: 3,
            """
            0 join w1 1
            0 ask w1 1
            1 epoch a#1 2
            2 finish a#1
            3 epoch a#1 1
            3 epoch a#1 2
            4 finish a#1
            5 nan a#1 3
            5 finish a#1
            """
        );

    [Fact]
    public void A_draining_sweep_assigns_nothing_more() =>
        Verify(
            "drain",
            trials: 3,
            epochs: 1,
            """
            0 join w1 1
            0 ask w1 1
            1 drain
            1 drain
            2 return a#1 w1 drains
            2 why
            3 join w2 1
            3 ask w2 1
            4 restart
            5 join w2 1
            5 ask w2 1
            """
        );

    [Fact]
    public void An_assignment_that_did_not_reach_its_worker_goes_out_again() =>
        Verify(
            "lost_assignment",
            trials: 3,
            epochs: 1,
            """
            0 join w1 2
            0 ask w1 2
            # As far as w1 knows, all its slots are free. At first the answer may still be under way.
            5 ask w1 2
            20 ask w1 2
            21 beat w1 a#1
            22 ask w1 1
            """
        );

    [Fact]
    public void An_attempt_that_takes_too_long_fails_though_its_worker_is_heard_of() =>
        Verify(
            "timeout",
            trials: 1,
            epochs: 2,
            """
            0 join w1 1
            0 ask w1 1
            50 beat w1 a#1
            90 beat w1 a#1
            100 why
            119 tick
            120 tick
            121 epoch a#1 1
            """,
            Samples.Run with
            {
                Timeout = TimeSpan.FromSeconds(120),
            }
        );

    [Fact]
    public void Nonsense_is_answered_and_harms_nothing() =>
        Verify(
            "nonsense",
            trials: 2,
            epochs: 2,
            """
            0 epoch a#1 1
            0 finish a#0
            0 beat w1 a#1 z#1
            0 error z#1 no such trial
            0 ask w1 1
            0 join w1 1
            0 ask w1 -3
            0 ask w1 1000000
            # Another worker's lease.
            1 join w2 1
            1 beat w2 a#1
            1 leave w9 never seen
            2 leave w2 it goes
            2 epoch a#1 3
            3 join w1 0
            3 ask w1 1
            3 retry Completed
            3 retry Running
            # The clock steps back: the machine's does not.
            4 join w1 2
            4 ask w1 1
            2 ask w1 1
            2 why
            """
        );

    [Fact]
    public void An_ending_is_answered_as_often_as_it_is_told() =>
        Verify(
            "acknowledged",
            trials: 2,
            epochs: 1,
            """
            0 join w1 2
            0 ask w1 2
            1 epoch a#1 1
            # The acknowledgement is lost: the worker says it again, with a heartbeat that names what it still holds.
            2 finish a#1
            20 beat w1 a#1 b#1
            20 finish a#1
            # An error that is told again after the next attempt has begun: the worker may forget the first.
            21 error b#1 the loss is not finite
            22 ask w1 1
            23 error b#1 the loss is not finite
            """
        );

    [Fact]
    public void A_worker_without_the_data_gets_no_such_trial_until_it_joins_anew() =>
        Verify(
            "data_missing",
            trials: 2,
            epochs: 1,
            """
            0 join w1 2
            0 ask w1 2
            1 lacks w1 a#1 d1
            1 lacks w1 b#1 d1
            2 why
            2 ask w1 2
            # Another one has it.
            3 join w2 1
            3 why
            3 ask w2 1
            # Data that the trial does not need is none of its business.
            4 lacks w2 a#2 d9
            5 ask w2 1
            6 join w1 2
            6 ask w1 2
            """
        );

    [Fact]
    public void A_worker_of_which_nothing_is_heard_for_the_length_of_a_lease_is_gone_until_it_joins_again() =>
        Verify(
            "silent_worker",
            trials: 1,
            epochs: 1,
            """
            0 why
            0 ask w1 1
            0 join w1 1
            0 join w2 1
            0 why
            30 beat w2
            60 tick
            61 ask w1 1
            89 ask w2 1
            90 gone w2 w2 was removed
            90 tick
            90 why
            91 join w1 1
            91 ask w1 1
            """
        );

    [Fact]
    public void A_paused_sweep_assigns_nothing_until_it_is_continued_and_stays_paused_over_a_restart() =>
        Verify(
            "pause",
            trials: 2,
            epochs: 1,
            """
            0 join w1 2
            0 ask w1 1
            1 pause
            1 pause
            2 ask w1 1
            2 why
            # What runs, runs to its end.
            3 epoch a#1 1
            3 finish a#1
            4 restart
            5 join w1 2
            5 ask w1 2
            6 continue
            6 continue
            6 ask w1 2
            """
        );

    [Fact]
    public void What_is_cancelled_ends_at_once_and_may_be_retried() =>
        Verify(
            "cancel",
            trials: 3,
            epochs: 2,
            """
            0 join w1 2
            0 ask w1 2
            1 epoch a#1 1
            2 cancel a c z
            2 cancel a
            # The worker has not heard of it yet.
            3 epoch a#1 2
            3 finish a#1
            3 beat w1 a#1 b#1
            4 why
            5 cancel b
            6 ask w1 2
            7 restart
            8 retry Cancelled
            8 join w1 1
            8 ask w1 1
            9 epoch a#2 1
            """
        );

    [Fact]
    public void What_no_training_can_have_given_fails_the_attempt_and_its_worker_waits_while_others_are_there() =>
        Verify(
            "refused",
            trials: 4,
            epochs: 2,
            """
            0 join w1 1
            0 ask w1 1
            1 nan a#1 1
            # Nobody else is there: it is given work all the same.
            2 ask w1 1
            3 epoch a#2 1
            4 join w2 2
            5 ask w2 1
            # An epoch that is recorded already is looked at too.
            6 nan a#2 1
            7 ask w1 1
            8 ask w2 1
            # Ten leases later it is trusted again.
            70 beat w1
            120 beat w1
            606 join w1 1
            606 ask w1 1
            """,
            Samples.Run with
            {
                Timeout = TimeSpan.FromHours(9),
            }
        );

    [Fact]
    public void Nobody_but_the_holder_of_a_lease_is_believed() =>
        Verify(
            "impostor",
            trials: 2,
            epochs: 1,
            """
            0 join w1 1
            0 ask w1 1
            0 join w2 1
            0 ask w2 1
            1 w2: epoch a#1 1
            1 w2: finish a#1
            1 w2: error a#1 it is broken
            1 w2: return a#1 I do not want it
            2 w9: error a#1 who am I?
            3 epoch a#1 1
            3 finish a#1
            4 w2: finish a#1
            4 finish a#1
            """
        );

    private static void Verify(string name, int trials, int epochs, string script, RunSettings? settings = null) =>
        Snapshot.Match(Transcript.Play(Samples.Plan(trials, epochs), script, settings), "Transcripts/" + name);
}
