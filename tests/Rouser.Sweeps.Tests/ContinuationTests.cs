using System.Globalization;

namespace Rouser.Sweeps.Tests;

/// <summary>Which trials ask for more epochs of what has been trained.</summary>
public class ContinuationTests
{
    [Fact]
    public void A_trial_goes_on_from_the_longest_shorter_one_that_has_a_result()
    {
        Dictionary<TrialId, int> completed = Completed(PlanOf(4), PlanOf(8), PlanOf(20));
        IReadOnlyList<Continuation> found = Continuation.Find(PlanOf(12).Trials, completed);
        Assert.Equal(PlanOf(12).Trials.Select(t => t.Id), found.Select(c => c.Trial.Id));
        Assert.Equal(PlanOf(8).Trials.Select(t => t.Id), found.Select(c => c.From));
        Assert.All(found, c => Assert.Equal((8, null), (c.Epochs, c.Differs)));
    }

    [Theory]
    [InlineData("threshold.init: 0.5")]
    [InlineData("batch_size: 3")]
    [InlineData("optimizer.schedule: step")]
    public void Another_method_is_not_gone_on_from(string change) =>
        Assert.Empty(Continuation.Find(PlanOf(12, change).Trials, Completed(PlanOf(8))));

    [Theory]
    [InlineData("constant", false)]
    [InlineData("step", false)]
    [InlineData("cosine", true)]
    [InlineData("one_cycle", true)]
    public void A_schedule_that_asks_for_the_number_of_epochs_keeps_a_trial_from_it(string schedule, bool depends)
    {
        string set = $"optimizer.schedule: {schedule}";
        IReadOnlyList<Continuation> found = Continuation.Find(PlanOf(12, set).Trials, Completed(PlanOf(8, set)));
        Assert.Equal(2, found.Count);
        Assert.All(
            found,
            c => Assert.Equal(depends ? $"optimizer.schedule: {schedule} depends on the number of epochs" : null, c.Differs)
        );
    }

    [Fact]
    public void Of_a_word_between_programs_the_same_models_are_kept()
    {
        KeptModels[] all =
        [
            KeptModels.None,
            KeptModels.Last,
            KeptModels.All,
            KeptModels.Best(ValidationMetric.Accuracy),
            KeptModels.Best(ValidationMetric.Loss),
        ];
        Assert.Equal(all, all.Select(kept => KeptModels.Find(kept.Word)));
        Assert.Null(KeptModels.Find("best:test_accuracy"));
        Assert.Null(KeptModels.Find("best"));
    }

    private static Dictionary<TrialId, int> Completed(params Plan[] plans) =>
        plans.SelectMany(plan => plan.Trials).ToDictionary(t => t.Id, t => t.Settings.Epochs);

    private static Plan PlanOf(int epochs, string more = "")
    {
        string yaml = string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            schema: rouser/sweep/v1
            name: x
            base:
              dataset.name: saccade-digits
              epochs: {{epochs}}
              {{more}}
            seeds: [0, 1]
            """
        );
        SweepSpec spec = SpecReader.Read("x.yaml", yaml, []).Value;
        return Planner.Create(spec, _ => "d1", kind => $"{kind}/1").Value;
    }
}
