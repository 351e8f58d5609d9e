using Rouser.Sweeps;
using Rouser.Testing;

namespace Rouser.Coordination.Tests;

public class TrialSelectionTests
{
    private static readonly Plan Plan = Samples.Plan(trials: 3, epochs: 1) with
    {
        Cells = [Cell("x", 0), Cell("x", 1), Cell("y", 1), Cell("y", 2)],
    };

    [Fact]
    public void An_arm_s_trials_are_those_that_no_other_arm_wants()
    {
        Assert.Equal([Samples.Id(0)], TrialSelection.OfArm(Plan, "x").Value);
        Assert.Equal([Samples.Id(2)], TrialSelection.OfArm(Plan, "y").Value);
    }

    [Fact]
    public void A_trial_is_named_by_the_start_of_its_identity()
    {
        Assert.Equal(Samples.Id(1), TrialSelection.OfName(Plan, "bb").Value);
        Assert.Equal(
            "the plan has no trial 'q'; rouser status --why names them",
            TrialSelection.OfName(Plan, "q").Errors[0].Message
        );
        Assert.Equal("several trials start with ''; give more of its digits", TrialSelection.OfName(Plan, "").Errors[0].Message);
        Assert.Equal("the sweep has no arm 'z'", TrialSelection.OfArm(Plan, "z").Errors[0].Message);
    }

    private static Cell Cell(string arm, int place) => new("study", arm, "", 0, Samples.Id(place));
}
