using Rouser.Coordination;
using Rouser.Reports.Model;
using Rouser.Reports.Paper;
using Rouser.Reports.Tests.Fixtures;

namespace Rouser.Reports.Tests.Paper;

/// <summary>What is said of the paper before anything is trained.</summary>
public sealed class PaperProspectTests
{
    private const string Low = "threshold.init=0.25 surrogate.tau=3 surrogate.scale=3";

    [Fact]
    public void What_can_be_decided_is_said_before_anything_is_trained()
    {
        // t(0.975, 4) + t(0.8, 4) = 2.776 + 0.941; by √5 it is 1.66.
        string[] said = [.. Prospect(seeds: 5, epochs: 10, "dataset.train_samples=1600")];
        Assert.Contains(
            "5 pairs of seeds find a difference of 1.7 of its standard deviations in 80 % of cases",
            said[1],
            StringComparison.Ordinal
        );
        Assert.StartsWith("none of ", said[2], StringComparison.Ordinal);
        Assert.EndsWith(
            " printed numbers can be tested: saccade-digits, synthetic, in place of N-MNIST; 1,600 of 60,000 training samples",
            said[2],
            StringComparison.Ordinal
        );
        // Six epochs for twenty.
        Assert.Equal("statements that need more epochs than are trained, and cannot be tested: 1", said[3]);
    }

    [Fact]
    public void Too_few_seeds_are_said_to_decide_nothing() =>
        Assert.Contains(
            Prospect(seeds: 2, epochs: 20, "dataset.train_samples=1600"),
            line => line.EndsWith("comparisons stay undecided: 2 pairs of seeds are too few", StringComparison.Ordinal)
        );

    [Fact]
    public void A_plan_without_a_row_of_the_paper_says_nothing_of_it() =>
        Assert.Empty(Prospect(seeds: 5, epochs: 10, "dataset.name=own-recordings"));

    private static IReadOnlyList<string> Prospect(int seeds, int epochs, string data)
    {
        RunTables run = new();
        foreach (string arm in (string[])["slayer", "rouser"])
        {
            for (int seed = 0; seed < seeds; seed++)
                run.Add(
                    new FixtureTrial(arm, $"{Low} epochs={epochs} {data}", seed, [])
                    {
                        State = TrialState.Queued,
                        Synthetic = true,
                    }
                );
        }
        return new PaperReport().Prospect(ReportModel.From(run.Build()).Value);
    }
}
