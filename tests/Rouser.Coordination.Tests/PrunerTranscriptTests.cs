using Rouser.Sweeps;
using Rouser.Sweeps.Pruners;
using Rouser.Testing;

namespace Rouser.Coordination.Tests;

/// <summary>Stories of pruned trials, to be read in Transcripts/*.verified.txt.</summary>
public class PrunerTranscriptTests
{
    // Of the sample trials a later one measures more in each epoch: a 0.5, b 0.67, c 0.75, d 0.8, e 0.83 after the
    // first.
    [Fact]
    public void The_median_pruner_ends_what_is_below_the_median_of_enough_others() =>
        Verify(
            "median",
            trials: 5,
            epochs: 3,
            """
            0 join w1 5
            0 ask w1 5
            1 epoch e#1 1
            1 epoch d#1 1
            2 epoch c#1 1
            3 epoch c#1 2
            4 epoch b#1 1
            4 beat w1 b#1
            5 why
            6 restart
            7 epoch a#1 1
            # The last epoch is not judged: the trial costs nothing more.
            8 epoch c#1 2
            9 epoch c#1 3
            9 finish c#1
            """,
            Samples.Run with
            {
                Pruner = new PrunerSettings(new MedianPruner(MinEpochs: 1, MinTrials: 3), ValidationMetric.Accuracy),
            }
        );

    [Fact]
    public void Successive_halving_lets_the_best_of_a_rung_go_on() =>
        Verify(
            "successive_halving",
            trials: 6,
            epochs: 5,
            """
            0 join w1 6
            0 ask w1 6
            # Rungs are after 2 and 4 epochs; the first at a rung goes on, whatever it measured.
            1 epoch a#1 1
            1 epoch a#1 2
            2 epoch c#1 1
            2 epoch c#1 2
            3 epoch b#1 1
            3 epoch b#1 2
            4 restart
            4 epoch c#1 3
            4 epoch c#1 4
            5 epoch e#1 1
            5 epoch e#1 2
            6 epoch d#1 1
            6 epoch d#1 2
            """,
            Samples.Run with
            {
                Pruner = new PrunerSettings(
                    new SuccessiveHalvingPruner(MinEpochs: 2, ReductionFactor: 2),
                    ValidationMetric.Accuracy
                ),
            }
        );

    private static void Verify(string name, int trials, int epochs, string script, RunSettings? settings = null) =>
        Snapshot.Match(Transcript.Play(Samples.Plan(trials, epochs), script, settings), "Transcripts/" + name);
}
