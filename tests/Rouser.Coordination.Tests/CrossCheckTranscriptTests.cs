using Rouser.Sweeps;
using Rouser.Testing;

namespace Rouser.Coordination.Tests;

/// <summary>Stories of second trainings and of alarms, to be read in Transcripts/*.verified.txt.</summary>
public class CrossCheckTranscriptTests
{
    [Fact]
    public void An_epoch_told_again_with_other_numbers_is_an_alarm_that_names_both_workers() =>
        Verify(
            "alarm",
            trials: 1,
            epochs: 3,
            """
            0 join w1 1
            0 ask w1 1
            1 epoch a#1 1
            1 epoch a#1 1
            2 gone w1 its node died
            3 join w2 1
            3 ask w2 1
            4 other a#2 1
            4 why
            # Once is enough.
            5 other a#2 1
            5 restart
            6 epoch a#2 2
            6 why
            """
        );

    [Fact]
    public void A_second_worker_trains_a_checked_trial_from_the_start_to_the_same_numbers() =>
        Verify(
            "cross_check",
            trials: 1,
            epochs: 2,
            """
            0 join w1 1
            0 ask w1 1
            1 epoch a#1 1
            2 epoch a#1 2
            2 finish a#1
            # Not by the one that trained it.
            3 ask w1 1
            4 join w2 1
            4 ask w2 1
            5 epoch a#2 1
            # A restart knows that the check runs, and not how far it is.
            6 restart
            7 epoch a#2 2
            7 epoch a#2 1
            7 epoch a#2 2
            8 finish a#2
            9 finish a#2
            """,
            Checked
        );

    [Fact]
    public void A_check_that_gives_other_numbers_is_an_alarm_and_the_result_stays() =>
        Verify(
            "cross_check_alarm",
            trials: 2,
            epochs: 2,
            """
            0 join w1 2
            0 ask w1 2
            1 epoch a#1 1
            2 epoch a#1 2
            2 finish a#1
            3 epoch b#1 1
            4 epoch b#1 2
            4 finish b#1
            5 join w2 2
            5 ask w2 2
            6 epoch a#2 1
            6 epoch b#2 1
            7 other a#2 2
            7 finish a#2
            8 error b#2 the loss is not finite
            9 ask w2 1
            10 gone w2 its node died
            11 join w3 1
            11 ask w3 1
            12 return b#4 stopped
            12 ask w3 1
            13 nan b#5 1
            14 ask w3 1
            14 why
            """,
            Checked with
            {
                LostRetries = 2,
            }
        );

    [Fact]
    public void A_sweep_waits_for_a_second_worker_no_longer_than_a_lease() =>
        Verify(
            "cross_check_alone",
            trials: 1,
            epochs: 1,
            """
            0 join w1 1
            0 ask w1 1
            1 epoch a#1 1
            1 finish a#1
            2 tick
            30 ask w1 1
            61 tick
            62 tick
            63 ask w1 1
            """,
            Checked
        );

    private static readonly RunSettings Checked = Samples.Run with { CrossCheck = 1 };

    private static void Verify(string name, int trials, int epochs, string script, RunSettings? settings = null) =>
        Snapshot.Match(Transcript.Play(Samples.Plan(trials, epochs), script, settings), "Transcripts/" + name);
}
